package dev.tributary.electric;

import dev.tributary.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in the log of a shape. All parts are opaque and sent back as they came.
 *
 * @param handle the log; null before the server named one
 * @param offset what was received of it
 * @param cursor of the last live answer; null before one
 */
record ShapePosition(
        @Nullable String handle, String offset, @Nullable String cursor) {

    private static final String FORMAT = "electric 1";
    private static final Pattern OFFSET = Pattern.compile("\\d+_(?:\\d+|inf)");
    private static final Pattern STREAMED = Pattern.compile("0*[1-9]\\d*_\\d+");

    /** The beginning of a log; the handle, if there is one, only makes the address another. */
    static ShapePosition start(@Nullable String handle, String offset) {
        return new ShapePosition(handle, offset, null);
    }

    /** The place that a good answer gives. */
    ShapePosition after(ResponseHead head) {
        return new ShapePosition(
                head.handle() == null ? handle : head.handle(),
                head.offset() == null ? offset : head.offset(),
                head.cursor() == null ? cursor : head.cursor());
    }

    /** Another place in the same log. */
    ShapePosition at(String otherOffset) {
        return new ShapePosition(handle, otherOffset, cursor);
    }

    /** Whether nothing of the log was received yet. */
    boolean isStart() {
        return isStart(offset);
    }

    static boolean isStart(String offset) {
        return offset.equals(ShapeQuery.BEGINNING) || offset.equals(ShapeQuery.NOW);
    }

    /** Whether this offset lies in the replicated part of a log. */
    static boolean isStreamed(String offset) {
        return STREAMED.matcher(offset).matches();
    }

    Checkpoint toCheckpoint() {
        return Checkpoint.of(PgTypes.utf8(FORMAT + '\n' + handle + '\n' + offset));
    }

    /** The place that a checkpoint names; empty when it is none of ours or misses the handle. */
    static Optional<ShapePosition> from(Checkpoint checkpoint) {
        String[] lines = new String(checkpoint.toBytes(), StandardCharsets.UTF_8).split("\n", -1);
        boolean valid = lines.length == 3
                && lines[0].equals(FORMAT)
                && !lines[1].isEmpty()
                && OFFSET.matcher(lines[2]).matches();
        return valid ? Optional.of(new ShapePosition(lines[1], lines[2], null)) : Optional.empty();
    }
}
