package dev.tributary.conformance.engine;

import dev.tributary.Query;
import dev.tributary.SourceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a source tells its listener, a line for each. */
final class SourceDiary implements SourceListener {

    final List<String> lines = new ArrayList<>();
    final List<Duration> waits = new ArrayList<>();

    /** The lines with this word, and no others from now on. */
    List<String> take(String word) {
        List<String> taken = lines.stream().filter(line -> line.contains(word)).toList();
        lines.clear();
        return taken;
    }

    @Override
    public void onAttempt(Query query, int attempt) {
        lines.add("attempt " + attempt + " of " + query);
    }

    @Override
    public void onWireOpened(Query query, String address) {
        lines.add("wire of " + query + " to " + address);
    }

    @Override
    public void onBytes(Query query, long count) {
        lines.add(count + " bytes for " + query);
    }

    @Override
    public void onCommit(Query query, long version, int changes) {
        lines.add("commit " + version + " of " + query + " with " + changes);
    }

    @Override
    public void onEnded(Query query, String ending, Throwable reason) {
        lines.add("end of " + query + " by " + ending + ": " + reason.getMessage());
    }

    @Override
    public void onRetry(Query query, int attempt, Duration delay, Throwable reason) {
        lines.add("retry of " + query + " after failure " + attempt + ": " + reason.getMessage());
        waits.add(delay);
    }

    @Override
    public void onFault(Query query, String what, String where) {
        lines.add("fault of " + query + ": " + what + " at " + where);
    }

    @Override
    public void onListenerFailed(Query query, Throwable reason) {
        lines.add("listener of " + query + " failed: " + reason.getMessage());
    }
}
