package dev.tributary.replay;

import java.util.List;
import java.util.stream.Stream;

/**
 * What became of all files.
 *
 * @param results one for each file, in the order of the arguments, those of a directory by name
 */
public record ReplayReport(List<ReplayResult> results) {

    public ReplayReport {
        results = List.copyOf(results);
    }

    /** Whether there is at least one file and every one passed. */
    public boolean allPassed() {
        return !results.isEmpty() && count(ReplayResult.Status.PASSED) == results.size();
    }

    /** Whether there is at least one file and none failed; files of features that are missing do not count. */
    public boolean noneFailed() {
        return !results.isEmpty() && count(ReplayResult.Status.FAILED) == 0;
    }

    /** How many files have this verdict. */
    public int count(ReplayResult.Status status) {
        return (int)
                results.stream().filter(result -> result.status() == status).count();
    }

    /** One line for each file, then one of totals. */
    public List<String> lines() {
        return Stream.concat(results.stream().map(ReplayResult::line), Stream.of(totals()))
                .toList();
    }

    private String totals() {
        return "%d files: %d passed, %d failed, %d not yet supported"
                .formatted(
                        results.size(),
                        count(ReplayResult.Status.PASSED),
                        count(ReplayResult.Status.FAILED),
                        count(ReplayResult.Status.NOT_SUPPORTED));
    }

    /** What a command exits with: 0 only when {@link #allPassed}. */
    public int exitCode() {
        return allPassed() ? 0 : 1;
    }
}
