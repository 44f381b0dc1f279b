package dev.tributary.cli;

import dev.tributary.SavedView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files of saved views. */
final class SavedFile {

    private SavedFile() {}

    /**
     * Reads one.
     *
     * @throws CommandException when it cannot be read
     */
    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw CommandException.usage(
                    "there is no saved view " + file + "; leave out --from the first time, and --save it", e);
        } catch (IOException | OutOfMemoryError e) {
            throw CommandException.usage("cannot read the saved view " + file + ": " + reason(e), e);
        }
    }

    /**
     * Says before a long load what would fail after it.
     *
     * @throws CommandException when no file can be written there
     */
    static void checkWritable(Path file) {
        Path directory = directoryOf(file);
        if (Files.isDirectory(file) || !Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw CommandException.usage("cannot save to " + file + ": "
                    + (Files.isDirectory(file) ? "it is a directory" : "its directory is missing or read-only"));
        }
    }

    /**
     * Writes one so that there is always either the old file or the new one, never a half.
     *
     * @throws CommandException when it cannot be written; the old file is as it was
     */
    static void write(Path file, SavedView view) {
        try {
            Path temporary = Files.createTempFile(directoryOf(file), "." + file.getFileName(), ".tmp");
            try {
                writeThrough(temporary, view.toBytes());
                move(temporary, file);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw CommandException.failed("cannot save the view to " + file + ": " + reason(e), e);
        }
    }

    private static void writeThrough(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            // Else a crash of the machine could leave the new name with no content.
            channel.force(true);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path directoryOf(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? file.toAbsolutePath() : directory;
    }

    /** The text of such exceptions is often nothing but the name of the file. */
    private static String reason(Throwable e) {
        return e.getClass().getSimpleName() + " " + e.getMessage();
    }
}
