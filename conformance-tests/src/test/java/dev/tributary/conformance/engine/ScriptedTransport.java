package dev.tributary.conformance.engine;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.Column;
import dev.tributary.ColumnType;
import dev.tributary.Credential;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.SourceBuilder;
import dev.tributary.spi.Call;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.MemoryType;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A transport whose sessions do what a test tells them: each is one WebSocket, over which the test steers it. */
final class ScriptedTransport implements TransportProvider {

    static final RowSchema SCHEMA = RowSchema.of(
            List.of(new Column("id", MemoryType.INT, false, 0), new Column("value", MemoryType.INT, true, -1)));

    final SimulatedEnvironment environment = new SimulatedEnvironment(1);
    final List<Session> sessions = new ArrayList<>();
    final List<SessionContext> contexts = new ArrayList<>();
    final List<SimulatedConnection> connections = new ArrayList<>();
    Set<Capability> capabilities = EnumSet.of(Capability.RESUME);
    boolean shares = true;
    boolean endsWithItsWire = true;
    private int wiresOpened;
    boolean asksForCredentials;
    boolean changesNeedRows;
    /** What the server does with a new wire. */
    Consumer<SimulatedConnection> onAccept = connection -> connection.head(101, Map.of());

    Deadlines deadlines = new Deadlines(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofDays(1));
    /** What a session does when it is subscribed, beside opening its wire. */
    BiConsumer<Subscription, Output> onSubscribe = (subscription, out) -> {};
    /** What a session does when a query is no longer wanted, beside forgetting it; null ends it as a protocol should. */
    BiConsumer<Subscription, Output> onUnsubscribe;

    SourceBuilder builder() {
        return builder("");
    }

    SourceBuilder builder(String options) {
        return SourceBuilder.of(URI.create("scripted+ws://nowhere" + options))
                .transport(this)
                .wires(new SimulatedWireProvider(
                        Set.of("ws"),
                        connection -> {
                            connections.add(connection);
                            onAccept.accept(connection);
                        },
                        SimulatedNetwork.PERFECT))
                .environment(environment);
    }

    Session last() {
        environment.run();
        return sessions.get(sessions.size() - 1);
    }

    void advance(Duration time) {
        environment.advance(time);
    }

    @Override
    public String scheme() {
        return "scripted";
    }

    @Override
    public Set<String> wireSchemes() {
        return Set.of("ws", "carrier");
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public boolean mayShareSession(Query a, Query b) {
        return shares;
    }

    @Override
    public boolean changesNeedRows() {
        return changesNeedRows;
    }

    @Override
    public ColumnType columnType(String name) {
        return MemoryType.valueOf(name);
    }

    @Override
    public Protocol session(SessionContext context) {
        contexts.add(context);
        Session session = new Session(context.endpoint());
        sessions.add(session);
        return session;
    }

    @Override
    public Set<Class<?>> interfaces() {
        return Set.of(Calls.class);
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type, Calls calls) {
        return type == Calls.class ? Optional.of(type.cast(calls)) : Optional.empty();
    }

    static Checkpoint checkpoint(int number) {
        return Checkpoint.of(new byte[] {(byte) number});
    }

    /** One session. */
    final class Session implements Protocol {

        private final URI endpoint;

        Session(URI endpoint) {
            this.endpoint = endpoint;
        }

        final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
        final List<Call> calls = new ArrayList<>();
        final List<Call> cancelled = new ArrayList<>();
        final List<String> unsubscribed = new ArrayList<>();
        final List<Credential> credentials = new ArrayList<>();
        final List<Object> timers = new ArrayList<>();
        /** What the wire said, a word for each. */
        final List<String> heard = new ArrayList<>();

        final Deque<Consumer<Output>> script = new ArrayDeque<>();
        Object carry;
        Wire wire;
        private int number;

        /** Does this at once, as if the server had caused it. */
        void does(Consumer<Output> action) {
            environment.run();
            script.add(action);
            connections.get(number - 1).text("now");
            environment.run();
        }

        Subscription subscription(String query) {
            return subscriptions.get(query);
        }

        /** Its wire, as the server sees it. */
        SimulatedConnection connection() {
            environment.run();
            return connections.get(number - 1);
        }

        /** Ends a query of this session, as if the server had caused it. */
        void ends(String query, Ending why) {
            does(out -> out.end(subscriptions.remove(query), why, carry));
        }

        /** Commits these rows, in pairs of key and value, as a new content that is up to date. */
        void content(String query, int checkpoint, int... pairs) {
            does(out -> {
                Draft draft = out.draft(subscription(query));
                draft.replaceAll(SCHEMA);
                put(draft, pairs);
                draft.checkpoint(checkpoint(checkpoint));
                out.commit(List.of(subscription(query)), null);
                out.upToDate(subscription(query));
            });
        }

        /** Commits these rows over those that are there. */
        void change(String query, int checkpoint, int... pairs) {
            does(out -> {
                Draft draft = out.draft(subscription(query));
                put(draft, pairs);
                draft.checkpoint(checkpoint(checkpoint));
                out.commit(List.of(subscription(query)), null);
            });
        }

        static void put(Draft draft, int... pairs) {
            for (int i = 0; i < pairs.length; i += 2) {
                draft.put(row(pairs[i], pairs[i + 1]));
            }
        }

        static Row row(int id, int value) {
            return SCHEMA.row(id, value);
        }

        @Override
        public void subscribe(Subscription subscription, Output out) {
            subscriptions.put(subscription.query().name(), subscription);
            connect(out);
            if (asksForCredentials) {
                out.credential(null);
            }
            onSubscribe.accept(subscription, out);
        }

        private void connect(Output out) {
            if (wire == null) {
                number = ++wiresOpened;
                wire = out.open(new WebSocketTarget(
                        endpoint, endpoint.toString(), Map.of(), Map.of(), List.of(), 1 << 20, null, deadlines));
            }
        }

        @Override
        public void opened(Wire opened, Head head, Output out) {
            heard.add("opened " + head.status());
        }

        @Override
        public void writable(Wire again, Output out) {
            heard.add("writable");
        }

        @Override
        public void data(Wire from, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
            String text = StandardCharsets.UTF_8.decode(bytes).toString();
            if (text.equals("now")) {
                script.remove().accept(out);
            } else {
                heard.add(text);
            }
        }

        @Override
        public void ended(Wire from, WireEnd end, Output out) {
            heard.add(end.kind().toString());
            if (endsWithItsWire) {
                out.end(Ending.retry(end.asException()));
            }
        }

        @Override
        public void unsubscribe(Subscription subscription, Output out) {
            subscriptions.values().remove(subscription);
            unsubscribed.add(subscription.query().name());
            if (onUnsubscribe != null) {
                onUnsubscribe.accept(subscription, out);
            } else {
                out.end(subscription, Ending.closed(), carry);
            }
        }

        @Override
        public void call(Call call, Output out) {
            calls.add(call);
            connect(out);
        }

        @Override
        public void cancel(Call call, Output out) {
            cancelled.add(call);
        }

        @Override
        public void timer(Object tag, Output out) {
            timers.add(tag);
        }

        @Override
        public void credential(Credential credential, Output out) {
            credentials.add(credential);
        }
    }
}
