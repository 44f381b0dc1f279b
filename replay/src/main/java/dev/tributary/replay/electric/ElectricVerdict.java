package dev.tributary.replay.electric;

import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.ViewStatus;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.RecordedResponse;
import dev.tributary.replay.recording.Transcript;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client came to hold what the server held, by what it received and nothing else.
 *
 * @param lastDelivered the last recorded answer that our client heard to its end; null when there is none
 * @param unmatched our first request that no recorded exchange answers; null when there is none
 */
record ElectricVerdict(
        Transcript transcript,
        List<ElectricExchanges.Candidate> recorded,
        ElectricRepairs repairs,
        ElectricExchanges.@Nullable Candidate lastDelivered,
        @Nullable ElectricRequest unmatched) {

    /**
     * @param views by query
     * @return the first difference with its place, or null
     */
    @Nullable
    String difference(Map<String, MaterializedView<Row>> views) {
        String repair = repairs.first();
        if (repair != null) {
            return repair;
        }
        String difference = failure(views);
        Object expected = transcript.finalState();
        if (difference == null && expected != null) {
            difference = nothingLoaded(views);
            if (difference == null) {
                difference = compare(Json.members(expected), views);
            }
        }
        return difference == null ? null : difference + stopped();
    }

    private @Nullable String failure(Map<String, MaterializedView<Row>> views) {
        for (Map.Entry<String, MaterializedView<Row>> entry : views.entrySet()) {
            ViewStatus status = entry.getValue().status();
            if (status.phase() == Phase.FAILED && !lastAnswerWasRefusal()) {
                return "the view of " + entry.getKey() + " failed: " + status.reason();
            }
        }
        return null;
    }

    private boolean lastAnswerWasRefusal() {
        if (lastDelivered == null) {
            return false;
        }
        int status = lastDelivered.response().status();
        return status >= 400 && status < 500 && status != 409 && status != 429;
    }

    /** Nothing is not the same as no rows, where the server said that it had said all. */
    private @Nullable String nothingLoaded(Map<String, MaterializedView<Row>> views) {
        for (Map.Entry<String, MaterializedView<Row>> entry : views.entrySet()) {
            Map<String, List<String>> shape = ElectricRequest.shapeOf(entry.getKey());
            boolean wasUpToDate = recorded.stream().anyMatch(candidate -> {
                RecordedResponse response = candidate.exchange().response();
                return response != null
                        && response.headers().containsKey("electric-up-to-date")
                        && candidate.request().shape().equals(shape);
            });
            if (wasUpToDate && entry.getValue().snapshot().schema().isEmpty()) {
                return "nothing of " + entry.getKey() + " was ever up to date";
            }
        }
        return null;
    }

    private static @Nullable String compare(
            Map<String, @Nullable Object> expected, Map<String, MaterializedView<Row>> views) {
        List<String> queries = List.copyOf(views.keySet());
        for (Map.Entry<String, MaterializedView<Row>> entry : views.entrySet()) {
            String query = entry.getKey();
            // Queries of one table share its part of final.
            List<String> together = ElectricParts.together(expected, query, queries);
            Set<Row> rows = new LinkedHashSet<>();
            views.forEach((other, view) -> {
                if (together.contains(other)) {
                    view.snapshot().forEach(rows::add);
                }
            });
            RowSchema schema = entry.getValue().snapshot().schema().orElse(null);
            String difference = ElectricFinal.difference(ElectricParts.of(expected, query, queries), schema, rows);
            if (difference != null) {
                return queries.size() == 1 ? difference : query + ": " + difference;
            }
        }
        return null;
    }

    private String stopped() {
        List<String> where = new ArrayList<>();
        if (lastDelivered != null) {
            where.add("the last answer was " + lastDelivered.exchange().place());
        }
        if (unmatched != null) {
            where.add("then nothing answers " + unmatched);
        }
        return where.isEmpty() ? "" : "; " + String.join(", ", where);
    }
}
