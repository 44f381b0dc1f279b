package dev.tributary.conformance;

import dev.tributary.Credential;
import dev.tributary.spi.Output;
import dev.tributary.spi.Target;
import dev.tributary.spi.WebSocketTarget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Wrong transports that keep credentials, or show them. */
final class CredentialMutants {

    private static final System.Logger LOG = System.getLogger("dev.tributary");

    private CredentialMutants() {}

    static List<Mutant> plain() {
        return List.of(
                Mutant.of("asks for credentials once", Law.ASKED_EACH_TIME).sessions(() -> {
                    Credential[] first = new Credential[1];
                    return () -> new BentSession() {
                        @Override
                        void askCredential(Output out, @Nullable Throwable refusal) {
                            if (first[0] == null) {
                                out.credential(refusal);
                            } else {
                                right.credential(first[0], new BentOutput(out));
                            }
                        }

                        @Override
                        public void credential(Credential credential, Output out) {
                            first[0] = credential;
                            super.credential(credential, out);
                        }
                    };
                }),
                Mutant.of("keeps the first credentials", Law.REFUSED_ARE_DROPPED)
                        .sessions(() -> {
                            Credential[] first = new Credential[1];
                            return () -> new BentSession() {
                                @Override
                                public void credential(Credential credential, Output out) {
                                    first[0] = first[0] == null ? credential : first[0];
                                    super.credential(first[0], out);
                                }
                            };
                        }),
                Mutant.of("logs the token", Law.SECRETS_STAY_SECRET).session(() -> new BentSession() {
                    @Override
                    public void credential(Credential credential, Output out) {
                        LOG.log(
                                System.Logger.Level.DEBUG,
                                "authenticates with {0}",
                                credential.token().orElse("none"));
                        super.credential(credential, out);
                    }
                }),
                Mutant.of("shows the token in the address", Law.SECRETS_STAY_SECRET)
                        .session(() -> new BentSession() {
                            private String token = "";

                            @Override
                            public void credential(Credential credential, Output out) {
                                token = credential.token().orElse("");
                                super.credential(credential, out);
                            }

                            @Override
                            Target target(Target target) {
                                WebSocketTarget right = (WebSocketTarget) target;
                                return new WebSocketTarget(
                                        right.uri(),
                                        right.printable() + "?token=" + token,
                                        right.headers(),
                                        right.credentials(),
                                        right.subprotocols(),
                                        right.maxMessageBytes(),
                                        right.pingAfter(),
                                        right.deadlines());
                            }
                        }));
    }
}
