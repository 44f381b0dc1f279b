package dev.tributary.replay.recording;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Where the transcripts are: those of this module, or those of {@code -Dtributary.transcripts=DIR}. */
public final class Transcripts {

    private static final String PROPERTY = "tributary.transcripts";

    private Transcripts() {}

    public static boolean areBundled() {
        return System.getProperty(PROPERTY) == null;
    }

    public static Path directory() {
        String given = System.getProperty(PROPERTY);
        return given == null ? bundled() : Path.of(given);
    }

    private static Path bundled() {
        try {
            URI uri = Objects.requireNonNull(Transcripts.class.getResource("/transcripts"))
                    .toURI();
            return Path.of(uri);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static List<Path> files() {
        try (Stream<Path> all = Files.walk(directory())) {
            return all.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of one protocol. */
    public static List<Path> files(String protocol) {
        return files().stream()
                .filter(file -> read(file).protocol().equals(protocol))
                .toList();
    }

    public static Transcript read(Path file) {
        try {
            return TranscriptReader.read(file, String.valueOf(file.getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TranscriptException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    public static Transcript parse(String... lines) {
        try {
            return TranscriptReader.parse("test.jsonl", String.join("\n", lines));
        } catch (TranscriptException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
