package dev.tributary.replay.spacetimedb;

import dev.tributary.Query;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ProtocolReplay;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.RecordedResponse;
import dev.tributary.replay.recording.RecordedSockets;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Script;
import dev.tributary.replay.recording.Step;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.spacetimedb.ProtocolVersion;
import dev.tributary.spacetimedb.SpacetimeDb;
import dev.tributary.spacetimedb.codec.Subprotocol;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One replay of one transcript with a whole client, in any of the four protocols: the recording is its server, and its
 * application. Here its events become steps; what they do is for {@link OurApplication}, {@link OurServer} and {@link
 * ClientEnds}.
 */
final class SpacetimeDbClientReplay implements RecordedSockets.Listener {

    private static final String SUBPROTOCOL = "sec-websocket-protocol";

    private final Transcript transcript;
    private final Module module;
    private final SimulatedEnvironment environment;
    private final RecordedSockets sockets;
    private final SimulatedWireProvider wires;
    private final OurServer server;
    private final Script script;
    private final Book book = new Book();
    private final Ends ends = new Ends();
    /** By the recorded connection, and by those beside it. */
    private final Map<String, Played> connections = new LinkedHashMap<>();

    private final List<String> used = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private @Nullable OurApplication application;
    private @Nullable ClientEnds clientEnds;
    private @Nullable Played current;
    private @Nullable String difference;
    private boolean isOver;

    SpacetimeDbClientReplay(Transcript transcript, ReplayOptions options, Module module) throws TranscriptException {
        this.transcript = transcript;
        this.module = module;
        this.environment = new SimulatedEnvironment(options.seed());
        this.sockets = new RecordedSockets(environment, this);
        this.wires = new SimulatedWireProvider(
                Set.of("ws", "wss", "http", "https"),
                this::attempt,
                SimulatedNetwork.PERFECT.pieces(options.mostPiece()));
        this.server = new OurServer(sockets, environment::run, this::differ);
        this.script = new Script(steps());
    }

    Outcome run() {
        String reached;
        try (SyncSource opened = open()) {
            SpacetimeDb db = opened.unwrap(SpacetimeDb.class);
            ClientEnds known = new ClientEnds(db, ends, () -> current == null ? "" : current.id());
            OurApplication ours = new OurApplication(opened, db, module, book);
            clientEnds = known;
            application = ours;
            script.play(environment);
            environment.run();
            if (difference == null) {
                difference = finalDifference(ours, known);
            }
            reached = ours.views().size() + " views after " + used.size() + " frames"
                    + (ours.refused().isEmpty() ? "" : "; our API refused " + String.join(", ", ours.refused()));
            isOver = true;
            ours.over();
        }
        // What was closed must come to rest before its environment is forgotten.
        environment.runUntilQuiet(Duration.ZERO);
        if (difference == null && !environment.failures().isEmpty()) {
            difference = "our client threw where nobody catches: "
                    + ProtocolReplay.describe(environment.failures().get(0));
        }
        List<String> unused = script.skipped().stream()
                .map(step -> step.connection() + ":" + step.line())
                .toList();
        return difference == null ? Outcome.passed(reached, used, unused) : Outcome.failed(difference, used, unused);
    }

    private @Nullable String finalDifference(OurApplication ours, ClientEnds known) {
        String found = new ClientVerdict(transcript, module, book, ends).difference(ours, known);
        Step abandoned = script.abandoned();
        return found == null
                ? null
                : found
                        + (abandoned == null ? "" : "; our client never came to line " + abandoned.line())
                        + (faults.isEmpty() ? "" : "; our client reported " + faults.get(0));
    }

    /** What our client still held after it was closed. */
    SimulatedEnvironment.Pending leftBehind() {
        return environment.pending();
    }

    /** What our API refused, of what the recorded client asked for. */
    List<Entry> passedOver() {
        return application().passedOver();
    }

