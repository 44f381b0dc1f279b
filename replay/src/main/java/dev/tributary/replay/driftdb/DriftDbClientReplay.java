package dev.tributary.replay.driftdb;

import dev.tributary.ConfigurationException;
import dev.tributary.SyncSource;
import dev.tributary.driftdb.DriftDb;
import dev.tributary.driftdb.DriftDbSourceBuilder;
import dev.tributary.driftdb.Encoding;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ProtocolReplay;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.RecordedSockets;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Script;
import dev.tributary.replay.recording.Step;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedServer;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One replay of one transcript with whole clients: the recording is their server, and their application. */
final class DriftDbClientReplay {

    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private final Transcript transcript;
    private final ReplayOptions options;
    private final Conversation conversation;
    private final SimulatedEnvironment environment;
    private final Rooms rooms;
    private final Pongs pongs = new Pongs();
    private final HttpCalls http;
    private final Map<String, OurClient> clients = new LinkedHashMap<>();
    private final List<String> used = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final Script script;

    DriftDbClientReplay(Transcript transcript, ReplayOptions options, Conversation conversation)
            throws TranscriptException {
        this.transcript = transcript;
        this.options = options;
        this.conversation = conversation;
        this.environment = new SimulatedEnvironment(options.seed());
        this.rooms = new Rooms(conversation);
        this.http = new HttpCalls((address, handler) -> open(address, handler::accept, Encoding.JSON), rooms);
        conversation.clients().forEach(letter -> clients.put(letter, client(letter)));
        this.script = new Script(steps());
    }

    Outcome run() {
        String difference;
        String reached;
        try {
            script.play(environment);
            environment.run();
            Map<String, Learned> learned = new LinkedHashMap<>();
            Map<String, Map<String, BigDecimal>> reduced = new LinkedHashMap<>();
            clients.forEach((letter, client) -> {
                learned.put(letter, client.learned());
                reduced.put(letter, client.reduced());
            });
            difference = Verdict.difference(transcript, conversation, learned, reduced);
            if (difference == null && transcript.finalState() == null) {
                difference = http.difference();
            }
            reached = clients.values().stream().mapToInt(OurClient::rows).sum() + " rows after " + used.size()
                    + " frames and answers" + refusals();
        } finally {
            clients.values().forEach(OurClient::close);
            http.close();
        }
        environment.runUntilQuiet(Duration.ZERO);
        if (difference == null && !environment.failures().isEmpty()) {
            difference = "our client threw where nobody catches: "
                    + ProtocolReplay.describe(environment.failures().get(0));
        }
        Step abandoned = script.abandoned();
        if (difference != null && abandoned != null) {
            difference += "; our client never came to line " + abandoned.line();
        }
        List<String> unused = script.skipped().stream()
                .map(step -> step.connection() + ":" + step.line())
                .toList();
        return difference == null ? Outcome.passed(reached, used, unused) : Outcome.failed(difference, used, unused);
    }

    private String refusals() {
        List<String> all = new ArrayList<>(refused);
        all.addAll(http.refused());
        return all.isEmpty() ? "" : "; our API refused " + String.join("; ", all);
    }

    /** What our clients still held after they were closed. */
    SimulatedEnvironment.Pending leftBehind() {
        return environment.pending();
    }

    // ---- clients ----

    private OurClient client(String letter) {
        Map<String, @Nullable Object> members =
                Conversation.clients(transcript.finalState()).getOrDefault(letter, Map.of());
        Set<String> reduced = new HashSet<>(dev.tributary.replay.recording.Json.members(members.get("reduced"))
                .keySet());
        RecordedSockets sockets = new RecordedSockets(environment, new RecordedSockets.Listener() {
            @Override
            public void opened(String id) {}

            @Override
            public void message(String id, DataKind kind, ByteBuffer bytes) {
                heard(letter, id, kind, bytes);
            }

            @Override
            public void closed(String id) {}

            @Override
            public void refused(String id, int status) {
                ours(letter).learned().refused(id, status);
            }
        });
        return new OurClient(
                conversation.queries(letter),
                reduced,
                room -> open(
                        "ws://driftdb.invalid/room/" + room,
                        connection -> accept(sockets, connection, room),
                        encoding(letter, room)),
                sockets);
    }

    private OurClient ours(String letter) {
        return Objects.requireNonNull(clients.get(letter));
    }

