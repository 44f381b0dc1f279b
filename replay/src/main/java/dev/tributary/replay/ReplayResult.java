package dev.tributary.replay;

import dev.tributary.replay.recording.Outcome;
import java.util.List;

/**
 * What became of one file.
 *
 * @param file its name
 * @param status the verdict
 * @param detail what was reached, or the first difference with its place, or the feature that is missing
 * @param used the recorded exchanges or frames that were replayed, by id, in the order of use
 * @param unused those that were not; no failure
 */
public record ReplayResult(String file, Status status, String detail, List<String> used, List<String> unused) {

    /** The verdict on one file. */
    public enum Status {
        /** The state equals the recorded one. */
        PASSED,
        /** It does not, or the file cannot be read. */
        FAILED,
        /** The file needs a feature that is not there yet; nothing is said about it. */
        NOT_SUPPORTED
    }

    public ReplayResult {
        used = List.copyOf(used);
        unused = List.copyOf(unused);
    }

    static ReplayResult of(String file, Outcome outcome) {
        Status status = switch (outcome.status()) {
            case PASSED -> Status.PASSED;
            case FAILED -> Status.FAILED;
            case NOT_SUPPORTED -> Status.NOT_SUPPORTED;
        };
        return new ReplayResult(file, status, outcome.detail(), outcome.used(), outcome.unused());
    }

    static ReplayResult failed(String file, String detail) {
        return new ReplayResult(file, Status.FAILED, detail, List.of(), List.of());
    }

    /** One line for people. */
    public String line() {
        String verdict = switch (status) {
            case PASSED -> "passed";
            case FAILED -> "FAILED";
            case NOT_SUPPORTED -> "not yet supported";
        };
        String rest = unused.isEmpty() ? "" : "; unused: " + String.join(" ", unused);
        return (file + ": " + verdict + ": " + detail + rest).replaceAll("\\R", " ");
    }
}