    private SyncSource open() {
        // Which one is spoken, the recording tells at each connection.
        return SpacetimeDb.source(URI.create("ws://replay.invalid/database"))
                .protocols(ProtocolVersion.values())
                .schema(module.text())
                .environment(environment)
                .wires(wires)
                .listener(new SourceListener() {
                    @Override
                    public void onFault(Query query, String what, String where) {
                        faults.add(what + " (" + where + ")");
                    }
                })
                .open();
    }

    private void differ(String what) {
        if (difference == null) {
            difference = what + (faults.isEmpty() ? "" : "; our client reported " + faults.get(faults.size() - 1));
            script.stop();
        }
    }

    private OurApplication application() {
        return Objects.requireNonNull(application);
    }

    // ---- the steps ----

    private List<Step> steps() throws TranscriptException {
        Map<String, RecordedExchange> exchanges = new LinkedHashMap<>();
        RecordedExchange.of(transcript).forEach(exchange -> exchanges.put(exchange.id(), exchange));
        List<Step> steps = new ArrayList<>();
        List<Transcript.Event> events = transcript.events();
        for (int i = 0; i < events.size(); i++) {
            Transcript.Event event = events.get(i);
            String id = String.valueOf(event.text("id"));
            boolean opensLater = events.subList(i, events.size()).stream()
                    .anyMatch(other -> other.kind().equals("ws-open"));
            Played on = connections.get(id);
            switch (event.kind()) {
                case "http-response" -> refusal(event, exchanges.get(id), steps);
                case "ws-open" -> {
                    connections.put(
                            id, new Played(id, Subprotocol.of(agreed(event)).orElseThrow()));
                    steps.add(Step.place(
                            event.line(),
                            event.time(),
                            earlier -> false,
                            () -> sockets.offer(id, Map.of(SUBPROTOCOL, agreed(event)))));
                }
                case "ws-send" -> {
                    if (on != null) {
                        requests(on, event)
                                .forEach(request -> steps.add(Step.place(
                                        event.line(),
                                        event.time(),
                                        () -> application().ask(on, request))));
                    }
                }
                case "ws-recv" -> {
                    if (on != null) {
                        steps.add(received(on, event));
                    }
                }
                case "ws-close" -> {
                    if (on != null) {
                        steps.add(closed(on, event, opensLater));
                    }
                }
                default -> {}
            }
        }
        return steps;
    }

    /** The protocol that was agreed on; empty for none. */
    static String agreed(Transcript.Event open) {
        return RecordedResponse.single(open.members().get("response_headers")).getOrDefault(SUBPROTOCOL, "");
    }

    /** What a recorded client sent. Nothing for what no server reads: our client cannot send that. */
    static List<Request> requests(Played on, Transcript.Event event) {
        String text = event.text("text");
        byte[] bytes = text == null
                ? Base64.getDecoder().decode(String.valueOf(event.text("binary64")))
                : text.getBytes(StandardCharsets.UTF_8);
        return ClientFrame.read(on.subprotocol(), bytes, text != null);
    }

    private void refusal(Transcript.Event event, @Nullable RecordedExchange exchange, List<Step> steps) {
        RecordedResponse response = exchange == null ? null : exchange.response();
        if (exchange == null
                || response == null
                || !"websocket".equalsIgnoreCase(exchange.headers().get("upgrade"))) {
            return;
        }
        String id = exchange.id();
        steps.add(Step.place(event.line(), event.time(), () -> {
            ends.refused(id, response.status());
            String body = new String(response.body(), StandardCharsets.UTF_8);
            String wrong = new RefusedClient(environment, module).difference(response.status(), body);
            if (wrong != null) {
                differ(id + ": " + wrong);
            }
        }));
    }

    private Step received(Played on, Transcript.Event event) {
        ServerFrame frame = ServerFrame.of(on.subprotocol(), event);
        return Step.frame(
                event.line(), event.time(), on.id(), on.id(), () -> server.isReady(on, frame), on::isOver, () -> {
                    used.add(on.id() + ":" + event.line());
                    application().frame();
                    server.deliver(on, frame);
                });
    }

