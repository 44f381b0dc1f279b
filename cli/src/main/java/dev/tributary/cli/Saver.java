package dev.tributary.cli;

import dev.tributary.MaterializedView;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Saves a view to a file, where one was named and there is something to save. */
final class Saver {

    private final MaterializedView<?> view;
    private final @Nullable Path file;
    private final StatusLines lines;

    Saver(MaterializedView<?> view, @Nullable Path file, StatusLines lines) {
        this.view = view;
        this.file = file;
        this.lines = lines;
    }

    /**
     * Saves what is there now.
     *
     * @throws CommandException when the file cannot be written
     */
    synchronized void save() {
        Path target = file;
        if (target == null) {
            return;
        }
        if (view.snapshot().schema().isEmpty()) {
            lines.line("nothing to save yet, " + target + " is as it was");
            return;
        }
        SavedFile.write(target, view.save());
    }

    /** As {@link #save}, while it goes on: a failure is only told. */
    void saveQuietly() {
        try {
            save();
        } catch (RuntimeException e) {
            lines.line(ErrorSentences.textOf(e));
        }
    }
}
