package dev.tributary.replay.recording;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One recorded conversation.
 *
 * @param name of the file, for messages
 * @param header the members of its first line
 * @param events in the order in which they happened
 */
public record Transcript(String name, Map<String, @Nullable Object> header, List<Event> events) {

    /**
     * One line after the first.
     *
     * @param line its number in the file, from 1
     * @param kind what happened
     * @param time since the conversation began
     * @param members all of it
     */
    public record Event(int line, String kind, Duration time, Map<String, @Nullable Object> members) {

        /** A member that is a text, or null. */
        @Nullable
        public String text(String member) {
            return members.get(member) instanceof String text ? text : null;
        }

        /** A text that every event of this kind has. */
        public String requireText(String member) throws TranscriptException {
            String text = text(member);
            if (text == null) {
                throw new TranscriptException(line, "the " + kind + " has no text '" + member + "'");
            }
            return text;
        }

        /** A time in milliseconds, or this where there is none. */
        public Duration time(String member, Duration otherwise) {
            return members.get(member) instanceof BigDecimal millis ? millis(millis) : otherwise;
        }
    }

    /** The protocol that was spoken. */
    public String protocol() {
        return header.get("protocol") instanceof String protocol ? protocol : "";
    }

    /** Whether only the protocol is to run, not a whole client. */
    public boolean isForDecoder() {
        return "decode".equals(header.get("replay"));
    }

    /** The queries of the recorded client, where the header has them as texts. */
    public List<String> queries() {
        Object query = header.get("query");
        if (query instanceof String text) {
            return List.of(text);
        }
        return Json.elements(query).stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** What the state must equal at the end; null when there is none to compare. */
    @Nullable
    public Object finalState() {
        return header.get("final");
    }

    /** When the last thing happened. */
    public Duration end() {
        return events.stream().map(Event::time).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    public static Duration millis(BigDecimal millis) {
        return Duration.ofNanos(millis.movePointRight(6).longValue());
    }
}
