package dev.tributary.replay.electric;

import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.RecordedResponse;
import dev.tributary.replay.recording.Transcript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Recognises recordings that need what our client does not have yet. */
final class ElectricFeatures {

    private ElectricFeatures() {}

    /** The feature that is missing, by name, with the place that needs it; null when none is. */
    static @Nullable String missing(Transcript transcript, List<ElectricExchanges.Candidate> exchanges) {
        boolean changesOnly = transcript.queries().stream().anyMatch(query -> query.contains("log=changes_only"));
        Set<Map<String, List<String>>> shapes =
                transcript.queries().stream().map(ElectricRequest::shapeOf).collect(Collectors.toSet());
        for (ElectricExchanges.Candidate candidate : exchanges) {
            RecordedResponse response = candidate.exchange().response();
            if (response == null
                    || response.status() != 200
                    || !shapes.contains(candidate.request().shape())) {
                continue;
            }
            String place = " (" + candidate.exchange().place() + ")";
            String type = response.header("content-type");
            if (type != null && type.startsWith("text/event-stream")) {
                return "live updates over SSE" + place;
            }
            if (changesOnly && candidate.request().isSubset()) {
                return "subset snapshots" + place;
            }
            if (movesRows(response)) {
                return "rows that move with a subquery" + place;
            }
        }
        return null;
    }

    private static boolean movesRows(RecordedResponse response) {
        String body = new String(response.body(), StandardCharsets.UTF_8);
        if (!body.contains("\"tags\"") && !body.contains("\"event\"")) {
            return false;
        }
        try {
            for (Object message : Json.elements(Json.parse(body))) {
                Map<String, @Nullable Object> headers =
                        Json.members(Json.members(message).get("headers"));
                if (headers.containsKey("tags") || headers.containsKey("event")) {
                    return true;
                }
            }
        } catch (IOException e) {
            // No JSON, so no moves; what our client makes of it is its own business.
            return false;
        }
        return false;
    }
}
