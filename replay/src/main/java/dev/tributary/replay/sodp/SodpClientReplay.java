package dev.tributary.replay.sodp;

import dev.tributary.Credential;
import dev.tributary.Query;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ProtocolReplay;
import dev.tributary.replay.recording.RecordedSockets;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Script;
import dev.tributary.replay.recording.Step;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.sodp.Sodp;
import dev.tributary.sodp.SodpSourceBuilder;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One replay of one transcript with a whole client: the recording is its server, and its application. */
final class SodpClientReplay implements RecordedSockets.Listener {

    private final Transcript transcript;
    private final List<Line> lines;
    private final SimulatedEnvironment environment;
    private final SimulatedWireProvider wires;
    private final RecordedSockets sockets;
    private final Refreshes refreshes;
    private final CallBook calls = new CallBook();
    private final Map<String, OurRequests> requests = new HashMap<>();
    private final Map<String, Dialect> dialects = new HashMap<>();
    /** The last frame of a lane that our client got. */
    private final Map<String, Line> delivered = new HashMap<>();

    private final List<String> used = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Script script;
    private @Nullable OpenViews views;
    private @Nullable Sodp sodp;
    private @Nullable String difference;
    private boolean isOver;

    SodpClientReplay(Transcript transcript, ReplayOptions options, List<Line> lines) {
        this.transcript = transcript;
        this.lines = lines;
        this.environment = new SimulatedEnvironment(options.seed());
        this.sockets = new RecordedSockets(environment, this);
        this.wires = new SimulatedWireProvider(
                Set.of("ws", "wss"), sockets::attempt, SimulatedNetwork.PERFECT.pieces(options.mostPiece()));
        this.refreshes = new Refreshes(lines);
        this.script = new Script(steps());
    }

    Outcome run() {
        String reached;
        try (SyncSource source = open()) {
            OpenViews open = new OpenViews(source, KeyRows.byKey(transcript.queries()));
            views = open;
            sodp = source.unwrap(Sodp.class);
            script.play(environment);
            environment.run();
            if (difference == null) {
                difference = finalDifference(open);
            }
            reached = open.size() + " keys after " + used.size() + " frames"
                    + (calls.refused().isEmpty() ? "" : "; our API refused " + String.join("; ", calls.refused()));
            isOver = true;
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

    /** What our client still held after it was closed. */
    SimulatedEnvironment.Pending leftBehind() {
        return environment.pending();
    }

    private SyncSource open() {
        String path = lines.stream()
                .filter(line -> line.is("ws-open"))
                .map(line -> String.valueOf(line.event().text("target")))
                .filter(target -> target.startsWith("/"))
                .findFirst()
                .orElse("/");
        SodpSourceBuilder builder = Sodp.source(URI.create("ws://replay.invalid" + path))
                .environment(environment)
                .wires(wires)
                .listener(new SourceListener() {
                    @Override
                    public void onFault(Query query, String what, String where) {
                        faults.add(what + " (" + where + ")");
                    }
                });
        Deque<String> tokens = tokens();
        if (!tokens.isEmpty()) {
            builder.credentials(refusal -> CompletableFuture.<@Nullable Credential>completedFuture(
                    Credential.token(tokens.size() > 1 ? tokens.remove() : tokens.element())));
        }
        return builder.open();
    }

    /** In the order of the recording, each attempt's first; the empty one, which ours never sends, left out. */
    private Deque<String> tokens() {
        Deque<String> tokens = new ArrayDeque<>();
        List<String> authenticated = new ArrayList<>();
        for (Line line : lines) {
            String token = line.frame() == null ? null : line.frame().text("token");
            if (line.sends(Frame.AUTH)
                    && token != null
                    && !token.isEmpty()
                    && !authenticated.contains(line.connection())) {
                authenticated.add(line.connection());
                tokens.add(token);
            }
        }
        return tokens;
    }

    // ---- the steps ----

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            Step step = switch (line.event().kind()) {
                case "ws-open" ->
                    Step.place(
                            line.number(),
                            line.event().time(),
                            earlier -> false,
                            () -> sockets.offer(line.connection()));
                case "ws-recv" -> received(line);
                case "ws-send" -> sent(line);
                case "ws-close" -> closed(line, opensLater(i));
                case "truth" -> truth(line);
                default -> null;
            };
            if (step != null) {
                steps.add(step);
            }
        }
        return steps;
    }

