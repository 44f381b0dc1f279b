package dev.tributary.replay.driftdb;

import dev.tributary.Options;
import dev.tributary.driftdb.DriftDb;
import dev.tributary.driftdb.DriftDbTransport;
import dev.tributary.replay.recording.ProtocolBench;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.RecordedResponse;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.SessionContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One session of the protocol at a room, without an engine. What the recording does not have, a faithful server answers. */
final class BenchRoom {

    private static final DriftDbTransport TRANSPORT = new DriftDbTransport();

    private final Rooms rooms;
    private final ProtocolBench bench;
    private final DriftDb db;
    private final Map<String, Long> asked = new HashMap<>();
    private @Nullable RecordedExchange expected;
    private @Nullable Message expectedBody;
    private ProtocolBench.@Nullable Exchange held;

    /**
     * @param room empty for none
     * @param memory what {@link #memory} made
     */
    BenchRoom(String room, SplittableRandom random, @Nullable Object memory, Rooms rooms) {
        this.rooms = rooms;
        URI endpoint = URI.create("ws://driftdb.invalid/" + (room.isEmpty() ? "" : "room/" + room));
        SessionContext context = new SessionContext(endpoint, Options.of(Map.of()), false, random, memory);
        this.bench = new ProtocolBench(TRANSPORT, context, Duration.ofNanos(-1), new ProtocolBench.Watcher() {
            @Override
            public void sent(DataKind kind, ByteBuffer bytes) {
                heard(kind, bytes);
            }

            @Override
            public void requested(ProtocolBench.Exchange exchange) {
                answer(exchange);
            }
        });
        this.db = TRANSPORT.unwrap(DriftDb.class, bench.calls()).orElseThrow();
    }

    static @Nullable Object memory() {
        return TRANSPORT.memory();
    }

    ProtocolBench bench() {
        return bench;
    }

    DriftDb db() {
        return db;
    }

    private void heard(DataKind kind, ByteBuffer bytes) {
        byte[] message = new byte[bytes.remaining()];
        bytes.duplicate().get(message);
        Message sent = Message.read(kind == DataKind.BINARY, message);
        if (sent != null && sent.is("get")) {
            asked.put(sent.key(), sent.number("seq"));
        } else if (sent != null && sent.is("ping")) {
            bench.data(
                    kind,
                    Message.pong(sent.isCbor(), sent.members().get("nonce")).bytes());
        }
    }

    /** The number above which it asked for a key; null when it did not. */
    @Nullable
    Long asked(String key) {
        return asked.get(key);
    }

    // ---- requests ----

    /** The next request that is this one waits for its recorded answer. */
    void expect(RecordedExchange exchange, @Nullable Message body) {
        expected = exchange;
        expectedBody = body;
    }

    private void answer(ProtocolBench.Exchange exchange) {
        byte[] given = exchange.target().body();
        Message body = given == null ? null : Message.read(false, given);
        RecordedExchange awaited = expected;
        if (awaited != null && ApiRequest.is(awaited, expectedBody, exchange.target(), body)) {
            expected = null;
            held = exchange;
            return;
        }
        String room = Conversation.room(String.valueOf(exchange.target().uri().getRawPath()));
        byte[] description = rooms.description(room);
        byte[] answer = body == null || description == null ? description : rooms.answer(room, body);
        bench.answer(exchange, description == null ? 404 : 200, answer == null ? new byte[0] : answer);
    }

    /** Whether the expected request came. */
    boolean isHeld() {
        return held != null;
    }

    void answer(RecordedResponse response) {
        ProtocolBench.Exchange exchange = held;
        if (exchange == null) {
            return;
        }
        held = null;
        byte[] given = exchange.target().body();
        Message asked = given == null ? null : Message.read(false, given);
        Message answer = Message.read(false, response.body());
        byte[] body = answer != null && asked != null && answer.is("pong")
                ? Message.pong(false, asked.members().get("nonce")).bytes()
                : response.body();
        bench.answer(exchange, response.status(), body);
    }

    /** The socket is there, if one is wanted. */
    void open() {
        if (bench.wantsSocket()) {
            bench.opened(101);
        }
    }
}