    /** The recorded client may have asked for CBOR. */
    private Encoding encoding(String letter, String room) {
        boolean isCbor = conversation.lines().stream()
                .filter(line -> line.is("ws-open")
                        && line.client().equals(letter)
                        && line.room().equals(room))
                .map(line -> String.valueOf(line.event().text("target")))
                .findFirst()
                .filter(target -> target.contains("cbor=true"))
                .isPresent();
        return isCbor ? Encoding.CBOR : Encoding.JSON;
    }

    private SyncSource open(String address, SimulatedServer server, Encoding encoding) {
        SimulatedWireProvider wires = new SimulatedWireProvider(
                Set.of("ws", "wss", "http", "https"), server, SimulatedNetwork.PERFECT.pieces(options.mostPiece()));
        DriftDbSourceBuilder builder =
                DriftDb.source(URI.create(address)).environment(environment).wires(wires);
        return (encoding == Encoding.CBOR ? builder.encoding(encoding) : builder).open();
    }

    /** A wire of one of our clients. */
    private void accept(RecordedSockets sockets, SimulatedConnection connection, String room) {
        if (connection.target() instanceof HttpTarget) {
            HttpCalls.answer(connection, rooms);
        } else if (sockets.isConnected()) {
            // A second socket beside the first lives for one read.
            probe(connection, room);
        } else {
            sockets.attempt(connection);
        }
    }

    private void probe(SimulatedConnection connection, String room) {
        connection.listen(new SimulatedConnection.ClientListener() {
            @Override
            public void message(DataKind kind, ByteBuffer bytes) {
                Message message = read(kind, bytes);
                byte[] answer = message == null ? null : rooms.answer(room, message);
                if (message != null && answer != null) {
                    Message init = Objects.requireNonNull(Message.read(false, answer));
                    send(connection, new Message(message.isCbor(), init.members()));
                }
            }
        });
        connection.head(101, Map.of("upgrade", "websocket"));
    }

    private static @Nullable Message read(DataKind kind, ByteBuffer bytes) {
        byte[] message = new byte[bytes.remaining()];
        bytes.duplicate().get(message);
        return Message.read(kind == DataKind.BINARY, message);
    }

    private static void send(SimulatedConnection to, Message message) {
        if (message.isCbor()) {
            to.binary(message.bytes());
        } else {
            to.text(new String(message.bytes(), StandardCharsets.UTF_8));
        }
    }

    /** A message of one of our clients. */
    private void heard(String letter, String id, DataKind kind, ByteBuffer bytes) {
        Message message = read(kind, bytes);
        SimulatedConnection ours = ours(letter).sockets().find(id);
        if (message == null || ours == null) {
            return;
        }
        if (message.is("get")) {
            ours(letter).asks(id, message.key(), message.number("seq"));
        } else if (message.is("ping")) {
            Message pong = Message.pong(message.isCbor(), message.members().get("nonce"));
            pongs.asked(id, () -> send(ours, pong));
        }
    }

    // ---- the steps ----

    private List<Step> steps() throws TranscriptException {
        List<Step> steps = new ArrayList<>();
        Set<String> opened = new HashSet<>();
        for (Line line : conversation.lines()) {
            if (line.is("ws-open")) {
                opened.add(line.connection());
            }
            Step step = switch (line.event().kind()) {
                case "ws-open" ->
                    place(line, () -> {
                        ours(line.client()).enter(line.room(), line.connection());
                        ours(line.client()).sockets().offer(line.connection());
                    });
                case "ws-recv" -> received(line);
                case "ws-send" -> sent(line);
                case "ws-close" -> closed(line, opened.contains(line.connection()));
                case "http-request" -> requested(line);
                case "http-response" -> responded(line);
                case "truth" -> line.isWrite() ? place(line, () -> rooms.write(line)) : null;
                default -> null;
            };
            if (step != null) {
                steps.add(step);
            }
        }
        return steps;
    }

    /** Something that waits for nothing but its time. */
    private static Step place(Line line, Runnable action) {
        return Step.place(line.line(), line.event().time(), earlier -> false, action);
    }

    private Step received(Line line) throws TranscriptException {
        OurClient client = ours(line.client());
        String id = line.connection();
        Message message = line.message();
        boolean isOfKey = line.receives("push") || line.receives("init");
        String key = message == null ? "" : message.key();
        byte[] bytes = Objects.requireNonNullElse(Conversation.bytes(line.event()), new byte[0]);
        return Step.frame(
                line.line(),
                line.event().time(),
                id,
                id + " key " + key,
                () -> client.sockets().find(id) != null && (!isOfKey || client.asked(id, key) != null),
                () -> client.sockets().isOver(id),
                () -> {
                    used.add(id + ":" + line.line());
                    deliver(
                            line,
                            client,
                            Objects.requireNonNull(client.sockets().find(id)),
                            bytes);
                    pongs.delivered(id, line.line());
                });
    }

