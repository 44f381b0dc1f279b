package dev.tributary.driftdb;

import dev.tributary.ConnectionException;
import dev.tributary.ProtocolException;
import dev.tributary.SyncException;
import dev.tributary.http.Exchanges;
import dev.tributary.spi.Call;
import dev.tributary.spi.Head;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Output;
import java.net.URI;
import java.util.function.UnaryOperator;

/** Makes rooms and looks them up. */
final class RoomFinder {

    /** Who wants a room; hears one of the two, once. */
    interface Finding {

        void found(Room room, Output out);

        /** @param status of the answer; 0 when there was none */
        void failed(int status, SyncException reason, Output out);
    }

    private final RoomAddress address;
    private final Targets targets;
    private final Exchanges exchanges;
    private final UnaryOperator<URI> rewrite;

    RoomFinder(RoomAddress address, Targets targets, Exchanges exchanges, UnaryOperator<URI> rewrite) {
        this.address = address;
        this.targets = targets;
        this.exchanges = exchanges;
        this.rewrite = rewrite;
    }

    void find(String id, Finding finding, Output out) {
        ask(targets.findRoom(id), finding, out);
    }

    void create(Finding finding, Output out) {
        ask(targets.newRoom(), finding, out);
    }

    /** Answers a call with the room. */
    Finding answering(Call call) {
        return new Finding() {
            @Override
            public void found(Room room, Output out) {
                out.reply(call, room);
            }

            @Override
            public void failed(int status, SyncException reason, Output out) {
                out.refuse(call, reason);
            }
        };
    }

    private void ask(HttpTarget target, Finding finding, Output out) {
        exchanges.begin(
                target,
                new Exchanges.Answer() {
                    @Override
                    public void answered(Head head, byte[] body, Output then) {
                        int status = head.status();
                        if (!Statuses.isGood(status)) {
                            finding.failed(status, Statuses.refusal(head, body, then.now()), then);
                            return;
                        }
                        Room room;
                        try {
                            room = RoomDescription.read(body, address, rewrite);
                        } catch (ProtocolException e) {
                            finding.failed(status, e, then);
                            return;
                        }
                        finding.found(room, then);
                    }

                    @Override
                    public void failed(SyncException reason, Output then) {
                        finding.failed(0, new ConnectionException("the room could not be asked for", reason), then);
                    }
                },
                out);
    }
}
