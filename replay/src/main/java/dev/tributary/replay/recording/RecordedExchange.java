package dev.tributary.replay.recording;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request of the recording with its answer.
 *
 * @param id in the file
 * @param line of the request in the file
 * @param time of the request
 * @param target path and query as sent
 * @param headers of the request, lower-case names
 * @param body null for none
 * @param response null when none was recorded
 */
public record RecordedExchange(
        String id,
        int line,
        Duration time,
        String method,
        String target,
        Map<String, String> headers,
        @Nullable String body,
        @Nullable RecordedResponse response) {

    /** All exchanges of a transcript in the order of their requests. */
    public static List<RecordedExchange> of(Transcript transcript) throws TranscriptException {
        Map<String, Transcript.Event> requests = new LinkedHashMap<>();
        Map<String, RecordedResponse> responses = new LinkedHashMap<>();
        for (Transcript.Event event : transcript.events()) {
            if (event.kind().equals("http-request")) {
                if (requests.putIfAbsent(event.requireText("id"), event) != null) {
                    throw new TranscriptException(event.line(), "a second request " + event.text("id"));
                }
            } else if (event.kind().equals("http-response")) {
                String id = event.requireText("id");
                if (!requests.containsKey(id)) {
                    throw new TranscriptException(event.line(), "an answer to " + id + ", which was not asked");
                }
                responses.putIfAbsent(id, RecordedResponse.of(event));
            }
        }
        List<RecordedExchange> exchanges = new ArrayList<>();
        for (Map.Entry<String, Transcript.Event> entry : requests.entrySet()) {
            Transcript.Event request = entry.getValue();
            exchanges.add(new RecordedExchange(
                    entry.getKey(),
                    request.line(),
                    request.time(),
                    request.requireText("method"),
                    request.requireText("target"),
                    RecordedResponse.single(request.members().get("headers")),
                    request.text("body"),
                    responses.get(entry.getKey())));
        }
        return List.copyOf(exchanges);
    }

    /** Where it stands, for messages: {@code r3 (line 6)}. */
    public String place() {
        return id + " (line " + line + ")";
    }
}
