package dev.tributary.driftdb;

import dev.tributary.SyncException;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.WireEnd;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The way into a room: finds it, and says what it means when its socket does not open. */
final class Entrance {

    /** Goes on where the way ends. */
    interface End {

        /** The server knows the room. */
        void found(Room room, Output out);

        /** There is no way in for this session. */
        void refused(Ending why, Output out);
    }

    private final boolean authenticated;
    private final boolean derives;
    private final SourceMemory memory;
    private final RoomAddress address;
    private final RoomFinder finder;
    private final End end;

    Entrance(SessionContext context, SourceMemory memory, RoomAddress address, RoomFinder finder, End end) {
        this.authenticated = context.authenticated();
        this.derives = context.options().get(DriftDbOptions.DERIVE, false);
        this.memory = memory;
        this.address = address;
        this.finder = finder;
        this.end = end;
    }

    /** The room, where nobody has to be asked for it; null where the server must be. */
    @Nullable
    Room known(String id) {
        if (memory.room == null && derives) {
            memory.room = address.derived(id);
        }
        return memory.room;
    }

    /** Asks the server for the room. */
    void find(String id, Output out) {
        finder.find(
                id,
                new RoomFinder.Finding() {
                    @Override
                    public void found(Room room, Output then) {
                        end.found(room, then);
                    }

                    @Override
                    public void failed(int status, SyncException reason, Output then) {
                        end.refused(notFound(status, reason), then);
                    }
                },
                out);
    }

    private Ending notFound(int status, SyncException reason) {
        if (reason instanceof RoomNotFoundException) {
            return Ending.gone(reason);
        }
        if (Statuses.isCredential(status) && authenticated) {
            return Ending.reauthenticate(reason);
        }
        boolean passing = status == 0 || Statuses.isGood(status) || Statuses.isPassing(status);
        return passing ? Ending.retry(reason) : Ending.rejected(reason);
    }

    /** The server answered the upgrade with this status. */
    void refused(int status, Duration wait, Output out) {
        end.refused(refusedUpgrade(status, wait), out);
    }

    private Ending refusedUpgrade(int status, Duration wait) {
        DriftDbException refusal = new DriftDbException(status, "the upgrade to a WebSocket was refused", wait);
        if (Statuses.isCredential(status) && authenticated) {
            return Ending.reauthenticate(refusal);
        }
        return Statuses.isPassing(status) ? Ending.retry(refusal) : Ending.rejected(refusal);
    }

    /** An upgrade without any answer is how a server says that it does not know the room. */
    void closed(WireEnd why, Output out) {
        String id = address.id();
        boolean unanswered = why.kind() == WireEnd.Kind.BROKEN
                || why.kind() == WireEnd.Kind.CLOSED
                || why.kind() == WireEnd.Kind.COMPLETE
                || why.kind() == WireEnd.Kind.MALFORMED;
        if (!unanswered || id == null) {
            end.refused(Ending.retry(why.asException()), out);
            return;
        }
        finder.find(
                id,
                new RoomFinder.Finding() {
                    @Override
                    public void found(Room room, Output then) {
                        if (!derives) {
                            memory.room = room;
                        }
                        end.refused(Ending.retry(why.asException()), then);
                    }

                    @Override
                    public void failed(int status, SyncException reason, Output then) {
                        end.refused(
                                reason instanceof RoomNotFoundException
                                        ? Ending.gone(reason)
                                        : Ending.retry(why.asException()),
                                then);
                    }
                },
                out);
    }
}
