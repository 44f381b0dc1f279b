package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Credential;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.sodp.Packed.Sent;
import dev.tributary.sodp.ScriptedOutput.Content;
import dev.tributary.sodp.ScriptedOutput.FakeWire;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Resume;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.WireEnd;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A protocol, the engine that it talks to, and a server whose words the test gives. */
final class Scene {

    final SodpTransport transport = new SodpTransport();
    final ScriptedOutput out = new ScriptedOutput();
    private final Object memory = transport.memory();
    private final Random random = new Random(7);
    private final Map<Option<?>, Object> options = new IdentityHashMap<>();
    private final SodpDialect dialect;
    private final List<FakeSubscription> subscriptions = new ArrayList<>();
    private final Map<String, Object> limits = Packed.map();
    private boolean authenticated;
    private Protocol protocol;
    private long serverSeq = 1;

    Scene(SodpDialect dialect) {
        this.dialect = dialect;
        newProtocol();
    }

    static final class FakeSubscription implements Subscription {

        private final Query query;
        private @Nullable Resume resume;

        FakeSubscription(Query query) {
            this.query = query;
        }

        @Override
        public Query query() {
            return query;
        }

        @Override
        public @Nullable Resume resume() {
            return resume;
        }

        @Override
        public boolean keepsRows() {
            return true;
        }
    }

    <T> Scene set(Option<T> option, T value) {
        options.put(option, value);
        newProtocol();
        return this;
    }

    Scene authenticated() {
        authenticated = true;
        newProtocol();
        return this;
    }

    /** What the server advertises beside the usual. */
    Scene limit(String name, @Nullable Object value) {
        limits.put(name, value);
        return this;
    }

    private void newProtocol() {
        protocol = transport.session(new SessionContext(
                URI.create("ws://localhost:7777/sync"), Options.of(options), authenticated, random, memory));
    }

    Protocol protocol() {
        return protocol;
    }

    // ---- the engine ----

    FakeSubscription subscribe(String query) {
        FakeSubscription subscription = new FakeSubscription(transport.query(query));
        subscriptions.add(subscription);
        protocol.subscribe(subscription, out);
        return subscription;
    }

    /** The same query again, with what its last run left. */
    FakeSubscription resubscribe(String query, @Nullable Object carry) {
        FakeSubscription subscription = new FakeSubscription(transport.query(query));
        subscription.resume = carry == null ? null : new Resume(carry, null, null);
        subscriptions.add(subscription);
        protocol.subscribe(subscription, out);
        return subscription;
    }

    void unsubscribe(FakeSubscription subscription) {
        subscriptions.remove(subscription);
        protocol.unsubscribe(subscription, out);
    }

    /** The engine begins a new session after the last one has ended. */
    Scene reconnect() {
        return reconnectSilently().open().hello();
    }

    /** The same, but the server has not said anything yet. */
    Scene reconnectSilently() {
        newProtocol();
        for (FakeSubscription subscription : subscriptions) {
            List<ScriptedOutput.End> ends = out.of(subscription).ends;
            Object carry = ends.isEmpty() ? null : ends.get(ends.size() - 1).carry();
            subscription.resume = carry == null ? null : new Resume(carry, null, null);
        }
        out.timers.clear();
        List.copyOf(subscriptions).forEach(subscription -> protocol.subscribe(subscription, out));
        return this;
    }

    Content content(FakeSubscription subscription) {
        return out.of(subscription);
    }

    /** The one row of a value; null when there is none. */
    @Nullable
    Row row(FakeSubscription subscription) {
        Map<List<@Nullable Object>, Row> rows = content(subscription).rows;
        assertThat(rows.size()).isLessThan(2);
        return rows.isEmpty() ? null : rows.values().iterator().next();
    }

    @Nullable
    Object value(FakeSubscription subscription) {
        Row row = row(subscription);
        return row == null ? "no row" : row.get("value");
    }

    Map<String, @Nullable Object> members(FakeSubscription subscription) {
        Map<String, @Nullable Object> members = Packed.map();
        content(subscription).rows.values().forEach(row -> members.put(row.getString("name"), row.get("value")));
        return members;
    }

    static final class FakeCall implements Call {

        private final Object request;
        private final @Nullable Subscription subscription;

        FakeCall(Object request, @Nullable Subscription subscription) {
            this.request = request;
            this.subscription = subscription;
        }

        @Override
        public Object request() {
            return request;
        }

        @Override
        public @Nullable Subscription subscription() {
            return subscription;
        }

        @Override
        public Duration remaining() {
            return Duration.ofSeconds(30);
        }
    }

    Call call(Invocation invocation) {
        return wish(new Wish.Invoke(invocation), null);
    }

    Call wish(Object request, @Nullable Subscription subscription) {
        Call call = new FakeCall(request, subscription);
        protocol.call(call, out);
        return call;
    }

