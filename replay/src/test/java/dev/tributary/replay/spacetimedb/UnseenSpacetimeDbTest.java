package dev.tributary.replay.spacetimedb;

import static dev.tributary.replay.spacetimedb.SpacetimeDbDamageTest.judge;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.QuietLog;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.JsonTexts;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.Transcripts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same conversations as they might have been recorded elsewhere, on another day. */
@ExtendWith(QuietLog.class)
class UnseenSpacetimeDbTest {

    static Stream<Path> files() {
        return Transcripts.files("spacetimedb").stream();
    }

    /** All of them, decoded; and those that can be, by a whole client. */
    static Stream<Transcript> recordings() {
        return Stream.concat(files().map(Transcripts::read), WholeClientTest.whole());
    }

    private static Transcript named(String name) {
        return files().map(Transcripts::read)
                .filter(transcript -> transcript.name().startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    private static void passes(Transcript transcript) {
        Outcome outcome = judge(transcript);
        assertThat(outcome.status()).as(outcome.detail()).isEqualTo(Outcome.Status.PASSED);
    }

    private static void fails(Transcript transcript, String why) {
        Outcome outcome = judge(transcript);
        assertThat(outcome.status()).as(outcome.detail()).isEqualTo(Outcome.Status.FAILED);
        assertThat(outcome.detail()).contains(why);
    }

    private static boolean hasBrotli(Transcript transcript) {
        return transcript.events().stream().anyMatch(Edit::isBrotli);
    }

    /** Other names of the same length, so that BSATN stays right, wherever they are. */
    private static Transcript renamed(Transcript from, boolean headerToo) {
        Function<String, String> names = text -> text.replace("person", "humans")
                .replace("nokey", "nopin")
                .replace("noKey", "noPin")
                .replace("nick", "call")
                .replace("owner", "chief")
                .replace("item", "part");
        Transcript frames = Edit.each(from, event -> {
            if (event.kind().equals("http-response")) {
                return List.of(Edit.with(event, "body", names.apply(String.valueOf(event.text("body")))));
            }
            if (!Edit.isFrame(event)) {
                return List.of(event);
            }
            byte[] payload = Edit.payload(event);
            for (String name : List.of("person", "nokey", "noKey", "nick", "owner", "item")) {
                payload = Edit.replaced(payload, name, names.apply(name));
            }
            return List.of(Edit.saying(event, payload, Edit.PLAIN));
        });
        Object state = Edit.texts(from.finalState(), names);
        return headerToo ? Edit.withFinal(frames, state) : frames;
    }

    @ParameterizedTest
    @MethodSource("recordings")
    @Tag("T59")
    void namesOfTablesAndColumnsAreThoseOfTheRecording(Transcript transcript) {
        if (!hasBrotli(transcript)) {
            passes(renamed(transcript, true));
            assertThat(judge(renamed(transcript, false)).status()).isEqualTo(Outcome.Status.FAILED);
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void connectionsMayBeNamedOtherwise(Transcript from) {
        Function<String, String> names = text -> text.matches("c[0-9]+") ? "wire-" + text : text;
        Transcript events = Edit.each(
                from,
                event -> List.of(
                        event.text("id") == null ? event : Edit.with(event, "id", names.apply(event.text("id")))));
        passes(Edit.withFinal(events, Edit.texts(from.finalState(), names)));
    }

    @ParameterizedTest
    @MethodSource("recordings")
    @Tag("T17")
    void framesMayBeCompressedOrNot(Transcript from) {
        for (int compression : new int[] {Edit.PLAIN, Edit.GZIP}) {
            passes(Edit.each(
                    from,
                    event -> List.of(
                            Edit.isPacked(event) && !Edit.isBrotli(event)
                                    ? Edit.saying(event, Edit.payload(event), compression)
                                    : event)));
        }
    }

    /** Requests are sent as early as a client can. */
    @ParameterizedTest
    @MethodSource("files")
    @Tag("T37")
    void requestsDoNotWaitForAnswers(Path file) {
        Transcript from = Transcripts.read(file);
        List<Transcript.Event> events = new ArrayList<>();
        for (Transcript.Event event : from.events()) {
            int at = events.size();
            if (event.kind().equals("ws-send")) {
                while (at > 0
                        && events.get(at - 1).kind().equals("ws-recv")
                        && events.get(at - 1).text("id").equals(event.text("id"))
                        && at > 1
                        && !events.get(at - 2).kind().equals("ws-open")) {
                    at--;
                }
            }
            events.add(at, event);
        }
        passes(Edit.with(from, events));
    }

    // ---- other numbers ----

    /** Adds to all numbers that a client chose, in a message of v1.json. */
    private static Object shifted(Object value, String name) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> changed = new LinkedHashMap<>();
            map.forEach((key, member) -> changed.put((String) key, shifted(member, inside(name, (String) key))));
            return changed;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(element -> shifted(element, name)).toList();
        }
        boolean isId = name.equals("request_id") || name.equals("query_id");
        return isId && value instanceof BigDecimal number && number.signum() > 0
                ? number.add(
                        BigDecimal.valueOf(name.equals("query_id") ? 500 : number.longValue() > 1L << 31 ? -7 : 70_000))
                : value;
    }

    private static String inside(String name, String key) {
        return key.equals("id") || key.equals("some") ? name : key;
    }

    @ParameterizedTest
    @MethodSource("recordings")
    @Tag("T43")
    void numbersOfRequestsAndSetsAreThoseOfTheRecording(Transcript from) {
        boolean isText = from.events().stream().filter(Edit::isFrame).allMatch(event -> event.text("text") != null);
        if (!isText) {
            return;
        }
        Transcript frames = Edit.each(from, event -> {
            if (!Edit.isFrame(event)) {
                return List.of(event);
            }
            try {
                Object message = Json.parse(event.text("text"));
                return List.of(Edit.with(event, "text", JsonTexts.write(shifted(message, ""))));
            } catch (IOException e) {
                return List.of(event);
            }
        });
        passes(Edit.withFinal(frames, shiftedFinal(from.finalState())));
        if (Json.members(from.finalState()).get("subscriptions") instanceof List<?> list && !list.isEmpty()) {
            assertThat(judge(frames).status()).isEqualTo(Outcome.Status.FAILED);
        }
    }

    private static Object shiftedFinal(Object state) {
        Map<String, Object> changed = new LinkedHashMap<>(Json.members(state));
        for (String sort : List.of("calls", "subscriptions", "procedures")) {
            changed.computeIfPresent(
                    sort,
                    (name, entries) -> Json.elements(entries).stream()
                            .map(entry -> {
                                Map<String, Object> members = new LinkedHashMap<>(Json.members(entry));
                                members.computeIfPresent("request_id", (key, id) -> shifted(id, "request_id"));
                                members.computeIfPresent("id", (key, id) -> shifted(id, "query_id"));
                                members.computeIfPresent("error", (key, error) -> error);
                                return (Object) members;
                            })
                            .toList());
        }
        return changed;
    }

    /** The other spellings that the server takes from a client. */
    @ParameterizedTest
    @MethodSource("recordings")
    void messagesOfAClientHaveSeveralForms(Transcript recording) {
        List<String> names = List.of(
                "CallReducer",
                "Subscribe",
                "OneOffQuery",
                "SubscribeSingle",
                "SubscribeMulti",
                "Unsubscribe",
                "UnsubscribeMulti",
                "CallProcedure");
        for (boolean byNumber : new boolean[] {false, true}) {
            passes(Edit.each(recording, event -> {
                if (!event.kind().equals("ws-send") || event.text("text") == null) {
                    return List.of(event);
                }
                try {
                    Map.Entry<String, Object> only = Json.members(Json.parse(event.text("text"))).entrySet().stream()
                            .findFirst()
                            .orElseThrow();
                    Object tag = byNumber ? BigDecimal.valueOf(names.indexOf(only.getKey())) : only.getKey();
                    return List.of(Edit.with(event, "text", JsonTexts.write(List.of(tag, only.getValue()))));
                } catch (IOException | NoSuchElementException e) {
                    return List.of(event);
                }
            }));
        }
    }

    // ---- bundles of v3 ----

    private static boolean isThird(Transcript transcript) {
        return transcript.name().startsWith("14");
    }

    @ParameterizedTest
    @MethodSource("recordings")
    @Tag("T18")
    void bundlesMayBeMerged(Transcript from) {
        if (!isThird(from)) {
            return;
        }
        List<Transcript.Event> events = new ArrayList<>();
        for (Transcript.Event event : from.events()) {
            Transcript.Event last = events.isEmpty() ? null : events.get(events.size() - 1);
            if (last != null && Edit.isPacked(event) && Edit.isPacked(last)) {
                ByteArrayOutputStream both = new ByteArrayOutputStream();
                both.writeBytes(Edit.payload(last));
                both.writeBytes(Edit.payload(event));
                events.set(events.size() - 1, Edit.saying(last, both.toByteArray(), Edit.GZIP));
            } else {
                events.add(event);
            }
        }
        assertThat(events).hasSizeLessThan(from.events().size());
        passes(Edit.with(from, events));
    }

    @ParameterizedTest
    @MethodSource("recordings")
    @Tag("T18")
    void bundlesMayBeSplit(Transcript from) {
        if (!isThird(from)) {
            return;
        }
        Transcript split = Edit.each(
                from,
                event -> Edit.isPacked(event)
                        ? Messages.of(Edit.payload(event)).stream()
                                .map(message -> Edit.saying(event, message, Edit.PLAIN))
                                .toList()
                        : List.of(event));
        assertThat(split.events()).hasSizeGreaterThan(from.events().size());
        passes(split);
        List<Transcript.Event> reordered = new ArrayList<>(split.events());
        int first = -1;
        for (int i = 0; i < reordered.size(); i++) {
            if (Edit.isPacked(reordered.get(i))) {
                first = i;
                break;
            }
        }
        Collections.swap(reordered, first, first + 2);
        assertThat(judge(Edit.with(from, reordered)).status()).isEqualTo(Outcome.Status.FAILED);
    }

    // ---- what a recording may not hold ----

    @Test
    @Tag("T60")
    void aRefusalByAnotherStatusShows() {
        Transcript from = named("09");
        fails(
                Edit.each(
                        from,
                        event -> List.of(
                                event.kind().equals("http-response") && "c1".equals(event.text("id"))
                                        ? Edit.with(event, "status", BigDecimal.valueOf(403))
                                        : event)),
                "refused: c1 was by 403, expected is 401");
    }

    @Test
    @Tag("T9")
    void anotherCloseCodeShows() {
        fails(
                Edit.each(
                        named("17"),
                        event -> List.of(
                                event.kind().equals("ws-close") && "c6".equals(event.text("id"))
                                        ? Edit.with(event, "code", BigDecimal.valueOf(1011))
                                        : event)),
                "ends: c6 ended as");
    }

    @Test
    @Tag("T57")
    void whatIsHeldOverTheCutIsWhatTheDifferenceIsTo() {
        Transcript from = named("08");
        // Without the last change before the cut the rows held are others, but those at the end are the same.
        List<Transcript.Event> first = from.events().stream()
                .filter(event -> event.kind().equals("ws-recv") && "c1".equals(event.text("id")))
                .toList();
        Map<String, Object> expected = new LinkedHashMap<>(Json.members(from.finalState()));
        expected.remove("calls");
        fails(
                Edit.withFinal(Edit.without(from, first.get(first.size() - 1)), expected),
                "difference at c2: person: updates have");
    }

    @Test
    @Tag("T46")
    void aRowThatWentWithoutHavingComeShows() {
        Transcript from = named("02");
        Transcript damaged = Edit.each(from, event -> {
            String text = event.text("text");
            return List.of(
                    event.kind().equals("ws-recv") && text != null && text.startsWith("{\"UnsubscribeMulti")
                            ? Edit.with(event, "text", text.replaceFirst("100", "9100"))
                            : event);
        });
        assertThat(judge(damaged).status()).isEqualTo(Outcome.Status.FAILED);
    }

    @Test
    @Tag("T31")
    void aMessageOfAnUnknownKindShows() {
        Transcript from = named("02");
        List<Transcript.Event> events = new ArrayList<>(from.events());
        Transcript.Event last = from.events().stream()
                .filter(event -> event.kind().equals("ws-recv"))
                .reduce((a, b) -> b)
                .orElseThrow();
        events.add(events.indexOf(last) + 1, Edit.with(last, "text", "{\"News\":{}}"));
        fails(Edit.with(from, events), "a message that is not known: variant");
    }

    @Test
    @Tag("T52")
    void anErrorWithoutIdsEndsAllQueries() {
        Transcript from = named("02");
        List<Transcript.Event> events = new ArrayList<>(from.events());
        Transcript.Event last = from.events().stream()
                .filter(event -> event.kind().equals("ws-recv"))
                .reduce((a, b) -> b)
                .orElseThrow();
        events.add(
                events.indexOf(last) + 1,
                Edit.with(
                        last,
                        "text",
                        "{\"SubscriptionError\":{\"total_host_execution_duration_micros\":3,\"request_id\":{\"none\":[]},"
                                + "\"query_id\":{\"none\":[]},\"table_id\":{\"none\":[]},\"error\":\"a view failed\"}}"));
        Map<String, Object> expected = new LinkedHashMap<>(Json.members(from.finalState()));
        fails(Edit.with(from, events), "final: person lacks");
        expected.put("tables", Map.of());
        passes(Edit.withFinal(Edit.with(from, events), expected));
    }

    @Test
    @Tag("T52")
    void anErrorWithoutRequestEndsOneSetOfV2() {
        Transcript from = named("17");
        // The set of c4 goes; it is another connection's rows that count, so only c4 named in the end shows it.
        List<Transcript.Event> events = new ArrayList<>(from.events());
        Transcript.Event applied = from.events().stream()
                .filter(event -> event.kind().equals("ws-recv") && "c4".equals(event.text("id")))
                .reduce((a, b) -> b)
                .orElseThrow();
        byte[] text = "gone".getBytes(StandardCharsets.UTF_8);
        byte[] error = ByteBuffer.allocate(10 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 3)
                .put((byte) 1)
                .putInt(1)
                .putInt(text.length)
                .put(text)
                .array();
        Map<String, Object> expected = new LinkedHashMap<>(Json.members(from.finalState()));
        expected.put("connection", "c4");
        expected.put("tables", Map.of());
        fails(Edit.withFinal(from, expected), "final: noKey holds");
        events.add(events.indexOf(applied) + 1, Edit.saying(applied, error, Edit.PLAIN));
        passes(Edit.withFinal(Edit.with(from, events), expected));
    }
}
