package dev.tributary.replay.sodp;

import dev.tributary.Credential;
import dev.tributary.Options;
import dev.tributary.Query;
import dev.tributary.replay.recording.BenchRun;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ProtocolBench;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.sodp.Sodp;
import dev.tributary.sodp.SodpTransport;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.WireEnd;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One replay of one transcript without an engine: its frames go, in the order of the file, to the protocol and its rows;
 * what the recorded client sent tells what is followed and called. Answers to what our client never sends are left out.
 */
final class SodpDecoderReplay {

    private static final Duration SHORT_PAUSE = Duration.ofMillis(2_500);
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private final Transcript transcript;
    private final List<Line> lines;
    private final Map<String, Query> queries;
    private final Refreshes refreshes;
    private final SodpTransport transport = new SodpTransport();
    private final SplittableRandom random;
    private final boolean authenticates;
    private final @Nullable Object memory = transport.memory();
    private final Map<String, BenchRun> runs = new LinkedHashMap<>();
    private final CallBook calls = new CallBook();
    private final List<String> used = new ArrayList<>();
    private final List<String> unused = new ArrayList<>();

    private OurRequests requests = new OurRequests();
    private Dialect dialect = Dialect.TYPESCRIPT;
    private @Nullable ProtocolBench bench;
    private @Nullable Sodp sodp;
    private @Nullable Line current;
    private @Nullable String difference;

    SodpDecoderReplay(Transcript transcript, ReplayOptions options, List<Line> lines) {
        this.transcript = transcript;
        this.lines = lines;
        this.queries = KeyRows.byKey(transcript.queries());
        this.refreshes = new Refreshes(lines);
        this.random = new SplittableRandom(options.seed());
        this.authenticates = lines.stream().anyMatch(line -> line.sends(Frame.AUTH));
    }

    Outcome run() throws TranscriptException {
        for (Line line : lines) {
            current = line;
            switch (line.event().kind()) {
                case "ws-open" -> open();
                case "ws-recv" -> received(line);
                case "ws-send" -> sent(line);
                case "ws-close" -> closed(line);
                case "truth" ->
                    compare("line " + line.number(), line.event().members().get("now"), false);
                default -> {}
            }
            if (difference != null) {
                return Outcome.failed(difference, used, unused);
            }
        }
        Object expected = transcript.finalState();
        if (expected == null) {
            difference = calls.difference();
        } else {
            compare("final", expected, true);
        }
        String reached = runs.size() + " keys after " + used.size() + " frames, decoded";
        return difference == null ? Outcome.passed(reached, used, unused) : Outcome.failed(difference, used, unused);
    }

    private void open() {
        SessionContext context = new SessionContext(
                URI.create("ws://replay.invalid/"), Options.of(Map.of()), authenticates, random, memory);
        requests = new OurRequests();
        ProtocolBench opened = new ProtocolBench(transport, context, SHORT_PAUSE, new ProtocolBench.Watcher() {
            @Override
            public void sent(DataKind kind, ByteBuffer bytes) {
                ours(bytes);
            }

            @Override
            public void behind(BenchRun run, Throwable reason) {
                repaired(run.query().name(), reason);
            }
        });
        bench = opened;
        Sodp api = transport.unwrap(Sodp.class, opened.calls()).orElseThrow();
        sodp = api;
        // Something has to want the connection: the recorded client was there before it asked for anything.
        api.server(DEADLINE).whenComplete((server, failure) -> {});
        opened.opened(101);
    }

    private void ours(ByteBuffer bytes) {
        byte[] message = new byte[bytes.remaining()];
        bytes.duplicate().get(message);
        Frame frame = Frame.read(message);
        if (frame != null && frame.isAsk()) {
            frame.keys().forEach(key -> requests.asks(key, frame.stream()));
        } else if (frame != null && frame.type() == Frame.CALL) {
            calls.sent(frame);
        }
    }

    private void repaired(String key, Throwable reason) {
        Line line = Objects.requireNonNull(current);
        if (!refreshes.take(line.connection(), key, line)) {
            differ("our protocol found a fault of " + key + ", the recorded client did not: " + reason.getMessage()
                    + " after " + line.place());
        }
    }

    private void received(Line line) throws TranscriptException {
        ProtocolBench to = bench;
        Frame frame = line.frame();
        Topic topic = Objects.requireNonNull(line.topic());
        boolean isLeftOut = topic.kind() == Topic.Kind.FOREIGN || (topic.call() != null && !calls.isSent(topic.call()));
        if (to == null || to.ending() != null || isLeftOut) {
            unused.add(line.connection() + ":" + line.number());
            return;
        }
        used.add(line.connection() + ":" + line.number());
        if (frame == null) {
            byte[] binary = Analysis.binary(line.event());
            String text = String.valueOf(line.event().text("text"));
            to.data(
                    binary == null ? DataKind.TEXT : DataKind.BINARY,
                    binary == null ? text.getBytes(StandardCharsets.UTF_8) : binary);
            return;
        }
        if (topic.kind() == Topic.Kind.HELLO) {
            dialect = Dialect.of(frame);
        }
        byte[] bytes = OurNumbers.in(frame, topic, calls, requests);
        if (topic.key() != null && frame.type() == Frame.STATE_INIT) {
            requests.answered(topic.key());
        }
        to.data(DataKind.BINARY, bytes);
        if (topic.call() != null) {
            calls.answered(topic.call(), frame);
        }
    }

    private void sent(Line line) {
        Frame frame = line.frame();
        ProtocolBench to = bench;
        if (frame == null || to == null || to.ending() != null) {
            return;
        }
        switch (frame.type()) {
            case Frame.AUTH ->
                to.credential(Credential.token(String.valueOf(Objects.requireNonNullElse(frame.text("token"), ""))));
            case Frame.WATCH, Frame.RESUME -> frame.keys().forEach(key -> follow(key, to));
            case Frame.UNWATCH ->
                frame.keys().stream().map(runs::get).filter(Objects::nonNull).forEach(to::unsubscribe);
            case Frame.CALL -> calls.make(Objects.requireNonNull(line.call()), Objects.requireNonNull(sodp), dialect);
            default -> {}
        }
    }

    private void follow(String key, ProtocolBench to) {
        BenchRun run = runs.computeIfAbsent(key, name -> new BenchRun(queries.getOrDefault(name, Query.of(name))));
        if (!run.isActive()) {
            to.subscribe(run);
        }
    }

    private void closed(Line line) {
        ProtocolBench from = bench;
        if (from != null) {
            int code = line.event().members().get("code") instanceof BigDecimal number ? number.intValue() : 1006;
            from.ended(
                    code == 1006
                            ? WireEnd.of(WireEnd.Kind.BROKEN, "the recorded connection broke", null)
                            : new WireEnd(WireEnd.Kind.CLOSED, code, "", null));
        }
    }

    private void compare(String place, @Nullable Object expected, boolean all) {
        Map<String, @Nullable Object> wanted = Json.members(expected);
        for (Map.Entry<String, @Nullable Object> entry : wanted.entrySet()) {
            BenchRun run = runs.get(entry.getKey());
            if (run == null || run.rows().committedSchema() == null) {
                if (all) {
                    differ(place + ": nothing came of " + entry.getKey());
                }
                continue;
            }
            String found =
                    KeyRows.difference(run.query(), entry.getValue(), run.rows().rows());
            if (found != null) {
                differ(place + ": " + entry.getKey() + ": " + found);
            }
        }
    }

    private void differ(String what) {
        if (difference == null) {
            difference = what;
        }
    }
}
