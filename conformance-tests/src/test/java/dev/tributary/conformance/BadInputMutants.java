package dev.tributary.conformance;

import dev.tributary.ProtocolException;
import dev.tributary.RowSchema;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Wire;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Wrong transports that do not bear input that they cannot read. */
final class BadInputMutants {

    private BadInputMutants() {}

    static List<Mutant> plain() {
        return List.of(
                Mutant.of("skips what it cannot read", Law.BAD_INPUT_IS_TOLD).session(() -> new BentSession() {
                    @Override
                    public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
                        try {
                            super.data(wire, kind, bytes, last, out);
                        } catch (ProtocolException e) {
                            open.clear();
                        }
                    }
                }),
                Mutant.of("ends with whatever its parser threw", Law.BAD_INPUT_IS_TYPED)
                        .session(() -> new BentSession() {
                            @Override
                            public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
                                try {
                                    super.data(wire, kind, bytes, last, out);
                                } catch (ProtocolException e) {
                                    out.end(Ending.retry(new IndexOutOfBoundsException("7 of 3")));
                                }
                            }
                        }),
                Mutant.of("empties the view on bad input", Law.BAD_INPUT_KEEPS_ROWS)
                        .session(() -> new BentSession() {
                            private final Set<Subscription> served = new HashSet<>();

                            @Override
                            void upToDate(Output out, Subscription subscription) {
                                served.add(subscription);
                                super.upToDate(out, subscription);
                            }

                            @Override
                            public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
                                try {
                                    super.data(wire, kind, bytes, last, out);
                                } catch (ProtocolException e) {
                                    for (Subscription subscription : served) {
                                        RowSchema schema =
                                                out.draft(subscription).schema();
                                        out.draft(subscription).replaceAll(schema);
                                        out.commit(List.of(subscription), null);
                                    }
                                    throw e;
                                }
                            }
                        }));
    }
}
