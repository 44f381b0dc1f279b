package dev.tributary.sodp;

import dev.tributary.ConfigurationException;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in a document: names of members and indexes of elements, from the root down. How it is spelled is the server's
 * matter; {@code SodpPath.of("cursors", userId)} is right for every one of them, whatever characters the names hold.
 *
 * @param segments empty for the whole value
 */
public record SodpPath(List<String> segments) {

    /** The whole value. */
    public static final SodpPath ROOT = new SodpPath(List.of());

    public SodpPath {
        segments = List.copyOf(segments);
    }

    /** A path of these names and indexes; an index is written as a number. */
    public static SodpPath of(Object... segments) {
        List<String> texts = new ArrayList<>();
        for (Object segment : segments) {
            if (!(segment instanceof String) && !(segment instanceof Integer) && !(segment instanceof Long)) {
                throw new ConfigurationException("a path is made of texts and whole numbers, got "
                        + segment.getClass().getSimpleName());
            }
            texts.add(segment.toString());
        }
        return new SodpPath(texts);
    }

    /**
     * Reads a JSON Pointer: {@code /a/0/b}, with {@code ~0} for a tilde and {@code ~1} for a slash. The slash alone, and
     * the empty text, are the whole value.
     *
     * @throws ConfigurationException when it does not begin with a slash
     */
    public static SodpPath parse(String pointer) {
        if (!pointer.isEmpty() && pointer.charAt(0) != '/') {
            throw new ConfigurationException("a path begins with a slash, got '" + pointer + "'");
        }
        return new SodpPath(List.of(PathSyntax.POINTER.parse(pointer)));
    }

    /** The path one step further down. */
    public SodpPath child(String segment) {
        List<String> more = new ArrayList<>(segments);
        more.add(segment);
        return new SodpPath(more);
    }

    /** Whether it is the whole value. */
    public boolean isRoot() {
        return segments.isEmpty();
    }

    /** As a JSON Pointer. */
    @Override
    public String toString() {
        return PathSyntax.POINTER.format(segments);
    }
}
