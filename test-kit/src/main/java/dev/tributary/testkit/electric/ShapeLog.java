package dev.tributary.testkit.electric;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The replicated part of a shape's log: encoded messages in chunks whose borders never move. */
final class ShapeLog {

    private final int chunkBytes;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Integer> chunkEnds = new ArrayList<>();
    private long openChunkBytes;
    private @Nullable Body cached;

    ShapeLog(int chunkBytes) {
        this.chunkBytes = chunkBytes;
    }

    void append(LogOffset offset, byte[] message) {
        entries.add(new Entry(offset, message));
        openChunkBytes += message.length;
        if (openChunkBytes >= chunkBytes) {
            chunkEnds.add(entries.size());
            openChunkBytes = 0;
        }
    }

    /** Offset of the last message, or the end of the snapshot. */
    LogOffset last() {
        return entries.isEmpty()
                ? LogOffset.SNAPSHOT_END
                : entries.get(entries.size() - 1).offset();
    }

    /** The messages after an offset up to the end of the chunk the first of them lies in. */
    Slice after(LogOffset offset) {
        int from = firstAfter(offset);
        int to = entries.size();
        int chunk = chunkAfter(from);
        if (chunk < chunkEnds.size()) {
            to = chunkEnds.get(chunk);
        }
        LogOffset end = from == to ? last() : entries.get(to - 1).offset();
        return new Slice(from, to, end, to == entries.size());
    }

    /** The slice as a JSON array, with {@code tail} as its last message when given. */
    List<byte[]> body(Slice slice, byte @Nullable [] tail) {
        byte[] messages = joined(slice.from(), slice.to());
        JsonBytes end = new JsonBytes();
        if (tail != null) {
            end.raw(slice.isEmpty() ? "" : ",").raw(tail);
        }
        return List.of(messages, end.raw("]").toBytes());
    }

    private byte[] joined(int from, int to) {
        if (cached == null || cached.from() != from || cached.to() != to) {
            JsonBytes out = new JsonBytes().raw("[");
            for (int i = from; i < to; i++) {
                out.raw(i == from ? "" : ",").raw(entries.get(i).message());
            }
            cached = new Body(from, to, out.toBytes());
        }
        return cached.bytes();
    }

    private int firstAfter(LogOffset offset) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).offset().compareTo(offset) > 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private int chunkAfter(int from) {
        int low = 0;
        int high = chunkEnds.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (chunkEnds.get(middle) > from) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /**
     * A range of messages.
     *
     * @param from index of the first
     * @param to index after the last
     * @param end offset to go on from
     * @param atEnd whether it reaches the end of the log
     */
    record Slice(int from, int to, LogOffset end, boolean atEnd) {

        boolean isEmpty() {
            return from == to;
        }
    }

    private record Entry(LogOffset offset, byte[] message) {}

    private record Body(int from, int to, byte[] bytes) {}
}
