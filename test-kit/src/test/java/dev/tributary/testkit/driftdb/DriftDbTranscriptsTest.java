package dev.tributary.testkit.driftdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.testkit.driftdb.DriftValue.Member;
import dev.tributary.testkit.socket.HttpRequest;
import dev.tributary.testkit.socket.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the real server's clients said, said to the model: each answer and each frame is what the real server gave. */
class DriftDbTranscriptsTest {

    private static final List<String> FILES = List.of(
            "01-push-each-action",
            "02-two-clients",
            "03-catch-up-after-offline",
            "04-cooperative-compaction",
            "05-stream-size-rules",
            "06-malformed-message",
            "07-http-messaging",
            "08-server-restart");

    @TestFactory
    Stream<DynamicTest> theModelAnswersAsTheRealServerDid() {
        return FILES.stream()
                .map(file -> DynamicTest.dynamicTest(file, () -> {
                    Replay replay = new Replay();
                    lines(file).forEach(replay::event);
                    replay.finish();
                }));
    }

    @Test
    void aFrameThatDiffersIsSeen() throws IOException {
        Replay replay = new Replay();
        for (String line : lines(FILES.get(0))) {
            replay.event(line.replace("\\\"three\\\",\\\"seq\\\":3", "\\\"three\\\",\\\"seq\\\":4"));
        }
        assertThatThrownBy(replay::finish).isInstanceOf(AssertionError.class).hasMessageContaining("\"seq\":4");
    }