    private void deliver(Line line, OurClient client, SimulatedConnection to, byte[] bytes) {
        Message message = line.message();
        if (line.receives("pong")) {
            // Ours has a nonce of its own, and got its answer.
            return;
        }
        if (message != null && line.receives("init")) {
            Long above = Objects.requireNonNull(client.asked(line.connection(), message.key()));
            long recorded = conversation.askedAbove(line, message.key());
            if (above != recorded) {
                send(to, rooms.init(line, message, recorded, above));
                return;
            }
        }
        if (line.event().text("text") == null) {
            to.binary(bytes);
        } else {
            to.text(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private @Nullable Step sent(Line line) {
        Message message = line.message();
        OurClient client = ours(line.client());
        if (message == null) {
            refused.add(line.place() + ": no message");
            return null;
        }
        Runnable action;
        if (message.is("get") && message.members().get("key") instanceof String) {
            action = () -> client.follow(message.key());
        } else if (Pushes.isPush(message)) {
            action = () -> push(line, message, client);
        } else if (message.is("ping")) {
            action = () -> {
                client.wants();
                forget(Objects.requireNonNull(client.db()).latency(DEADLINE));
            };
        } else {
            refused.add(line.place() + ": our API cannot say it");
            return null;
        }
        return Step.place(line.line(), line.event().time(), earlier -> isAwaited(earlier, client), action);
    }

    private static void forget(CompletableFuture<?> future) {
        future.whenComplete((done, failure) -> {});
    }

    /** Whether a client waits for an earlier frame before it goes on. */
    private boolean isAwaited(Step earlier, OurClient client) {
        String connection = earlier.connection();
        boolean isItsOwn = connection != null && client.sockets().find(connection) != null;
        return isItsOwn || client.isWanted();
    }

    private void push(Line line, Message message, OurClient client) {
        rooms.write(line);
        client.wants();
        try {
            forget(Objects.requireNonNull(client.db()).push(Pushes.of(message), DEADLINE));
            pongs.owes(line.connection(), line.echo());
        } catch (ConfigurationException e) {
            refused.add(line.place() + ": " + e.getMessage());
        }
    }

    private Step closed(Line line, boolean wasOpen) {
        OurClient client = ours(line.client());
        String by = String.valueOf(line.event().text("by"));
        int code = line.event().members().get("code") instanceof BigDecimal number ? number.intValue() : 1006;
        if (!wasOpen) {
            boolean wasAsked = conversation.exchanges().containsKey(line.connection());
            return place(line, () -> {
                if (wasAsked) {
                    rooms.lose(line.room());
                }
                client.sockets().fail(line.connection(), wasAsked ? WireEnd.Kind.BROKEN : WireEnd.Kind.REFUSED);
            });
        }
        boolean goesOn = conversation.lines().stream()
                .anyMatch(later -> later.line() > line.line()
                        && later.client().equals(line.client())
                        && !later.connection().equals(line.connection()));
        return Step.place(line.line(), line.event().time(), earlier -> earlier.connection() != null, () -> {
            if (!by.equals("client") || goesOn) {
                client.sockets().end(line.connection(), by.equals("client") ? code : 1006, "");
            }
        });
    }

    private @Nullable Step requested(Line line) {
        RecordedExchange exchange =
                conversation.exchanges().get(String.valueOf(line.event().text("id")));
        if (exchange == null || Conversation.isUpgrade(exchange)) {
            return null;
        }
        return Step.place(line.line(), line.event().time(), () -> {
            http.make(exchange, line.message());
            rooms.write(line);
        });
    }

    private @Nullable Step responded(Line line) {
        RecordedExchange exchange =
                conversation.exchanges().get(String.valueOf(line.event().text("id")));
        if (exchange == null || exchange.response() == null) {
            return null;
        }
        int status = exchange.response().status();
        if (Conversation.isUpgrade(exchange)) {
            return place(line, () -> ours(line.client()).sockets().refuse(line.connection(), status));
        }
        return Step.frame(
                line.line(),
                line.event().time(),
                "http",
                "http " + exchange.id(),
                () -> http.isAsked(exchange.id()),
                () -> http.isDead(exchange.id()),
                () -> {
                    used.add(exchange.id());
                    http.answer(exchange.id());
                });
    }
}
