package dev.tributary.replay.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.QuietLog;
import dev.tributary.replay.driftdb.Message.Stored;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.replay.recording.Transcripts;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The verdict can fail: whatever a recorded frame alone told must be heard from it, and as it was. */
@ExtendWith(QuietLog.class)
class DriftDbDamageTest {

    static Stream<Path> files() {
        return Transcripts.files("driftdb").stream();
    }

    private static Outcome replay(Transcript transcript) {
        return new DriftDbReplay().judge(transcript, new ReplayOptions(1, 0));
    }

    @ParameterizedTest
    @MethodSource("files")
    @Tag("D44")
    void aDamagedTranscriptFails(Path file) throws TranscriptException {
        Transcript transcript = Transcripts.read(file);
        if (replay(transcript).status() != Outcome.Status.PASSED || transcript.finalState() == null) {
            return;
        }
        Conversation conversation = new Conversation(transcript);
        Set<List<Object>> told = new HashSet<>();
        List<String> survivors = new ArrayList<>();
        int damaged = 0;
        for (Line line : conversation.lines()) {
            Message message = line.message();
            if (message == null || !(line.receives("push") || line.receives("init"))) {
                continue;
            }
            for (long number : numbers(message)) {
                boolean isFirst = told.add(List.of(line.client(), line.room(), message.key(), number));
                if (!isFirst || !isFinal(transcript, conversation, line, message.key(), number)) {
                    continue;
                }
                Transcript altered = with(transcript, line, altered(message, number));
                Transcript dropped = with(transcript, line, line.receives("push") ? null : without(message, number));
                damaged++;
                check("alter " + number + " in " + line.place(), altered, survivors);
                if (!new Conversation(dropped)
                        .told(line.client(), line.room(), message.key())
                        .contains(number)) {
                    check("drop " + number + " of " + line.place(), dropped, survivors);
                }
            }
        }
        assertThat(damaged).isPositive();
        assertThat(survivors).isEmpty();
    }

    private static void check(String what, Transcript damaged, List<String> survivors) {
        Outcome outcome = replay(damaged);
        if (outcome.status() != Outcome.Status.FAILED) {
            survivors.add(what + " -> " + outcome);
        }
        assertThat(outcome.detail()).as(what).doesNotContain("the replay broke");
    }

    private static List<Long> numbers(Message message) {
        return message.is("push")
                ? List.of(message.number("seq"))
                : message.entries().stream().map(Stored::number).toList();
    }

    private static boolean isFinal(
            Transcript transcript, Conversation conversation, Line line, String key, long number) {
        String last = "";
        for (Line one : conversation.lines()) {
            last = one.is("ws-open") && one.client().equals(line.client()) ? one.room() : last;
        }
        Object log = Conversation.clients(transcript.finalState())
                .getOrDefault(line.client(), Map.of())
                .get("log");
        return line.room().equals(last)
                && Json.elements(Json.members(log).get(key)).stream()
                        .map(Json::elements)
                        .anyMatch(pair -> ((BigDecimal) pair.get(0)).longValue() == number);
    }

    private static Message altered(Message message, long number) {
        if (message.is("push")) {
            Map<String, Object> members = new LinkedHashMap<>(message.members());
            members.put("value", other(message.value()));
            return new Message(message.isCbor(), members);
        }
        return Message.init(
                message.isCbor(),
                message.key(),
                message.entries().stream()
                        .map(entry -> entry.number() == number ? new Stored(number, other(entry.value())) : entry)
                        .toList());
    }

    private static Object other(Object value) {
        if (value instanceof Long number) {
            return number.doubleValue();
        }
        return value instanceof String text ? text + "!" : "altered";
    }

    private static Message without(Message message, long number) {
        return Message.init(
                message.isCbor(),
                message.key(),
                message.entries().stream()
                        .filter(entry -> entry.number() != number)
                        .toList());
    }

    /** With another message in this line; without the line for null. */
    private static Transcript with(Transcript transcript, Line line, Message message) {
        List<Transcript.Event> events = new ArrayList<>(transcript.events());
        int at = events.indexOf(line.event());
        if (message == null) {
            events.remove(at);
        } else {
            Map<String, Object> members = new LinkedHashMap<>(line.event().members());
            members.put("text", new String(message.bytes(), StandardCharsets.UTF_8));
            events.set(
                    at,
                    new Transcript.Event(
                            line.line(), line.event().kind(), line.event().time(), members));
        }
        return new Transcript(transcript.name(), transcript.header(), events);
    }
}
