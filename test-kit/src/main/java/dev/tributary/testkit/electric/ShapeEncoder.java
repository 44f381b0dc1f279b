package dev.tributary.testkit.electric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns rows and changes of a table into the messages of one shape. */
final class ShapeEncoder {

    private final TableSpec spec;
    private final boolean full;
    private final int[] selected;
    private final int[] keyed;
    private final RowKeys keys;
    private final Where where;
    private final byte[] relation;
    private final byte[] snapshotHeaders;

    ShapeEncoder(TableSpec spec, ShapeDefinition definition, Where where) {
        this.spec = spec;
        this.full = definition.full();
        this.selected = definition.columns().stream().mapToInt(spec::indexOf).toArray();
        this.keyed = Arrays.stream(selected).filter(i -> spec.column(i).isKey()).toArray();
        this.keys = new RowKeys(spec);
        this.where = where;
        this.relation = new JsonBytes()
                .raw("\"relation\":[")
                .string(spec.name().schema())
                .raw(",")
                .string(spec.name().name())
                .raw("]")
                .toBytes();
        this.snapshotHeaders = new JsonBytes()
                .raw(",\"headers\":{")
                .raw(relation)
                .raw(",\"operation\":\"insert\"}}")
                .toBytes();
    }

    /** The {@code electric-schema} of the selected columns. */
    static String schema(TableSpec spec, List<String> columns) {
        StringBuilder out = new StringBuilder("{");
        for (String name : columns) {
            Column column = spec.column(spec.indexOf(name));
            out.append(out.length() > 1 ? "," : "").append(JsonBytes.quoted(name));
            out.append(":{\"type\":").append(JsonBytes.quoted(column.type()));
            if (column.dims() > 0) {
                out.append(",\"dims\":").append(column.dims());
            }
            for (Map.Entry<String, Object> modifier : column.modifiers().entrySet()) {
                Object value = modifier.getValue();
                out.append(',').append(JsonBytes.quoted(modifier.getKey())).append(':');
                out.append(value instanceof Number ? value.toString() : JsonBytes.quoted(value.toString()));
            }
            if (column.notNull()) {
                out.append(",\"not_null\":true");
            }
            if (column.isKey()) {
                out.append(",\"pk_index\":").append(column.pkIndex());
            }
            out.append('}');
        }
        return out.append('}').toString();
    }

    boolean accepts(@Nullable String[] row) {
        return where.matches(row);
    }

    void snapshotRow(JsonBytes out, @Nullable String[] row) {
        out.raw("{\"key\":").string(keys.snapshot(row)).raw(",\"value\":{");
        String comma = "";
        for (int column : selected) {
            Column definition = spec.column(column);
            out.raw(comma).string(definition.name()).raw(":").string(definition.snapshotForm(row[column]));
            comma = ",";
        }
        out.raw("}").raw(snapshotHeaders);
    }

    /** Appends the messages of a transaction that concern the shape; says whether there were any. */
    boolean append(List<Change> changes, Commit commit, ShapeLog log) {
        List<Message> messages = new ArrayList<>();
        for (Change change : changes) {
            convert(change, messages);
        }
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            log.append(
                    new LogOffset(commit.lsn(), message.position()), encode(message, commit, i == messages.size() - 1));
        }
        return !messages.isEmpty();
    }

    private void convert(Change change, List<Message> out) {
        @Nullable String @Nullable [] before = change.before();
        @Nullable String @Nullable [] after = change.after();
        boolean was = before != null && accepts(before);
        boolean is = after != null && accepts(after);
        long position = change.position();
        if (before != null && after != null && was && is) {
            update(position, before, after, out);
        } else if (before != null && was) {
            out.add(Message.plain("delete", position, keys.stream(before), deleted(), before));
        } else if (after != null && is) {
            out.add(Message.plain("insert", position, keys.stream(after), selected, after));
        }
    }

    private void update(long position, @Nullable String[] before, @Nullable String[] after, List<Message> out) {
        String oldKey = keys.stream(before);
        String newKey = keys.stream(after);
        if (!oldKey.equals(newKey)) {
            out.add(Message.plain("delete", position, oldKey, deleted(), before).linked("key_change_to", newKey));
            out.add(Message.plain("insert", position + 1, newKey, selected, after)
                    .linked("key_change_from", oldKey));
            return;
        }
        int[] changed = Arrays.stream(selected)
                .filter(i -> !Objects.equals(before[i], after[i]))
                .toArray();
        if (changed.length > 0) {
            out.add(
                    full
                            ? Message.plain("update", position, newKey, selected, after)
                                    .old(changed, before)
                            : Message.plain("update", position, newKey, keyedOr(changed), after));
        }
    }

    private int[] deleted() {
        return full || spec.keyIndexes().length == 0 ? selected : keyed;
    }

    private int[] keyedOr(int[] changed) {
        return Arrays.stream(selected)
                .filter(i -> spec.column(i).isKey() || Arrays.stream(changed).anyMatch(c -> c == i))
                .toArray();
    }

    private byte[] encode(Message message, Commit commit, boolean last) {
        JsonBytes out = new JsonBytes().raw("{\"value\":");
        values(out, message.columns(), message.row());
        out.raw(",\"key\":").string(message.key()).raw(",\"headers\":{");
        if (last) {
            out.raw("\"last\":true,");
        }
        out.raw(relation)
                .raw(",\"operation\":\"" + message.operation() + "\",\"lsn\":\"" + commit.lsnText())
                .raw("\",\"op_position\":" + message.position() + ",\"txids\":[" + commit.txid() + "]");
        if (message.linkedKey() != null) {
            out.raw(",\"" + message.link() + "\":").string(message.linkedKey());
        }
        out.raw("}");
        if (message.oldColumns() != null && message.oldRow() != null) {
            out.raw(",\"old_value\":");
            values(out, message.oldColumns(), message.oldRow());
        }
        return out.raw("}").toBytes();
    }

    private void values(JsonBytes out, int[] columns, @Nullable String[] row) {
        out.raw("{");
        String comma = "";
        for (int column : columns) {
            out.raw(comma).string(spec.column(column).name()).raw(":").string(row[column]);
            comma = ",";
        }
        out.raw("}");
    }

    private record Message(
            String operation,
            long position,
            String key,
            int[] columns,
            @Nullable String[] row,
            int @Nullable [] oldColumns,
            @Nullable String @Nullable [] oldRow,
            @Nullable String link,
            @Nullable String linkedKey) {

        static Message plain(String operation, long position, String key, int[] columns, @Nullable String[] row) {
            return new Message(operation, position, key, columns, row, null, null, null, null);
        }

        Message linked(String name, String otherKey) {
            return new Message(operation, position, key, columns, row, oldColumns, oldRow, name, otherKey);
        }

        Message old(int[] changed, @Nullable String[] before) {
            return new Message(operation, position, key, columns, row, changed, before, link, linkedKey);
        }
    }
}
