package dev.tributary.driftdb;

import dev.tributary.ConnectionException;
import dev.tributary.ProtocolException;
import dev.tributary.SyncException;
import dev.tributary.http.Exchanges;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a key retains, beside the live feed and without a subscription: over HTTP; where that fails or would spoil
 * values, since it is always JSON, over a socket that lives for one read. A server that asks to wait is not asked in
 * another way: the reader hears how long.
 */
final class Truths {

    private static final int MOST_AT_ONCE = 2;

    /** Who wanted to know; hears one of the two, once. */
    interface Reader {

        void read(List<Entry> entries, Output out);

        void failed(SyncException reason, Output out);
    }

    private record Ask(String key, long above, Encoding encoding, Reader reader) {}

    /** A socket that lives for one read. */
    private static final class Probe {

        private final Ask ask;
        private final Assembly assembly;

        Probe(Ask ask, long maxMessage) {
            this.ask = ask;
            this.assembly = new Assembly(maxMessage);
        }
    }

    private final Targets targets;
    private final Exchanges exchanges;
    private final Deque<Ask> waiting = new ArrayDeque<>();
    private final Map<Wire, Probe> probes = new IdentityHashMap<>();
    private @Nullable Room room;
    private int running;

    Truths(Targets targets, Exchanges exchanges) {
        this.targets = targets;
        this.exchanges = exchanges;
    }

    void room(Room found) {
        room = found;
    }

    /** @param encoding what the values must come as, to be the same as those of the live feed */
    void read(String key, long above, Encoding encoding, Reader reader, Output out) {
        waiting.add(new Ask(key, above, encoding, reader));
        next(out);
    }

    private void next(Output out) {
        while (running < MOST_AT_ONCE && !waiting.isEmpty() && room != null) {
            Ask ask = waiting.remove();
            running++;
            if (ask.encoding() == Encoding.CBOR) {
                probe(ask, room, out);
            } else {
                overHttp(ask, room, out);
            }
        }
    }

    private void overHttp(Ask ask, Room at, Output out) {
        byte[] body = MessageWriter.get(Encoding.JSON, ask.key(), ask.above());
        exchanges.begin(
                targets.message(at, body),
                new Exchanges.Answer() {
                    @Override
                    public void answered(Head head, byte[] answer, Output then) {
                        int status = head.status();
                        if (Statuses.isGood(status)) {
                            read(ask, answer, then);
                            return;
                        }
                        SyncException refusal = Statuses.refusal(head, answer, then.now());
                        boolean waits = !Statuses.retryAfter(refusal).isZero();
                        if (status == 404 || Statuses.isCredential(status) || waits) {
                            failed(ask, refusal, then);
                        } else {
                            probe(ask, at, then);
                        }
                    }

                    @Override
                    public void failed(SyncException reason, Output then) {
                        probe(ask, at, then);
                    }

                    private void failed(Ask failed, SyncException reason, Output then) {
                        Truths.this.failed(failed, reason, then);
                    }
                },
                out);
    }

    private void read(Ask ask, byte[] answer, Output out) {
        ServerMessage message;
        try {
            message = MessageReader.answer(answer);
        } catch (ProtocolException e) {
            failed(ask, e, out);
            return;
        }
        if (message instanceof ServerMessage.Init init && init.key().equals(ask.key())) {
            done(ask, init.entries(), out);
        } else {
            failed(ask, new ProtocolException("answer to a get: expected the entries of its key"), out);
        }
    }

    private void probe(Ask ask, Room at, Output out) {
        probes.put(out.open(targets.probe(at, ask.encoding())), new Probe(ask, targets.maxMessage()));
    }

    private void done(Ask ask, List<Entry> entries, Output out) {
        running--;
        ask.reader().read(entries, out);
        next(out);
    }

    private void failed(Ask ask, SyncException reason, Output out) {
        running--;
        ask.reader().failed(reason, out);
        next(out);
    }

    boolean isOurs(Wire wire) {
        return probes.containsKey(wire);
    }

    void opened(Wire wire, Head head, Output out) {
        Probe probe = probes.get(wire);
        if (probe == null) {
            return;
        }
        if (head.status() != 101) {
            close(wire, out);
            failed(probe.ask, Statuses.refusal(head, new byte[0], out.now()), out);
            return;
        }
        new Link(wire, probe.ask.encoding())
                .send(MessageWriter.get(probe.ask.encoding(), probe.ask.key(), probe.ask.above()), out);
    }

    void data(Wire wire, Protocol.DataKind kind, ByteBuffer bytes, boolean last, Output out) {
        Probe probe = probes.get(wire);
        if (probe == null
                || !Set.of(Protocol.DataKind.TEXT, Protocol.DataKind.BINARY).contains(kind)) {
            return;
        }
        ServerMessage message;
        try {
            byte[] whole = probe.assembly.add(bytes, last);
            if (whole == null) {
                return;
            }
            message = MessageReader.message(kind == Protocol.DataKind.BINARY ? Encoding.CBOR : Encoding.JSON, whole);
        } catch (ProtocolException e) {
            close(wire, out);
            failed(probe.ask, e, out);
            return;
        }
        if (message instanceof ServerMessage.Init init && init.key().equals(probe.ask.key())) {
            close(wire, out);
            done(probe.ask, init.entries(), out);
        }
    }

    private void close(Wire wire, Output out) {
        probes.remove(wire);
        out.close(wire, 1000, "read");
    }

    void ended(Wire wire, WireEnd end, Output out) {
        Probe probe = probes.remove(wire);
        if (probe != null) {
            failed(probe.ask, new ConnectionException("a read was not answered: " + end.reason(), end.cause()), out);
        }
    }
}