    private Step closed(Played on, Transcript.Event event, boolean opensLater) {
        String by = String.valueOf(event.text("by"));
        Integer code = event.members().get("code") instanceof BigDecimal number ? (Integer) number.intValue() : null;
        String reason = event.text("reason");
        return new Step(
                event.line(),
                event.time(),
                null,
                Set.of(),
                null,
                earlier -> true,
                // What ends must have been there.
                () -> sockets.find(on.wire()) != null || on.isLetGo(),
                () -> false,
                () -> end(on, by, code, reason, opensLater));
    }

    private void end(Played on, String by, @Nullable Integer code, @Nullable String reason, boolean opensLater) {
        on.over();
        if (!by.equals("client") || opensLater) {
            on.twins.forEach(twin -> sockets.end(twin, 1006, ""));
            sockets.end(on.wire(), code == null ? 1006 : code, Objects.requireNonNullElse(reason, ""));
            environment.run();
        }
        String wrong = Objects.requireNonNull(clientEnds).ended(on.id(), by, code, reason, on.first() != null);
        if (wrong != null) {
            differ(wrong);
        }
    }

    // ---- what our client does ----

    /** A wire of our client: a recorded connection, or one beside it for what v1 does not tell apart. */
    private void attempt(SimulatedConnection wire) {
        sockets.attempt(wire);
        Played on = current;
        if (on == null || on.isOver() || !sockets.isWanted()) {
            return;
        }
        boolean isAgain = on.isLetGo() || application().wasIdle();
        if (!isAgain && !on.mayHaveTwin()) {
            differ("our client wants another connection beside " + on.id() + ", the recorded one did not");
            return;
        }
        String more = on.id() + (isAgain ? " again " : " beside ") + connections.size();
        connections.put(more, on);
        if (isAgain) {
            on.wire(more);
        } else {
            on.twins.add(more);
        }
        sockets.offer(more, Map.of(SUBPROTOCOL, on.subprotocol().token()));
    }

    @Override
    public void opened(String id) {
        Played on = Objects.requireNonNull(connections.get(id));
        if (id.equals(on.id())) {
            current = on;
            application().connected(on);
        } else {
            if (id.equals(on.wire())) {
                application().connectedAgain();
            }
            server.greet(on, id);
        }
    }

    @Override
    public void message(String id, DataKind kind, ByteBuffer bytes) {
        Played on = Objects.requireNonNull(connections.get(id));
        byte[] message = new byte[bytes.remaining()];
        bytes.duplicate().get(message);
        List<Request> requests = ClientFrame.read(on.subprotocol(), message, kind == DataKind.TEXT);
        if (requests.isEmpty()) {
            differ("our client sent something that no server reads on " + id);
        }
        requests.forEach(request -> sent(on, id, request));
    }

    private void sent(Played on, String wire, Request request) {
        if (request instanceof Request.Subscribe set) {
            OurView.Ids ids = new OurView.Ids(wire, set.requestId(), set.querySet());
            for (OurView view : application().views()) {
                if (view.isOf(set.queries()) && view.ids(on.id()) == null) {
                    view.asked(on.id(), ids);
                    return;
                }
                if (view.ids(on.id()) != null && view.isOpen() && view.isOf(set.queries()) && !isOver) {
                    differ("our client asks again for " + view + ", the recorded one did not");
                }
            }
        } else if (request instanceof Request.Unsubscribe set) {
            OurView.Ids ids = new OurView.Ids(wire, set.requestId(), set.querySet());
            application().views().forEach(view -> view.released(on.id(), ids));
        } else {
            application().unsent().stream()
                    .filter(each -> each.isSame(request))
                    .findFirst()
                    .ifPresent(each -> {
                        each.sent(request);
                        application().unsent().remove(each);
                    });
        }
    }

    @Override
    public void closed(String id) {
        Played on = connections.get(id);
        // A connection beside the recorded one ends with its last query.
        if (isOver || on == null || !id.equals(on.wire())) {
            return;
        }
        if (application().wasIdle()) {
            on.letGo();
        } else {
            differ("our client ended the connection " + id + ", the recorded one did not");
        }
    }
}
