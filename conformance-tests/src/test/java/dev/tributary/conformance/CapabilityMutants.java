package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Subscription;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Wrong transports that declare what they cannot do, or can do what they do not declare. */
final class CapabilityMutants {

    private CapabilityMutants() {}

    static List<Mutant> plain() {
        return List.of(
                Mutant.of("gives no checkpoint, and declares that it resumes", Law.RECONNECT_RESUMES)
                        .session(() -> new BentSession() {
                            @Override
                            @Nullable
                            Checkpoint checkpoint(Subscription subscription, @Nullable Checkpoint checkpoint) {
                                return null;
                            }
                        }),
                Mutant.of("declares OLD_VALUES and tells none", Law.OLD_VALUES_COME)
                        .declares(Capability.OLD_VALUES),
                Mutant.of("declares PRESENCE and shows nobody", Law.PRESENCE_IS_SEEN)
                        .declares(Capability.PRESENCE),
                Mutant.of("declares EVENTS and drops them", Law.EVENTS_PASS).session(() -> new BentSession() {
                    @Override
                    void event(Draft draft, Object event) {}
                }),
                Mutant.of("tells deletes as events, and declares no EVENTS", Law.NO_EVENTS)
                        .hides(Capability.EVENTS)
                        .session(() -> new BentSession() {
                            @Override
                            void apply(Draft draft, Edit edit) {
                                if (!edit.isPut()) {
                                    draft.event("deleted");
                                }
                                super.apply(draft, edit);
                            }
                        }),
                Mutant.of("passes events, and does not declare EVENTS", Law.NO_EVENTS)
                        .hides(Capability.EVENTS),
                Mutant.of("writes, and does not declare WRITES", Law.NO_WRITES)
                        .writing()
                        .hides(Capability.WRITES),
                Mutant.of("shows who is present, and does not declare PRESENCE", Law.NO_PRESENCE)
                        .world(world -> new BentWorld(world) {
                            @Override
                            public boolean isPresenceSeen(SyncSource source) {
                                return true;
                            }
                        }),
                Mutant.of("has transactions, and does not declare TRANSACTIONS", Law.NO_TRANSACTIONS)
                        .hides(Capability.TRANSACTIONS),
                Mutant.of("commits views together, and does not declare ATOMIC_ACROSS_VIEWS", Law.NO_ONE_INSTANT)
                        .hides(Capability.ATOMIC_ACROSS_VIEWS),
                Mutant.of("resumes, and does not declare RESUME", Law.NO_RESUME).hides(Capability.RESUME),
                Mutant.of("resumes after a restart, and does not declare it", Law.NO_RESTART_RESUME)
                        .hides(Capability.RESUME_AFTER_RESTART),
                Mutant.of("tells old values, and does not declare them", Law.NO_OLD_VALUES)
                        .session(() -> new BentSession() {
                            private final List<Row> known = new ArrayList<>();

                            @Override
                            void apply(Draft draft, Edit edit) {
                                Row before = known.stream()
                                        .filter(row -> row.sameKey(edit.row()))
                                        .findFirst()
                                        .orElse(null);
                                known.remove(before);
                                if (edit.isPut()) {
                                    known.add(edit.row());
                                }
                                if (edit.isPut() && before != null) {
                                    draft.patch(edit.row(), before);
                                } else {
                                    super.apply(draft, edit);
                                }
                            }
                        }),
                Mutant.of("declares PARTIAL_UPDATES and tells whole rows", Law.PARTIAL_UPDATES_COME)
                        .declares(Capability.PARTIAL_UPDATES),
                Mutant.of("tells partial updates, and does not declare them", Law.NO_PARTIAL_UPDATES)
                        .session(PartialSession::new),
                Mutant.of("loses what changed from a partial update", Law.PARTIAL_UPDATES_COME)
                        .declares(Capability.PARTIAL_UPDATES)
                        .session(() -> new PartialSession() {
                            @Override
                            List<Row> partial(Row before, Row after) {
                                return List.of(only(after, column -> false));
                            }
                        }),
                Mutant.of("tells once more in an update what did not change", Law.PARTIAL_UPDATES_COME)
                        .declares(Capability.PARTIAL_UPDATES)
                        .session(() -> new PartialSession() {
                            @Override
                            List<Row> partial(Row before, Row after) {
                                int note = after.schema().indexOf("note");
                                List<Row> all = new ArrayList<>(super.partial(before, after));
                                all.add(only(after, column -> column == note));
                                return all;
                            }
                        }),
                Mutant.of("puts a partial row into a view, where it should patch", Law.PARTIAL_UPDATES_COME)
                        .declares(Capability.PARTIAL_UPDATES)
                        .session(() -> new PartialSession() {
                            @Override
                            void apply(Draft draft, Edit edit) {
                                if (edit.isPut() && draft.get(edit.row()) != null) {
                                    draft.put(edit.row());
                                } else {
                                    super.apply(draft, edit);
                                }
                            }
                        }),
                Mutant.of("declares LOSSLESS over a server that loses", Law.LOSSLESS_HAS_NO_LOSS)
                        .lossy()
                        .declares(Capability.LOSSLESS));
    }
}
