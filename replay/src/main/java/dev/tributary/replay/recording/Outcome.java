package dev.tributary.replay.recording;

import java.util.List;

/**
 * What became of one transcript.
 *
 * @param detail what was reached, or the first difference with its place, or the feature that is missing
 * @param used the recorded exchanges or frames that were replayed, in the order of use
 * @param unused those that were not; no failure
 */
public record Outcome(Status status, String detail, List<String> used, List<String> unused) {

    /** The verdict. */
    public enum Status {
        PASSED,
        FAILED,
        NOT_SUPPORTED
    }

    public Outcome {
        used = List.copyOf(used);
        unused = List.copyOf(unused);
    }

    public static Outcome passed(String detail, List<String> used, List<String> unused) {
        return new Outcome(Status.PASSED, detail, used, unused);
    }

    public static Outcome failed(String detail) {
        return failed(detail, List.of(), List.of());
    }

    public static Outcome failed(String detail, List<String> used, List<String> unused) {
        return new Outcome(Status.FAILED, detail, used, unused);
    }

    public static Outcome notSupported(String feature) {
        return new Outcome(Status.NOT_SUPPORTED, feature, List.of(), List.of());
    }
}
