package dev.tributary.replay.electric;

import dev.tributary.Query;
import dev.tributary.SourceListener;
import dev.tributary.replay.recording.RecordedResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches for repairs of our client that the recorded one did not make: a replay in which an answer was found wanting
 * and something else filled the gap proves nothing about that answer.
 *
 * <p>Two repairs are in the recording too, and can be told from a damaged one: the recorded client discarded an answer
 * of a handle that it knew to be dead (it says so in {@code expired_handle}, or a 409 said so before), and it read
 * again from a place that it had worked out itself, which no answer had named.
 */
final class ElectricRepairs implements SourceListener {

    private final Set<String> deadHandles = new HashSet<>();
    private final Set<List<String>> announced = new HashSet<>();
    private final List<String> found = new ArrayList<>();
    /** What was reported since our last request, to be judged by the next one. */
    private final List<String> pending = new ArrayList<>();

    private final Set<List<String>> answeredOnwards = new HashSet<>();
    private ElectricExchanges.@Nullable Candidate lastAnswer;
    /** Whether something came between, so that asking again proves nothing. */
    private boolean disturbed = true;

    ElectricRepairs(List<ElectricExchanges.Candidate> recorded) {
        for (ElectricExchanges.Candidate candidate : recorded) {
            RecordedResponse response = candidate.exchange().response();
            ElectricRequest.parameters(candidate.exchange().target())
                    .getOrDefault("expired_handle", List.of())
                    .forEach(deadHandles::add);
            if (response == null) {
                continue;
            }
            String handle = response.header("electric-handle");
            String offset = response.header("electric-offset");
            if (handle != null && offset != null) {
                announced.add(List.of(handle, offset));
            }
        }
    }

    @Override
    public void onFault(Query query, String what, String where) {
        String report = "our client found a fault and repaired it, the recorded one did not: " + what + " (" + where
                + ")"
                + (lastAnswer == null ? "" : " after " + lastAnswer.exchange().place());
        if (!lastAnswerIsDead()) {
            pending.add(report);
        }
    }

    /** Our client asks; the recorded exchange that answers is null when there is none. */
    void requested(ElectricRequest ours, ElectricExchanges.@Nullable Candidate match) {
        boolean isRecordedRepair = match != null
                && !match.request().isFromStart()
                && !match.request().handle().isEmpty()
                && !announced.contains(
                        List.of(match.request().handle(), match.request().offset()));
        if (isRecordedRepair || lastAnswerIsDead()) {
            pending.clear();
        }
        if (lastAnswerIsDead()) {
            return;
        }
        if (ours.isFromStart() && !disturbed) {
            pending.add("our client started over, the recorded one did not" + after());
        } else if (answeredOnwards.contains(key(ours)) && !disturbed) {
            pending.add("our client asked again from " + ours.offset() + ", which was answered" + after());
        }
        found.addAll(pending);
        pending.clear();
    }

    /** The answer begins to arrive. */
    void answering(ElectricExchanges.Candidate match) {
        lastAnswer = match;
    }

    /** Our client gave up a request. */
    void abandoned() {
        disturbed = true;
    }

    /** The answer was handed over to its end. */
    void answered(ElectricRequest ours, ElectricExchanges.Candidate match, boolean whole) {
        RecordedResponse response = match.response();
        if (response.status() == 409 && !ours.handle().isEmpty()) {
            deadHandles.add(ours.handle());
        }
        boolean good = response.status() >= 200 && response.status() < 400 && whole;
        // A refusal, a conflict or a broken connection may well make a client start over, or read again.
        disturbed = !good;
        String offset = response.header("electric-offset");
        if (good && response.status() == 200 && offset != null && !offset.equals(ours.offset())) {
            answeredOnwards.add(key(ours));
        }
        if (response.status() == 409) {
            answeredOnwards.clear();
        }
    }

    private static List<String> key(ElectricRequest request) {
        return List.of(
                request.shape().toString(),
                request.handle(),
                request.offset(),
                Objects.toString(request.body()),
                request.isSubset() ? request.rest().toString() : "");
    }

    private boolean lastAnswerIsDead() {
        String handle = lastAnswer == null ? null : lastAnswer.response().header("electric-handle");
        return handle != null && deadHandles.contains(handle);
    }

    private String after() {
        return lastAnswer == null ? "" : " after " + lastAnswer.exchange().place();
    }

    /** The first repair that the recording does not have; null when there is none. */
    @Nullable
    String first() {
        if (!found.isEmpty()) {
            return found.get(0);
        }
        return pending.isEmpty() ? null : pending.get(0);
    }
}
