package dev.tributary.spacetimedb.codec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * Frames recorded between a real server (2.8.3) and a scripted client, and what came of its requests, known by other
 * means than the frames. One line each: a word, then what belongs to it.
 */
final class Frames {

    /** A line. */
    record Line(String word, String rest) {

        boolean isReceived() {
            return word.equals("recv");
        }

        /** What the frame holds, without its kind. */
        String content() {
            return rest.substring(rest.indexOf(' ') + 1);
        }

        byte[] bytes() {
            return rest.startsWith("text ")
                    ? content().getBytes(StandardCharsets.UTF_8)
                    : Base64.getDecoder().decode(content());
        }
    }

    private Frames() {}

    static List<Line> load(String name) {
        try (InputStream in = Objects.requireNonNull(Frames.class.getResourceAsStream(name + ".frames"), name);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(line -> new Line(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
