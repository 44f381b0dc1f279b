package dev.tributary.replay.recording;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads transcripts: JSON Lines, a header and events. Members it does not know are kept and ignored. */
public final class TranscriptReader {

    private TranscriptReader() {}

    /**
     * @throws IOException when the file cannot be read
     * @throws TranscriptException when it is no transcript
     */
    public static Transcript read(Path file, String name) throws IOException, TranscriptException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            return parse(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new TranscriptException("it is not UTF-8 text");
        }
    }

    public static Transcript parse(String name, String text) throws TranscriptException {
        // Only a line feed ends a line: JSON may hold the other characters that Unicode calls line ends.
        String[] lines = text.split("\n", -1);
        Map<String, @Nullable Object> header = null;
        List<Transcript.Event> events = new ArrayList<>();
        Duration before = Duration.ZERO;
        for (int i = 0; i < lines.length; i++) {
            int number = i + 1;
            if (lines[i].isBlank()) {
                continue;
            }
            Map<String, @Nullable Object> members = object(number, lines[i]);
            if (header == null) {
                header = header(number, members);
                continue;
            }
            if (!(members.get("kind") instanceof String kind)) {
                throw new TranscriptException(number, "the event has no text 'kind'");
            }
            // An event without a time happened when the one before it did.
            Duration time = members.get("t") instanceof BigDecimal millis ? Transcript.millis(millis) : before;
            before = time;
            events.add(new Transcript.Event(number, kind, time, members));
        }
        if (header == null) {
            throw new TranscriptException("it is empty: the header is missing");
        }
        return new Transcript(name, header, List.copyOf(events));
    }

    private static Map<String, @Nullable Object> header(int line, Map<String, @Nullable Object> members)
            throws TranscriptException {
        if (!(members.get("protocol") instanceof String)) {
            throw new TranscriptException(line, "the header has no text 'protocol'");
        }
        return members;
    }

    private static Map<String, @Nullable Object> object(int line, String text) throws TranscriptException {
        Object value;
        try {
            value = Json.parse(text);
        } catch (JsonProcessingException e) {
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            throw new TranscriptException(line, "no JSON at column " + column + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new TranscriptException(line, "no JSON: " + e.getMessage());
        }
        if (!(value instanceof Map<?, ?>)) {
            throw new TranscriptException(line, "no JSON object");
        }
        return Json.members(value);
    }
}
