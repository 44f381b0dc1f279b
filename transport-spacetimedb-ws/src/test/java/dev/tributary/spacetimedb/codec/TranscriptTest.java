package dev.tributary.spacetimedb.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spacetimedb.ConnectionId;
import dev.tributary.spacetimedb.codec.ServerMessage.Outcome;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real server sent is read whole, and says what is known of it by other means. */
class TranscriptTest {

    private static List<Object> read(List<Frames.Line> lines, Subprotocol subprotocol, long seed) {
        Recorder recorder = new Recorder();
        FrameReader reader = FrameReader.of(subprotocol, Limits.DEFAULT, recorder);
        Random random = new Random(seed);
        for (Frames.Line line : lines) {
            if (line.isReceived() && seed == 0) {
                Pieces.whole(reader, subprotocol, line.bytes());
            } else if (line.isReceived()) {
                Pieces.split(reader, subprotocol, line.bytes(), random);
            }
        }
        return recorder.events;
    }

    private static Subprotocol subprotocol(List<Frames.Line> lines) {
        return Subprotocol.of(lines.get(0).rest()).orElseThrow();
    }

    private static <T> Stream<T> all(List<Object> events, Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "05-v1json-oneoff-procedures-views",
                "07-v1json-subscription-errors",
                "11-v1bsatn-gzip",
                "12-v1bsatn-brotli-light",
                "13-v2bsatn-everything",
                "14-v3bsatn-bundles",
                "16-v1bsatn-1x-module-light"
            })
    @Tag("T17")
    @Tag("T18")
    @Tag("T31")
    @Tag("T32")
    @Tag("T33")
    @Tag("T64")
    void tellsTheOutcomesOfARecordedConversation(String name) {
        List<Frames.Line> lines = Frames.load(name);
        Subprotocol subprotocol = subprotocol(lines);
        List<Object> events = read(lines, subprotocol, 0);
        assertThat(events.get(0)).isEqualTo(MessageKind.CONNECTED);
        for (int seed = 1; seed < 4; seed++) {
            assertThat(read(lines, subprotocol, seed)).isEqualTo(events);
        }
        ConnectionId mine = all(events, ServerMessage.Connected.class)
                .findFirst()
                .orElseThrow()
                .connectionId();
        List<String> told = Stream.of(
                        all(events, ServerMessage.TransactionUpdate.class).flatMap(each -> call(each, mine)),
                        all(events, ServerMessage.ReducerResult.class).map(TranscriptTest::call),
                        all(events, ServerMessage.ProcedureResult.class).map(TranscriptTest::procedure),
                        all(events, ServerMessage.OneOffResult.class).map(each -> query(each, events)),
                        all(events, ServerMessage.SubscribeApplied.class)
                                .map(each -> "subscription " + each.requestId() + " applied"),
                        all(events, ServerMessage.SubscriptionError.class)
                                .map(each -> "subscription " + each.requestId() + " failed " + each.error()))
                .flatMap(each -> each)
                .map(each -> each.strip().replace("\n", "\\n"))
                .toList();
        List<String> expected = lines.stream()
                .filter(line ->
                        List.of("call", "procedure", "query", "subscription").contains(line.word()))
                .map(line -> line.word() + " " + line.rest())
                .toList();
        assertThat(expected).isNotEmpty();
        assertThat(told)
                .containsAll(expected.stream()
                        .filter(line -> !isNeverRun(line, told))
                        .toList());
    }

    /** In v1 a call that never ran is answered without its number. */
    private static boolean isNeverRun(String line, List<String> told) {
        String[] words = line.split(" ", 4);
        return words[0].equals("call") && words.length == 4 && told.contains("call 0 " + words[2] + " " + words[3]);
    }

    private static Stream<String> call(ServerMessage.TransactionUpdate update, ConnectionId mine) {
        ServerMessage.ReducerEvent event = update.reducer();
        if (event == null || !mine.equals(event.connection())) {
            return Stream.of();
        }
        return Stream.of("call " + event.requestId() + " " + word(event.outcome()) + " "
                + (event.error() == null ? "" : event.error()));
    }

    private static String call(ServerMessage.ReducerResult result) {
        String error = result.error() == null ? "" : result.error();
        if (result.outcome() == Outcome.FAILED && result.value() != null) {
            // The error type of this module is a text: its length, then its bytes.
            error = new String(result.value().bytes(), java.nio.charset.StandardCharsets.UTF_8).substring(4);
        }
        return "call " + result.requestId() + " " + word(result.outcome()) + " " + error;
    }

    private static String procedure(ServerMessage.ProcedureResult result) {
        return "procedure " + result.requestId() + " "
                + (result.outcome() == Outcome.COMMITTED ? "returned" : word(result.outcome())) + " "
                + (result.error() == null ? "" : result.error());
    }

    private static String query(ServerMessage.OneOffResult result, List<Object> events) {
        Payload id = result.messageId();
        String key = id == null ? "" + result.requestId() : HexFormat.of().formatHex(id.bytes());
        if (result.error() != null) {
            return "query " + key + " error " + result.error();
        }
        String rows = all(events, RowPlace.class)
                .filter(place -> place.message() == MessageKind.ONE_OFF_RESULT)
                .filter(place ->
                        result.requestId() != null && result.requestId().equals(place.requestId()))
                .map(place -> place.table() + "="
                        + all(events, Recorder.Told.class)
                                .filter(row -> row.place() == place)
                                .count())
                .collect(Collectors.joining(","));
        return "query " + key + " rows " + rows;
    }

    private static String word(Outcome outcome) {
        return outcome.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The scripted client's frames, written again by us from what they say. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "05-v1json-oneoff-procedures-views",
                "07-v1json-subscription-errors",
                "11-v1bsatn-gzip",
                "12-v1bsatn-brotli-light",
                "13-v2bsatn-everything",
                "14-v3bsatn-bundles",
                "16-v1bsatn-1x-module-light"
            })
    @Tag("T18")
    @Tag("T30")
    @Tag("T32")
    void writesWhatTheRecordedClientWrote(String name) {
        List<Frames.Line> lines = Frames.load(name);
        Subprotocol subprotocol = subprotocol(lines);
        int frames = 0;
        for (Frames.Line line : lines) {
            if (line.word().equals("send")) {
                frames++;
                assertThat(ClientFrames.again(subprotocol, line.bytes()))
                        .isEqualTo(ClientFrames.plain(subprotocol, line));
            }
        }
        assertThat(frames).isPositive();
    }
}