    private boolean opensLater(int index) {
        return lines.subList(index, lines.size()).stream().anyMatch(line -> line.is("ws-open"));
    }

    private Step received(Line line) {
        String id = line.connection();
        Topic topic = Objects.requireNonNull(line.topic());
        String lane = switch (topic.kind()) {
            case HELLO, AUTH -> id;
            case KEY -> lane(id, String.valueOf(topic.key()));
            case CALL -> id + " call " + topic.call();
            default -> id + " ";
        };
        return Step.frame(
                line.number(),
                line.event().time(),
                id,
                lane,
                () -> isReady(line, topic),
                () -> isMoot(line, topic),
                () -> deliver(line, topic, lane));
    }

    private static String lane(String connection, String key) {
        return connection + " key " + key;
    }

    private OurRequests requests(String connection) {
        return requests.computeIfAbsent(connection, id -> new OurRequests());
    }

    private boolean isReady(Line line, Topic topic) {
        if (sockets.find(line.connection()) == null) {
            return false;
        }
        OurRequests ours = requests(line.connection());
        String key = String.valueOf(topic.key());
        return switch (topic.kind()) {
            case AUTH -> ours.hasSentToken();
            case KEY -> isDelta(line) ? ours.hasAsked(key) : ours.expects(key);
            case CALL -> topic.call() != null && calls.isSent(topic.call());
            default -> true;
        };
    }

    private static boolean isDelta(Line line) {
        return line.frame() != null && line.frame().type() == Frame.DELTA;
    }

    private boolean isMoot(Line line, Topic topic) {
        if (topic.kind() == Topic.Kind.FOREIGN || sockets.isOver(line.connection())) {
            return true;
        }
        if (topic.kind() == Topic.Kind.CALL) {
            return topic.call() != null && calls.isDead(topic.call());
        }
        String key = topic.key();
        return key != null
                && sockets.find(line.connection()) != null
                && !requests(line.connection()).expects(key)
                && (views == null || !views.isWanted(key))
                && !(isDelta(line) && requests(line.connection()).hasAsked(key));
    }

    private void deliver(Line line, Topic topic, String lane) {
        SimulatedConnection ours = Objects.requireNonNull(sockets.find(line.connection()));
        Frame frame = line.frame();
        used.add(line.connection() + ":" + line.number());
        delivered.put(lane, line);
        if (frame == null) {
            unreadable(line, ours);
            return;
        }
        if (topic.kind() == Topic.Kind.HELLO) {
            dialects.put(line.connection(), Dialect.of(frame));
        }
        if (topic.key() != null && !isDelta(line)) {
            requests(line.connection()).answered(topic.key());
        }
        ours.binary(OurNumbers.in(frame, topic, calls, requests(line.connection())));
        if (topic.call() != null) {
            calls.answered(topic.call(), frame);
        }
    }

    /** Text, or bytes that are no frame: our client has to cope with them. */
    private static void unreadable(Line line, SimulatedConnection ours) {
        String text = line.event().text("text");
        if (text != null) {
            ours.text(text);
            return;
        }
        String base64 = line.event().text("binary64");
        ours.binary(base64 == null ? new byte[0] : java.util.Base64.getDecoder().decode(base64));
    }

    private @Nullable Step sent(Line line) {
        Frame frame = line.frame();
        if (frame == null) {
            return null;
        }
        Runnable action = switch (frame.type()) {
            case Frame.WATCH, Frame.RESUME -> () -> frame.keys().forEach(key -> ask(line, key));
            case Frame.UNWATCH -> () -> frame.keys().forEach(key -> release(line, key));
            case Frame.CALL -> () -> call(line);
            default -> null;
        };
        return action == null ? null : Step.place(line.number(), line.event().time(), this::isAwaited, action);
    }

    /** Whether the application waits for an earlier frame: not if our client has no reason to connect yet. */
    private boolean isAwaited(Step earlier) {
        String connection = earlier.connection();
        boolean idle = views == null || views.isEmpty();
        return connection == null || !idle || sockets.find(connection) != null;
    }

    private void ask(Line line, String key) {
        OpenViews open = Objects.requireNonNull(views);
        OurRequests ours = requests(line.connection());
        Refreshes.Refresh refresh = refreshes.watchOf(line.connection(), key, line.number());
        if (!open.isWanted(key)) {
            ours.permit(key);
            open.open(key);
        } else if (refresh != null) {
            if (!refreshes.isTaken(refresh)) {
                ours.permit(key);
                open.refresh(key);
            }
        } else if (ours.isAnswered(key)) {
            ours.unprompted(key);
        }
    }

