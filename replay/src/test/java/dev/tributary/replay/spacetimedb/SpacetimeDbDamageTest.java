package dev.tributary.replay.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.QuietLog;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.JsonTexts;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.Transcripts;
import dev.tributary.spacetimedb.codec.Subprotocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The verdict can fail: a transcript in which something is missing, or one value is another, does not pass. */
@ExtendWith(QuietLog.class)
@Tag("T55")
class SpacetimeDbDamageTest {

    /** All of them, decoded; and those that can be, by a whole client. */
    static Stream<Transcript> recordings() {
        return Stream.concat(Transcripts.files("spacetimedb").stream().map(Transcripts::read), WholeClientTest.whole())
                .filter(transcript -> transcript.finalState() != null);
    }

    private static @Nullable Unheard unheard(Transcript whole) {
        return whole.isForDecoder() ? null : Unheard.of(whole);
    }

    static Outcome judge(Transcript transcript) {
        return new SpacetimeDbReplay().judge(transcript, new ReplayOptions(1, 0));
    }

    /** What passes although it should not. */
    private static void check(List<String> survivors, String what, Transcript damaged) {
        Outcome outcome = judge(damaged);
        assertThat(outcome.detail()).as(what).doesNotContain("the replay broke");
        if (outcome.status() != Outcome.Status.FAILED) {
            survivors.add(what);
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void aFrameOfTheServerThatIsMissingShows(Transcript whole) {
        List<String> survivors = new ArrayList<>();
        Unheard unheard = unheard(whole);
        for (Transcript.Event event : whole.events()) {
            if (event.kind().equals("ws-recv")
                    && !saysNothingOfFinal(whole, event)
                    && (unheard == null || !unheard.isForgotten(event))) {
                check(survivors, "line " + event.line(), Edit.without(whole, event));
            }
        }
        assertThat(survivors).isEmpty();
    }

    /** What {@code final} does not list: that something was let go of or refused, or another query. */
    static boolean saysNothingOfFinal(Transcript whole, Transcript.Event event) {
        List<String> kinds = new ArrayList<>(Messages.kinds(subprotocol(whole, event), Edit.bytes(event)));
        kinds.removeAll(List.of("unsubscribeApplied", "subscriptionError", "initialSubscription"));
        if (!Json.members(whole.finalState()).containsKey("queries")) {
            kinds.remove("oneOffResult");
        }
        String text = event.text("text");
        boolean isEmptyUpdate =
                text != null && text.contains("\"tables\":[]") && text.startsWith("{\"TransactionUpdateLight");
        return kinds.isEmpty() || isEmptyUpdate;
    }

    private static Subprotocol subprotocol(Transcript whole, Transcript.Event event) {
        return whole.events().stream()
                .filter(open -> open.kind().equals("ws-open") && open.text("id").equals(event.text("id")))
                .map(open ->
                        Json.members(open.members().get("response_headers")).get("sec-websocket-protocol"))
                .flatMap(name -> Subprotocol.of(String.valueOf(name)).stream())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void anyOtherValueInFinalShows(Transcript whole) {
        List<String> survivors = new ArrayList<>();
        Unheard unheard = unheard(whole);
        alterations(whole.finalState(), "").forEach((place, altered) -> {
            if (!place.contains("/why") && (unheard == null || !unheard.isRefused(place))) {
                check(survivors, place, Edit.withFinal(whole, altered));
            }
        });
        assertThat(survivors).isEmpty();
    }

    /** The value with one leaf changed or one element of a list left out, by the place of it. */
    private static Map<String, Object> alterations(Object value, String place) {
        Map<String, Object> all = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, member) -> alterations(member, place + "/" + key).forEach((at, altered) -> {
                Map<String, Object> copy = new LinkedHashMap<>(Json.members(value));
                copy.put((String) key, altered);
                all.put(at, copy);
            }));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                int index = i;
                alterations(list.get(i), place + "/" + i).forEach((at, altered) -> {
                    List<Object> copy = new ArrayList<>(list);
                    copy.set(index, altered);
                    all.put(at, copy);
                });
                List<Object> shorter = new ArrayList<>(list);
                shorter.remove(i);
                all.put(place + "/" + i + " left out", shorter);
            }
        } else {
            all.put(place, altered(value));
        }
        return all;
    }

    private static Object altered(Object leaf) {
        if (leaf instanceof BigDecimal number) {
            if (Json.isNegativeZero(number)) {
                return new BigDecimal("0.0");
            }
            return Json.isFloat(number)
                    ? number.signum() == 0 ? new BigDecimal("1e-40") : number.multiply(BigDecimal.valueOf(3))
                    : number.add(BigDecimal.ONE);
        }
        if (leaf instanceof Boolean truth) {
            return !truth;
        }
        if (leaf instanceof String text) {
            return text.isEmpty() ? "a" : text.substring(1) + (text.charAt(0) == '1' ? '2' : '1');
        }
        return "not null";
    }

    /** In BSATN a text of a row that reaches the end, and is sent once, becomes another one. */
    @ParameterizedTest
    @MethodSource("recordings")
    void anotherTextInARowOfBsatnShows(Transcript whole) {
        List<Transcript.Event> frames = whole.events().stream()
                .filter(event -> Edit.isPacked(event) && !Edit.isBrotli(event))
                .toList();
        List<String> survivors = new ArrayList<>();
        Unheard unheard = unheard(whole);
        for (String text : texts(Json.members(whole.finalState()).get("tables"))) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            byte[] bsatn = ByteBuffer.allocate(Integer.BYTES + utf8.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(utf8.length)
                    .put(utf8)
                    .array();
            byte[] other = bsatn.clone();
            other[Integer.BYTES] ^= 1;
            String from = new String(bsatn, StandardCharsets.ISO_8859_1);
            String to = new String(other, StandardCharsets.ISO_8859_1);
            List<Transcript.Event> with = frames.stream()
                    .filter(event -> new String(Edit.payload(event), StandardCharsets.ISO_8859_1)
                                    .split(Pattern.quote(from), -1)
                                    .length
                            > 1)
                    .toList();
            if (with.size() == 1 && (unheard == null || !unheard.isForgotten(with.get(0)))) {
                String payload = new String(Edit.payload(with.get(0)), StandardCharsets.ISO_8859_1);
                Transcript.Event changed = Edit.saying(
                        with.get(0), payload.replace(from, to).getBytes(StandardCharsets.ISO_8859_1), Edit.PLAIN);
                check(
                        survivors,
                        "'" + text + "' in line " + with.get(0).line(),
                        Edit.each(whole, event -> List.of(event.equals(with.get(0)) ? changed : event)));
            }
        }
        assertThat(survivors).isEmpty();
    }

    private static Set<String> texts(Object value) {
        Set<String> texts = new TreeSet<>();
        Collection<?> elements =
                value instanceof Map<?, ?> map ? map.values() : value instanceof List<?> list ? list : List.of();
        elements.forEach(element -> texts.addAll(texts(element)));
        if (value instanceof String text && text.length() > 1 && text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            texts.add(text);
        }
        return texts;
    }

    private static final Pattern NAME = Pattern.compile("\"table_name\":\"(\\w+)\"");
    private static final Pattern ROW = Pattern.compile("\"[\\[{](?:[^\"\\\\]++|\\\\.)*+\"");

    @ParameterizedTest
    @MethodSource("recordings")
    void aRowThatIsMissingOrAnotherShows(Transcript whole) {
        List<String> survivors = new ArrayList<>();
        Map<String, Integer> times = new LinkedHashMap<>();
        rows(whole, row -> times.merge(row.content(), 1, Integer::sum));
        Unheard unheard = unheard(whole);
        List<Row> all = new ArrayList<>();
        rows(whole, all::add);
        for (Row row : all) {
            // A row that two queries return is there though one of them does not say so.
            if (times.get(row.content()) == 1 && (unheard == null || row.isKept(unheard))) {
                check(survivors, "line " + row.event().line() + " without " + row.text(), row.without(whole));
            }
        }
        assertThat(survivors).isEmpty();
    }

    /** A row in a frame of {@code v1.json}. */
    private record Row(Transcript.Event event, int from, int to) {

        String text() {
            return event.text("text").substring(from, to);
        }

        /** The same for both forms of a row. */
        String content() {
            try {
                return JsonTexts.write(bare(Json.parse(String.valueOf(Json.parse(text())))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Object bare(Object value) {
            Collection<?> elements =
                    value instanceof Map<?, ?> map ? map.values() : value instanceof List<?> list ? list : null;
            return elements == null ? value : elements.stream().map(Row::bare).collect(Collectors.toList());
        }

        /** Our client does not miss an old row that a new one of its key replaces, nor what it let go of later. */
        boolean isKept(Unheard unheard) {
            String before = event.text("text").substring(0, from);
            boolean isOld = before.lastIndexOf("\"deletes\":[") > before.lastIndexOf("\"inserts\":[");
            boolean isReplaced = isOld && event.text("text").contains("\"inserts\":[\"");
            Matcher names = NAME.matcher(before);
            String table = "";
            while (names.find()) {
                table = names.group(1);
            }
            return !isReplaced && !unheard.isForgotten(event, table);
        }

        Transcript without(Transcript whole) {
            String text = event.text("text");
            boolean isLast = text.charAt(to) != ',';
            boolean isFirst = text.charAt(from - 1) != ',';
            int begin = isLast && !isFirst ? from - 1 : from;
            int end = isLast ? to : to + 1;
            String shorter = text.substring(0, begin) + text.substring(end);
            return Edit.each(whole, other -> List.of(other.equals(event) ? Edit.with(event, "text", shorter) : other));
        }
    }

    private static void rows(Transcript whole, Consumer<Row> to) {
        Object connection = Json.members(whole.finalState()).get("connection");
        int begin = whole.events().stream()
                .filter(event -> String.valueOf(event.text("text")).startsWith("{\"Initial"))
                .mapToInt(Transcript.Event::line)
                .max()
                .orElse(0);
        for (Transcript.Event event : whole.events()) {
            String text = event.text("text");
            // Other connections, what a later message replaces, and what goes with a set but stays by another.
            if (event.kind().equals("ws-recv")
                    && event.line() >= begin
                    && text != null
                    && text.contains("\"tables\"")
                    && event.text("id").equals(connection)
                    && !text.startsWith("{\"OneOff")
                    && !text.startsWith("{\"Unsubscribe")) {
                int end = text.contains("\"reducer_call\"") ? text.indexOf("\"reducer_call\"") : text.length();
                Matcher rows = ROW.matcher(text.substring(0, end));
                while (rows.find()) {
                    to.accept(new Row(event, rows.start(), rows.end()));
                }
            }
        }
    }
}