    /** Lets time go by, with all timers that are due on the way. */
    Scene advance(Duration time) {
        long end = out.nanos + time.toNanos();
        while (true) {
            Map.Entry<Object, ScriptedOutput.Due> next = out.timers.entrySet().stream()
                    .min(Comparator.comparingLong(entry -> entry.getValue().at()))
                    .orElse(null);
            if (next == null || next.getValue().at() > end) {
                break;
            }
            out.nanos = Math.max(out.nanos, next.getValue().at());
            out.timers.remove(next.getKey());
            protocol.timer(next.getKey(), out);
        }
        out.nanos = end;
        return this;
    }

    // ---- the wire ----

    FakeWire wire() {
        assertThat(out.wires).isNotEmpty();
        return out.wires.get(out.wires.size() - 1);
    }

    /** What was sent since the last look. */
    List<Sent> sent() {
        FakeWire wire = wire();
        List<Sent> news = List.copyOf(wire.sent.subList(wire.read, wire.sent.size()));
        wire.read = wire.sent.size();
        return news;
    }

    /** The one frame that was sent since the last look. */
    Sent sentOne() {
        List<Sent> news = sent();
        assertThat(news).hasSize(1);
        return news.get(0);
    }

    Scene open() {
        protocol.opened(wire(), new Head(101, Map.of()), out);
        return this;
    }

    Scene receive(byte[] message) {
        if (!wire().closed) {
            protocol.data(
                    wire(), Protocol.DataKind.BINARY, ByteBuffer.wrap(message).asReadOnlyBuffer(), true, out);
        }
        return this;
    }

    Scene receive(int type, long stream, @Nullable Object body) {
        return receive(Packed.frame(type, stream, serverSeq++, body));
    }

    Scene ended(WireEnd.Kind kind) {
        FakeWire wire = wire();
        if (!wire.closed) {
            wire.closed = true;
            protocol.ended(wire, WireEnd.of(kind, "connection reset", null), out);
        }
        return this;
    }

    Scene drop() {
        return ended(WireEnd.Kind.BROKEN);
    }

    // ---- the server ----

    /** Opens the connection and is greeted, without authentication. */
    Scene live() {
        return open().hello();
    }

    Scene hello() {
        return receive(FrameType.HELLO, 0, helloBody(false));
    }

    Map<String, @Nullable Object> helloBody(boolean auth) {
        Map<String, @Nullable Object> capabilities = Packed.map();
        if (dialect != SodpDialect.GO) {
            capabilities.putAll(Packed.map("multi_watch", true, "params", true, "resume", true));
        }
        capabilities.putAll(limits);
        return switch (dialect) {
            case TYPESCRIPT ->
                Packed.map(
                        "protocol",
                        "sodp",
                        "version",
                        "1.0",
                        "server",
                        "sodp-server-ts",
                        "auth",
                        auth,
                        "capabilities",
                        capabilities);
            case RUST -> Packed.map("auth", auth, "capabilities", capabilities, "server", "SODP-RS", "version", "0.1");
            case GO ->
                Packed.map(
                        "capabilities",
                        capabilities,
                        "server_id",
                        "0badcafe",
                        "auth",
                        auth,
                        "version",
                        "1.0",
                        "protocol",
                        "sodp");
            case STANDARD ->
                Packed.map("protocol", "sodp", "version", "1.0", "auth", auth, "capabilities", capabilities);
        };
    }

    Scene init(long stream, String key, long version, @Nullable Object value) {
        return init(stream, key, version, value, true);
    }

    Scene init(long stream, String key, long version, @Nullable Object value, boolean initialized) {
        return receive(
                FrameType.STATE_INIT,
                stream,
                Packed.map("state", key, "version", version, "value", value, "initialized", initialized));
    }

    Scene absent(long stream, String key) {
        return init(stream, key, 0, null, false);
    }

    static Map<String, @Nullable Object> op(String op, String path, @Nullable Object value) {
        return Packed.map("op", op, "path", path, "value", value);
    }

    static Map<String, @Nullable Object> remove(String path) {
        return Packed.map("op", "REMOVE", "path", path);
    }

    Scene delta(long stream, String key, long version, Object... ops) {
        Map<String, @Nullable Object> body = Packed.map("version", version, "ops", List.of(ops));
        if (dialect == SodpDialect.TYPESCRIPT) {
            body.put("state", key);
        } else if (dialect == SodpDialect.GO) {
            body.put("key", key);
        }
        return receive(FrameType.DELTA, stream, body);
    }

    Scene result(String callId, boolean success, @Nullable Object data) {
        return receive(FrameType.RESULT, 0, Packed.map("call_id", callId, "success", success, "data", data));
    }

    Scene error(long stream, long code, String message) {
        return receive(FrameType.ERROR, stream, Packed.map("code", code, "message", message));
    }

    Scene credential(String token) {
        protocol.credential(Credential.token(token), out);
        return this;
    }

    Ending ended() {
        assertThat(out.ends).isNotEmpty();
        return out.ends.get(out.ends.size() - 1);
    }
}