    private void release(Line line, String key) {
        if (!refreshes.isUnwatchOf(line.connection(), key, line.number())) {
            Objects.requireNonNull(views).close(key);
        }
    }

    private void call(Line line) {
        Dialect dialect = dialects.getOrDefault(line.connection(), Dialect.TYPESCRIPT);
        calls.make(Objects.requireNonNull(line.call()), Objects.requireNonNull(sodp), dialect);
    }

    private Step closed(Line line, boolean opensLater) {
        boolean byClient = "client".equals(line.event().text("by"));
        int code = line.event().members().get("code") instanceof BigDecimal number ? number.intValue() : 1006;
        String reason = String.valueOf(Objects.requireNonNullElse(line.event().text("reason"), ""));
        return Step.place(line.number(), line.event().time(), () -> {
            if (!byClient || opensLater) {
                sockets.end(line.connection(), "drop".equals(line.event().text("by")) ? 1006 : code, reason);
            }
        });
    }

    private @Nullable Step truth(Line line) {
        Object now = line.event().members().get("now");
        if (now == null) {
            return null;
        }
        return Step.place(line.number(), line.event().time(), () -> {
            String found = Objects.requireNonNull(views).difference(now, false);
            if (found != null) {
                differ("line " + line.number() + ": " + found);
            }
        });
    }

    private void differ(String what) {
        if (difference == null) {
            difference = what + (faults.isEmpty() ? "" : "; our client reported " + faults.get(faults.size() - 1));
            script.stop();
        }
    }

    private @Nullable String finalDifference(OpenViews open) {
        Object expected = transcript.finalState();
        String found = expected == null ? calls.difference() : open.difference(expected, true);
        if (found == null) {
            return null;
        }
        Step abandoned = script.abandoned();
        return "final: " + found
                + (abandoned == null ? "" : "; our client never came to line " + abandoned.line())
                + (faults.isEmpty() ? "" : "; our client reported " + faults.get(0));
    }

    // ---- what our client does ----

    @Override
    public void opened(String id) {}

    @Override
    public void message(String id, DataKind kind, ByteBuffer bytes) {
        byte[] message = new byte[bytes.remaining()];
        bytes.duplicate().get(message);
        Frame frame = Frame.read(message);
        if (frame == null || kind != DataKind.BINARY) {
            differ("our client sent something that is no frame on " + id);
            return;
        }
        switch (frame.type()) {
            case Frame.AUTH -> requests(id).sendsToken();
            case Frame.WATCH, Frame.RESUME -> frame.keys().forEach(key -> asked(id, key, frame));
            case Frame.CALL -> calls.sent(frame);
            default -> {}
        }
    }

    private void asked(String id, String key, Frame frame) {
        OurRequests ours = requests(id);
        boolean again = ours.isAnswered(key) && !ours.isWaiting(key) && !ours.isPermitted(key);
        ours.asks(key, frame.stream());
        Line last = delivered.get(lane(id, key));
        if (again && !isOver && !refreshes.take(id, key, last)) {
            differ("our client found a fault of " + key + " and repaired it, the recorded one did not, after "
                    + (last == null ? id : last.place()));
        }
        if (frame.type() == Frame.RESUME) {
            resumed(id, key, frame.number("since_version", 0));
        }
    }

    /** Our client missed something if the recorded one had come further. */
    private void resumed(String id, String key, long since) {
        for (Line line : lines) {
            Frame recorded = line.frame();
            if (recorded != null
                    && line.connection().equals(id)
                    && line.sends(Frame.RESUME)
                    && key.equals(recorded.text("state"))
                    && recorded.number("since_version", 0) > since) {
                differ("our client resumes " + key + " from version " + since + ", the recorded one had version "
                        + recorded.number("since_version", 0) + " at " + line.place());
            }
        }
    }

    @Override
    public void closed(String id) {
        boolean isRefused = delivered.values().stream()
                .anyMatch(line -> line.connection().equals(id)
                        && line.frame() != null
                        && line.frame().type() == Frame.ERROR
                        && (line.frame().number("code", 0) == 401
                                || line.frame().number("code", 0) == 413));
        boolean idle = views == null || views.isEmpty();
        if (!isOver && !isRefused && !idle) {
            differ("our client ended the connection " + id + ", the recorded one did not");
        }
    }
}
