package dev.tributary.spacetimedb;

import dev.tributary.Row;
import dev.tributary.spacetimedb.codec.RowSink;
import dev.tributary.spacetimedb.types.RowDecoder;
import java.nio.CharBuffer;
import java.util.function.Consumer;

/** Makes rows of what the server sends of one table, and counts them. */
final class RowTaker implements RowSink {

    private final RowDecoder decoder;
    private final Consumer<Row> to;
    private long rows;
    private long bytes;

    RowTaker(RowDecoder decoder, Consumer<Row> to) {
        this.decoder = decoder;
        this.to = to;
    }

    @Override
    public void row(byte[] from, int offset, int length) {
        rows++;
        bytes += length;
        to.accept(decoder.row(from, offset, length));
    }

    @Override
    public void json(CharBuffer text) {
        rows++;
        bytes += text.remaining();
        to.accept(decoder.jsonRow(text.array(), text.arrayOffset() + text.position(), text.remaining()));
    }

    long rows() {
        return rows;
    }

    long bytes() {
        return bytes;
    }
}
