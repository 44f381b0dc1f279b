package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import dev.tributary.conformance.interop.ForeignProcess;
import dev.tributary.conformance.interop.PublishedPackages;
import dev.tributary.testkit.sodp.SodpDialect;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The official Python client and ours on the reference server, in each of its dialects: after each write of either side both
 * hold what the server holds. Run by the profile {@code interop}; skipped where the client cannot be installed.
 */
@Tag("interop")
class PythonClientTest {

    private static final String CLIENT = "sodp-client==0.2.2";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String KEY = "game.player";

    @ParameterizedTest
    @EnumSource
    @Tag("S40")
    @Tag("S22")
    void whatWeWriteBothHold(SodpDialect dialect) throws Exception {
        try (Meeting meeting = new Meeting(dialect)) {
            Sodp sodp = meeting.sodp();
            meeting.both("not written yet");
            meeting.done(sodp.set(KEY, sample(), PATIENCE));
            meeting.both("set");
            meeting.done(sodp.patch(KEY, Map.of("hp", 90, "new", List.of(1, 2.5)), PATIENCE));
            meeting.both("patched");
            meeting.done(sodp.setIn(KEY, "/place/x", -7, PATIENCE));
            meeting.both("set in");
            meeting.done(sodp.setIn(KEY, "/place/deeper/é", "ü", PATIENCE));
            meeting.both("set in, with a parent made");
            Map<String, Object> shorter = new TreeMap<>(sample());
            shorter.remove("name");
            shorter.put("items", List.of("a"));
            meeting.done(sodp.set(KEY, shorter, PATIENCE));
            meeting.both("members and elements removed");
            meeting.done(sodp.set(KEY, Long.MAX_VALUE, PATIENCE));
            meeting.both("a number");
            meeting.done(sodp.set(KEY, List.of(Map.of("a", true), List.of()), PATIENCE));
            meeting.both("an array");
            if (dialect == SodpDialect.GO) {
                meeting.done(sodp.append(KEY, "last", PATIENCE));
                meeting.both("appended");
            }
            meeting.done(sodp.delete(KEY, PATIENCE));
            meeting.both("deleted");
            meeting.done(sodp.set(KEY, Map.of("life", 2), PATIENCE));
            meeting.both("created again");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("S22")
    @Tag("S26")
    void whatTheyWriteBothHold(SodpDialect dialect) throws Exception {
        String nested = dialect == SodpDialect.GO ? "place.x" : "/place/x";
        String element = dialect == SodpDialect.GO ? "place.deeper.z" : "/place/deeper/z";
        try (Meeting meeting = new Meeting(dialect)) {
            meeting.ask("call", "\"state.set\"", arguments("\"value\":" + json(sample())));
            meeting.both("set");
            meeting.ask("call", "\"state.patch\"", arguments("\"patch\":{\"hp\":1,\"place\":{\"y\":3}}"));
            meeting.both("patched");
            meeting.ask("call", "\"state.set_in\"", arguments("\"path\":\"" + nested + "\",\"value\":[1,{}]"));
            meeting.both("set in");
            meeting.ask("call", "\"state.set_in\"", arguments("\"path\":\"" + element + "\",\"value\":\"é\""));
            meeting.both("set in deeper");
            meeting.ask("call", "\"state.delete\"", arguments("\"x\":0"));
            meeting.both("deleted");
            meeting.ask("call", "\"state.set\"", arguments("\"value\":18446744073709551615"));
            meeting.both("the largest number");
            assertThatThrownBy(() -> meeting.ask("call", "\"no.such.method\"", arguments("\"x\":0")))
                    .hasMessageContaining("FAILED");
            meeting.both("after a refusal");
        }
    }

    /** The official client resumes on any server, and that of Go sends no STATE_INIT then. */
    @ParameterizedTest
    @EnumSource(names = {"RUST", "TYPESCRIPT"})
    @Tag("S30")
    void bothCatchUpAfterACut(SodpDialect dialect) throws Exception {
        try (Meeting meeting = new Meeting(dialect)) {
            meeting.done(meeting.sodp().set(KEY, sample(), PATIENCE));
            meeting.both("before");
            for (int round = 0; round < 3; round++) {
                int now = round;
                meeting.server.leavePort();
                meeting.server.with(model -> {
                    model.patch(KEY, Map.of("hp", now, "round " + now, true));
                    model.patch(KEY, Map.of("hp", now + 100));
                });
                meeting.server.returnToPort();
                meeting.ask("await_connects", Integer.toString(2 + round));
                meeting.both("after cut " + round);
                meeting.done(meeting.sodp().patch(KEY, Map.of("ours", round), PATIENCE));
                meeting.both("live again " + round);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RUST", "TYPESCRIPT"})
    @Tag("S36")
    void presenceOfEitherSideGoesWithItsConnection(SodpDialect dialect) throws Exception {
        try (Meeting meeting = new Meeting(dialect)) {
            meeting.done(meeting.sodp().set(KEY, Map.of("who", Map.of()), PATIENCE));
            meeting.both("nobody");
            SodpPresence ours = meeting.done(
                    meeting.sodp().presence(KEY, SodpPath.parse("/who/java"), Map.of("line", 1), PATIENCE));
            meeting.ask("presence", "\"" + KEY + "\"", "\"/who/python\"", "{\"line\":2}");
            meeting.both("both are there");
            assertThat(json(meeting.truth())).isEqualTo("{\"who\":{\"java\":{\"line\":1},\"python\":{\"line\":2}}}");
            meeting.ask("close");
            Meeting.await(
                    meeting.view, "they went", () -> !json(value(meeting.view)).contains("python"));
            meeting.done(ours.withdraw(PATIENCE));
            assertThat(json(meeting.truth())).isEqualTo("{\"who\":{\"java\":null}}");
        }
    }

    /** The official client puts many keys into one frame on any server, and that of Go then gives two one stream. */
    @ParameterizedTest
    @EnumSource(names = {"RUST", "TYPESCRIPT"})
    @Tag("S14")
    void manyKeysGetTheirOwnDeltas(SodpDialect dialect) throws Exception {
        try (Meeting meeting = new Meeting(dialect)) {
            List<String> keys = List.of("a.one", "a.two", "a.three");
            Map<String, MaterializedView<Row>> views = new LinkedHashMap<>();
            keys.forEach(key -> views.put(key, meeting.source.materialize(Sodp.value(key))));
            meeting.ask("watch_many", json(keys));
            for (int round = 0; round < 10; round++) {
                for (String key : keys) {
                    if (round % 2 == 0) {
                        meeting.done(meeting.sodp().set(key, Map.of(key, round), PATIENCE));
                    } else {
                        meeting.ask(
                                "call",
                                "\"state.patch\"",
                                "{\"state\":\"" + key + "\",\"patch\":{\"their round\":" + round + "}}");
                    }
                }
                for (String key : keys) {
                    meeting.both("round " + round, key, views.get(key));
                }
            }
        }
    }

    private static String arguments(String rest) {
        return "{\"state\":\"" + KEY + "\"," + rest + "}";
    }

    private static Map<String, Object> sample() {
        return Map.of(
                "name",
                "Ada",
                "hp",
                100,
                "ratio",
                0.1,
                "big",
                (1L << 53) + 1,
                "place",
                Map.of("x", 1, "y", -2),
                "items",
                List.of("a", "b", List.of(1, 2)),
                "on",
                true);
    }

    private static @Nullable Object value(MaterializedView<Row> view) {
        return view.snapshot().isEmpty()
                ? null
                : view.snapshot().iterator().next().get("value");
    }

    /** As Python spells it, members sorted. */
    private static String json(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, String> sorted = new TreeMap<>();
            map.forEach((name, member) -> sorted.put(json(name), json(member)));
            return sorted.entrySet().stream()
                    .map(member -> member.getKey() + ":" + member.getValue())
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(PythonClientTest::json).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof String text ? "\"" + text + "\"" : String.valueOf(value);
    }

    /** One server, and both clients with a view of the same key. */
    private static final class Meeting implements AutoCloseable {

        private final dev.tributary.testkit.sodp.SodpServer server;
        private final ForeignProcess python;
        private final SyncSource source;
        private final MaterializedView<Row> view;

        Meeting(SodpDialect dialect) throws IOException, InterruptedException {
            Path interpreter = PublishedPackages.shared().python(CLIENT);
            Path script = interpreter.getParent().resolve("peer.py");
            try (InputStream in =
                    Objects.requireNonNull(PythonClientTest.class.getResourceAsStream("peer.py"), "peer.py")) {
                Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
            }
            server = dev.tributary.testkit.sodp.SodpServer.start(dialect);
            python =
                    ForeignProcess.talking(interpreter.getParent(), List.of(interpreter.toString(), script.toString()));
            source = Sodp.source(server.webSocketUri()).open();
            view = source.materialize(Sodp.value(KEY));
            await(view, "live", () -> view.status().phase() == dev.tributary.Phase.LIVE);
            ask("connect", "\"" + server.webSocketUri() + "\"");
            ask("watch", "\"" + KEY + "\"");
        }

        Sodp sodp() {
            return source.unwrap(Sodp.class);
        }

        <T> T done(CompletableFuture<T> future) throws Exception {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        @Nullable
        Object truth() {
            return server.query(model -> model.value(KEY));
        }

        void both(String when) throws IOException, InterruptedException {
            both(when, KEY, view);
        }

        /** Both sides come to hold what the server holds. */
        void both(String when, String key, MaterializedView<Row> ours) throws IOException, InterruptedException {
            String truth = json(server.query(model -> model.value(key)));
            await(ours, when, () -> json(value(ours)).equals(truth));
            ask("await_value", "\"" + key + "\"", truth);
        }

        String ask(String command, String... arguments) throws IOException, InterruptedException {
            List<String> line = new ArrayList<>(List.of("\"" + command + "\""));
            line.addAll(List.of(arguments));
            String answer = python.ask(line.stream().collect(Collectors.joining(",", "[", "]")), PATIENCE);
            if (answer.startsWith("FAILED")) {
                throw new AssertionError("the Python client: " + answer + "; it wrote: " + python.written());
            }
            return answer;
        }

        static void await(MaterializedView<Row> view, String what, java.util.function.BooleanSupplier condition) {
            CompletableFuture<Void> so = new CompletableFuture<>();
            Registration registration = view.listen(new ViewListener<>() {
                @Override
                public void onCommit(Commit<Row> commit) {
                    look();
                }

                @Override
                public void onStatus(ViewStatus status) {
                    look();
                }

                private void look() {
                    if (condition.getAsBoolean()) {
                        so.complete(null);
                    }
                }
            });
            try {
                so.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException
                    | java.util.concurrent.TimeoutException
                    | InterruptedException e) {
                throw new AssertionError(
                        what + ": the view is " + view.status() + " and holds " + json(value(view)), e);
            } finally {
                registration.close();
            }
        }

        @Override
        public void close() {
            source.close();
            python.close();
            server.close();
        }
    }
}
