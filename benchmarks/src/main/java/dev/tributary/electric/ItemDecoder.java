package dev.tributary.electric;

import dev.tributary.Row;
import dev.tributary.RowPacker;
import dev.tributary.RowSchema;
import dev.tributary.benchmarks.Items;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;

/** Decodes chunks of {@link Items} as the transport does, in pieces as they come from the network. */
@NullMarked
public final class ItemDecoder {

    /** What {@code java.net.http} reads at once. */
    public static final int PIECE = 16_384;

    private final LogSchema schema =
            LogSchema.parse(Items.SCHEMA, new LogSchema.Reading(ColumnNames.unchanged(), Map.of()), List.of());

    /** A decoder, which serves any number of chunks. */
    public ItemDecoder() {}

    /** The columns of the rows. */
    public RowSchema schema() {
        return schema.rowSchema();
    }

    /** Decodes a whole chunk. */
    Chunk decode(byte[] body) {
        ChunkDecoder decoder = new ChunkDecoder(schema, false, "items", text -> text, Long.MAX_VALUE);
        for (int at = 0; at < body.length; at += PIECE) {
            decoder.feed(ByteBuffer.wrap(body, at, Math.min(PIECE, body.length - at)));
        }
        return decoder.end();
    }

    /** Decodes a whole chunk and gives each row, in order, once the chunk is known to be complete. */
    public void rows(byte[] body, Consumer<Row> use) {
        Chunk chunk = decode(body);
        for (int i = 0; i < chunk.size(); i++) {
            use.accept(chunk.row(i));
        }
    }

    /** An update of one column of one row. */
    public Row change(long id, String note) {
        RowPacker packer = new RowPacker(schema());
        packer.set(schema().indexOf("id"), PgTypes.utf8(String.valueOf(id)));
        packer.set(schema().indexOf("note"), PgTypes.utf8(note));
        return packer.pack();
    }

    /** So many rows. */
    public Row[] items(int count) {
        List<Row> rows = new ArrayList<>(count);
        Items.forEachChunk(count, Items.CHUNK_BYTES, body -> rows(body, rows::add));
        return rows.toArray(new Row[0]);
    }
}
