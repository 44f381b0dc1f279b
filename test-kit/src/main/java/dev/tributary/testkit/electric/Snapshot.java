package dev.tributary.testkit.electric;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The rows a shape started with, encoded chunk by chunk when first asked for and shared from then on. */
final class Snapshot {

    private final BiConsumer<JsonBytes, @Nullable String[]> encoder;
    private final byte[] endMessage;
    private final int chunkBytes;
    private final List<byte[]> chunks = new ArrayList<>();
    private final ArrayDeque<@Nullable String[]> rows;
    private boolean complete;

    Snapshot(
            List<@Nullable String[]> rows,
            BiConsumer<JsonBytes, @Nullable String[]> encoder,
            byte[] endMessage,
            int chunkBytes) {
        this.rows = new ArrayDeque<>(rows);
        this.encoder = encoder;
        this.endMessage = endMessage;
        this.chunkBytes = chunkBytes;
    }

    boolean hasChunk(long index) {
        while (!complete && chunks.size() <= index) {
            encodeNext();
        }
        return index < chunks.size();
    }

    byte[] chunk(int index) {
        if (!hasChunk(index)) {
            throw new IndexOutOfBoundsException(index);
        }
        return chunks.get(index);
    }

    private void encodeNext() {
        JsonBytes out = new JsonBytes().raw("[");
        int messages = 0;
        int commas = 0;
        while (!rows.isEmpty() && out.size() - 1 - commas < chunkBytes) {
            out.raw(messages++ == 0 ? "" : ",");
            commas = messages - 1;
            encoder.accept(out, rows.remove());
        }
        if (rows.isEmpty() && out.size() - 1 - commas < chunkBytes) {
            out.raw(messages == 0 ? "" : ",").raw(endMessage);
            complete = true;
        }
        chunks.add(out.raw("]").toBytes());
    }
}