    private static List<String> lines(String file) throws IOException {
        try (InputStream in =
                DriftDbTranscriptsTest.class.getResourceAsStream("/transcripts/driftdb/" + file + ".jsonl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static @Nullable DriftValue get(@Nullable DriftValue object, String name) {
        if (object instanceof DriftValue.Map map) {
            for (Member member : map.members()) {
                if (member.key().equals(new DriftValue.Text(name))) {
                    return member.value();
                }
            }
        }
        return null;
    }

    private static @Nullable String text(@Nullable DriftValue object, String name) {
        return get(object, name) instanceof DriftValue.Text text ? text.value() : null;
    }

    private static String need(@Nullable String text) {
        if (text == null) {
            throw new IllegalArgumentException("the line lacks a member");
        }
        return text;
    }

    private static Map<String, String> map(@Nullable DriftValue object) {
        Map<String, String> map = new LinkedHashMap<>();
        if (object instanceof DriftValue.Map given) {
            for (Member member : given.members()) {
                map.put(((DriftValue.Text) member.key()).value(), ((DriftValue.Text) member.value()).value());
            }
        }
        return map;
    }

    private static final class Replay {

        private final DriftDbModel model =
                new DriftDbModel(DriftDbOptions.standAlone().withDrainMillis(0), () -> 0, new SplittableRandom(1));
        private final Map<String, DriftDbConnection> connections = new HashMap<>();
        private final Map<String, RecordingOutlet> outlets = new LinkedHashMap<>();
        private final Map<String, List<String>> expected = new LinkedHashMap<>();
        private final Map<String, Answer> answers = new HashMap<>();
        /** The recorded id of a room → ours. */
        private final Map<String, String> rooms = new LinkedHashMap<>();

        private @Nullable DriftValue end;

        void event(String line) {
            DriftValue event = DriftValue.json(line);
            String kind = text(event, "kind");
            String id = String.valueOf(text(event, "id"));
            switch (String.valueOf(kind)) {
                case "null" -> end = get(event, "final");
                case "http-request" -> answers.put(id, ask(event, map(get(event, "headers"))));
                case "http-response" -> response(id, event);
                case "ws-open" -> open(id, event);
                case "ws-send" -> send(connections.get(id), event);
                case "ws-recv" ->
                    expected.computeIfAbsent(id, key -> new ArrayList<>()).add(frame(event));
                case "ws-close" -> close(id, event);
                case "truth" -> truth(event);
                default -> throw new IllegalArgumentException("an event of kind " + kind);
            }
        }

        private Answer ask(DriftValue event, Map<String, String> headers) {
            headers.putIfAbsent("host", "driftdb.example");
            String method = text(event, "method");
            String body = text(event, "body");
            return ask(new HttpRequest(
                    method == null ? "GET" : method,
                    ours(need(text(event, "target"))),
                    headers,
                    (body == null ? "" : body).getBytes(StandardCharsets.UTF_8)));
        }

        private Answer ask(HttpRequest request) {
            List<Answer> given = new ArrayList<>();
            model.request(request, given::add);
            assertThat(given).hasSize(1);
            return given.get(0);
        }

        private void response(String id, DriftValue event) {
            HttpResponse response = ((Answer.Response) answers.remove(id)).response();
            String body = need(text(event, "body"));
            String room = text(body.startsWith("{\"room\"") ? DriftValue.json(body) : null, "room");
            if (room != null) {
                rooms.putIfAbsent(room, need(text(DriftValue.json(response.bodyText()), "room")));
            }
            Map<String, String> headers = map(get(event, "headers"));
            headers.remove("content-length");
            assertThat(response.bodyText()).isEqualTo(ours(body));
            assertThat(get(event, "status").json()).isEqualTo(String.valueOf(response.status()));
            assertThat(response.headers()).isEqualTo(headers);
        }

        private void open(String id, DriftValue event) {
            Answer.Open open = (Answer.Open) ask(event, map(get(event, "request_headers")));
            assertThat(map(get(event, "response_headers"))).containsAllEntriesOf(open.headers());
            RecordingOutlet outlet = new RecordingOutlet();
            outlets.put(id, outlet);
            connections.put(id, open.connection());
            open.connection().attach(outlet);
        }

        private static void send(DriftDbConnection connection, DriftValue event) {
            String text = text(event, "text");
            if (text != null) {
                connection.text(text);
            } else {
                connection.binary(Base64.getDecoder().decode(need(text(event, "binary64"))));
            }
        }

        private static String frame(DriftValue event) {
            String text = text(event, "text");
            return text != null
                    ? text
                    : HexFormat.of().formatHex(Base64.getDecoder().decode(need(text(event, "binary64"))));
        }

        private void close(String id, DriftValue event) {
            DriftDbConnection connection = connections.get(id);
            if (connection == null) {
                // Refused by the network, or ended without an answer to the handshake.
                assertThat(answers.remove(id)).isIn(null, new Answer.Cut());
                return;
            }
            if ("server".equals(text(event, "by"))) {
                assertThat(connection.isOpen()).as("the server ends " + id).isFalse();
            } else {
                assertThat(connection.isOpen()).as("the client ends " + id).isTrue();
                connection.gone();
            }
            expected.computeIfAbsent(id, key -> new ArrayList<>()).add("end");
        }

        private void truth(DriftValue event) {
            DriftValue message = get(event, "message");
            if (message != null) {
                ask(HttpRequest.post("/room/" + room() + "/send", message.json()));
            } else if (need(text(event, "note")).contains("killed")) {
                model.restart();
            }
        }

        void finish() {
            outlets.forEach(
                    (id, outlet) -> assertThat(outlet.heard).as(id).isEqualTo(expected.getOrDefault(id, List.of())));
            assertThat(answers).isEmpty();
            DriftDbRoom room = model.room(room());
            int keys = 0;
            for (Member stream : ((DriftValue.Map) get(end, "server")).members()) {
                String key = ((DriftValue.Text) stream.key()).value();
                List<DriftValue> retained = new ArrayList<>();
                for (DriftDbEntry entry : room.entries(key)) {
                    retained.add(DriftValue.json(
                            "[" + entry.seq() + "," + entry.value().json() + "]"));
                }
                assertThat(new DriftValue.Array(retained)).as(key).isEqualTo(stream.value());
                keys++;
            }
            assertThat(keys).isPositive();
        }

        /** Ours of the room that was made last. */
        private String room() {
            String last = "";
            for (String ours : rooms.values()) {
                last = ours;
            }
            return last;
        }

        private String ours(String text) {
            String mapped = text;
            for (Map.Entry<String, String> room : rooms.entrySet()) {
                mapped = mapped.replace(room.getKey(), room.getValue());
            }
            return mapped;
        }
    }
}
