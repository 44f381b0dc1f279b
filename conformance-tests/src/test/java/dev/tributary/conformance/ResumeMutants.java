package dev.tributary.conformance;

import dev.tributary.Checkpoint;
import dev.tributary.ProtocolException;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Wire;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Wrong transports that do not know where they are: they go on from a wrong checkpoint, or are up to date too early. */
final class ResumeMutants {

    private ResumeMutants() {}

    /** They look right in every situation that an example shows. */
    static List<Mutant> subtle() {
        return List.of(
                Mutant.of("runs ahead with the checkpoint of a commit that deletes", Law.CHECKPOINT_NOT_AHEAD)
                        .session(() -> new BentSession() {
                            @Override
                            Checkpoint checkpoint(Subscription subscription, @Nullable Checkpoint checkpoint) {
                                List<Edit> edits = open.getOrDefault(subscription, List.of());
                                boolean deletes = edits.stream().anyMatch(edit -> !edit.isPut());
                                return deletes ? moved(checkpoint, 1) : checkpoint;
                            }
                        }),
                Mutant.of("lags behind with its checkpoint after a commit that deletes", Law.COMES_BACK)
                        .session(() -> new BentSession() {
                            @Override
                            Checkpoint checkpoint(Subscription subscription, @Nullable Checkpoint checkpoint) {
                                List<Edit> edits = open.getOrDefault(subscription, List.of());
                                boolean deletes = edits.stream().anyMatch(edit -> !edit.isPut());
                                return deletes && !replacing.contains(subscription)
                                        ? moved(checkpoint, -1)
                                        : checkpoint;
                            }

                            @Override
                            void apply(Draft draft, Edit edit) {
                                if (!edit.isPut() && draft.get(edit.row()) == null) {
                                    throw new ProtocolException("a row that is not there is removed");
                                }
                                super.apply(draft, edit);
                            }
                        }),
                Mutant.of("goes on from two commits ago after a change of a row", Law.SERVER_ORDER)
                        .session(() -> new BentSession() {
                            @Override
                            Checkpoint checkpoint(Subscription subscription, @Nullable Checkpoint checkpoint) {
                                boolean live = !replacing.contains(subscription) && !catchingUp.contains(subscription);
                                return live && open.containsKey(subscription) ? moved(checkpoint, -2) : checkpoint;
                            }
                        }),
                Mutant.of("says that an empty view is up to date when the wire opens", Law.LIVE_HAS_CONTENT)
                        .session(() -> new BentSession() {
                            private final Set<Subscription> fresh = new HashSet<>();

                            @Override
                            public void subscribe(Subscription subscription, Output out) {
                                if (subscription.resume() == null) {
                                    fresh.add(subscription);
                                }
                                super.subscribe(subscription, out);
                            }

                            @Override
                            public void opened(Wire wire, Head head, Output out) {
                                super.opened(wire, head, out);
                                if (head.status() == 101) {
                                    fresh.forEach(out::upToDate);
                                }
                            }
                        }));
    }

    /** The in-memory checkpoint, so many commits later. */
    private static @Nullable Checkpoint moved(@Nullable Checkpoint checkpoint, long by) {
        if (checkpoint == null) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(checkpoint.toBytes());
        long log = bytes.getLong();
        long number = Math.max(0, bytes.getLong() + by);
        return Checkpoint.of(
                ByteBuffer.allocate(16).putLong(log).putLong(number).array());
    }
}
