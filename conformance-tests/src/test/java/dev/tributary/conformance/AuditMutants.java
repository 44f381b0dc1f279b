package dev.tributary.conformance;

import dev.tributary.RowSchema;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Wrong transports over a server that loses: their audits find too little, or they call verified what is not. */
final class AuditMutants {

    private AuditMutants() {}

    /** They look right in every situation that an example shows. */
    static List<Mutant> subtle() {
        return List.of(
                Mutant.of("calls a view verified that went on after a reconnect", Law.VERIFIED_TRUTHFULLY)
                        .lossy()
                        .session(() -> new BentSession() {
                            private boolean resumed;

                            @Override
                            public void subscribe(Subscription subscription, Output out) {
                                resumed |= subscription.resume() != null;
                                super.subscribe(subscription, out);
                            }

                            @Override
                            boolean verified(boolean whole) {
                                return whole || resumed;
                            }
                        }),
                Mutant.of("stops its audits after a reconnect", Law.SETTLES_VERIFIED)
                        .lossy()
                        .session(() -> new BentSession() {
                            @Override
                            public void timer(Object tag, Output out) {
                                if (number < 3) {
                                    super.timer(tag, out);
                                }
                            }
                        }),
                Mutant.of("keeps what it had from its second audit on", Law.VERIFIED_TRUTHFULLY)
                        .lossy()
                        .sessions(() -> {
                            Map<String, Integer> resets = new HashMap<>();
                            return () -> new BentSession() {
                                @Override
                                void replaceAll(Subscription subscription, Output out, Draft draft, RowSchema schema) {
                                    int count =
                                            resets.merge(subscription.query().name(), 1, Integer::sum);
                                    if (draft.schema() == null || count < 2) {
                                        super.replaceAll(subscription, out, draft, schema);
                                    } else {
                                        draft.verified(true);
                                    }
                                }
                            };
                        }));
    }

    static List<Mutant> plain() {
        return List.of(
                Mutant.of("never says that its audit found all", Law.SETTLES_VERIFIED)
                        .lossy()
                        .session(() -> new BentSession() {
                            @Override
                            void replaceAll(Subscription subscription, Output out, Draft draft, RowSchema schema) {
                                super.replaceAll(subscription, out, draft, schema);
                                draft.verified(false);
                            }
                        }),
                Mutant.of("audits, and keeps what it had", Law.AUDIT_FINDS)
                        .lossy()
                        .session(() -> new BentSession() {
                            private final Set<Subscription> kept = new HashSet<>();

                            @Override
                            void replaceAll(Subscription subscription, Output out, Draft draft, RowSchema schema) {
                                if (draft.schema() == null) {
                                    super.replaceAll(subscription, out, draft, schema);
                                } else {
                                    kept.add(subscription);
                                }
                            }

                            @Override
                            List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
                                return kept.remove(subscription) ? List.of() : edits;
                            }
                        }),
                Mutant.of("calls everything verified", Law.VERIFIED_TRUTHFULLY)
                        .lossy()
                        .session(() -> new BentSession() {
                            @Override
                            boolean verified(boolean whole) {
                                return true;
                            }
                        }));
    }
}
