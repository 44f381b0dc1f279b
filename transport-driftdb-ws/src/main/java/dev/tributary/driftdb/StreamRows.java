package dev.tributary.driftdb;

import dev.tributary.Column;
import dev.tributary.Row;
import dev.tributary.RowPacker;
import dev.tributary.RowSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of each form of view. */
final class StreamRows {

    static final String VALUE = "value";

    /** One row: the newest entry. */
    static final RowSchema LATEST = RowSchema.of(List.of(
            new Column("key", DriftTypes.TEXT, false, 0),
            new Column("seq", DriftTypes.NUMBER, false, -1),
            new Column(VALUE, DriftTypes.VALUE, true, -1)));

    /** One row for each entry. Numbers recur after a loss, so the history is a part of the key. */
    static final RowSchema LOG = RowSchema.of(List.of(
            new Column("history", DriftTypes.NUMBER, false, 0),
            new Column("seq", DriftTypes.NUMBER, false, 1),
            new Column(VALUE, DriftTypes.VALUE, true, -1)));

    /** One row for each client that is present. */
    static final RowSchema PRESENCE = RowSchema.of(
            List.of(new Column("client", DriftTypes.TEXT, false, 0), new Column(VALUE, DriftTypes.VALUE, true, -1)));

    /** One row for each entry of the room. */
    static final RowSchema ROOM = RowSchema.of(List.of(
            new Column("key", DriftTypes.TEXT, false, 0),
            new Column("seq", DriftTypes.NUMBER, false, 1),
            new Column(VALUE, DriftTypes.VALUE, true, -1)));

    private final RowPacker packer;

    StreamRows(RowSchema schema) {
        this.packer = new RowPacker(schema);
    }

    RowSchema schema() {
        return packer.schema();
    }

    Row latest(String key, Entry entry) {
        text(0, key);
        number(1, entry.number());
        packer.setDocument(2, entry.value());
        return packer.pack();
    }

    Row latestKey(String key) {
        text(0, key);
        return packer.pack();
    }

    Row log(long history, Entry entry) {
        number(0, history);
        number(1, entry.number());
        packer.setDocument(2, entry.value());
        return packer.pack();
    }

    Row logKey(long history, long number) {
        number(0, history);
        number(1, number);
        return packer.pack();
    }

    Row client(String client, @Nullable Object value) {
        text(0, client);
        packer.setDocument(1, value);
        return packer.pack();
    }

    Row clientKey(String client) {
        text(0, client);
        return packer.pack();
    }

    Row room(String key, Entry entry) {
        text(0, key);
        number(1, entry.number());
        packer.setDocument(2, entry.value());
        return packer.pack();
    }

    Row roomKey(String key, long number) {
        text(0, key);
        number(1, number);
        return packer.pack();
    }

    private void text(int column, String text) {
        packer.set(column, text.getBytes(StandardCharsets.UTF_8));
    }

    private void number(int column, long number) {
        packer.set(column, DriftTypes.packed(number));
    }
}
