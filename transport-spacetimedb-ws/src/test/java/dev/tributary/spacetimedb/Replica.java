package dev.tributary.spacetimedb;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.Row;
import dev.tributary.ViewListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A copy of a view made of what its listener hears, which notes everything that could not be so. */
final class Replica implements ViewListener<Row> {

    private final Map<List<@Nullable Object>, Row> rows = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private long version = -1;

    @Override
    public synchronized void onCommit(Commit<Row> commit) {
        if (commit.version() <= version) {
            problems.add("version " + commit.version() + " after " + version);
        }
        version = commit.version();
        for (Change<Row> change : commit.changes()) {
            Row held = rows.get(change.key());
            boolean right = switch (change.kind()) {
                case INSERT -> held == null;
                case UPDATE -> held != null && held.equals(change.before()) && !held.equals(change.after());
                case DELETE -> held != null && held.equals(change.before());
            };
            if (!right) {
                problems.add(change + " while there is " + held);
            }
            if (change.kind() == Change.Kind.DELETE) {
                rows.remove(change.key());
            } else {
                rows.put(change.key(), Objects.requireNonNull(change.after()));
            }
        }
        if (!new HashSet<>(rows.values()).equals(new HashSet<>(commit.snapshot().toList()))) {
            problems.add("commit " + version + " shows other rows than its changes lead to");
        }
    }

    synchronized List<String> problems() {
        return List.copyOf(problems);
    }
}
