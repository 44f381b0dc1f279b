package dev.tributary.testkit.electric;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One incarnation of a shape: its handle, its snapshot and its log. */
final class Shape {

    private final String handle;
    private final ShapeDefinition definition;
    private final String schema;
    private final ShapeEncoder encoder;
    private final Snapshot snapshot;
    private final ShapeLog log;

    /**
     * Takes the snapshot.
     *
     * @param nextXid the first transaction id that the snapshot does not contain
     */
    Shape(String handle, ShapeDefinition definition, Table table, Where where, long nextXid, int chunkBytes) {
        this.handle = handle;
        this.definition = definition;
        this.schema = ShapeEncoder.schema(table.spec(), definition.columns());
        this.encoder = new ShapeEncoder(table.spec(), definition, where);
        this.log = new ShapeLog(chunkBytes);
        List<@Nullable String[]> rows = new ArrayList<>();
        if (!definition.changesOnly()) {
            for (@Nullable String[] row : table.rows()) {
                if (encoder.accepts(row)) {
                    rows.add(row);
                }
            }
        }
        String xid = Long.toUnsignedString(nextXid);
        byte[] end = new JsonBytes()
                .raw("{\"headers\":{\"control\":\"snapshot-end\",\"xmin\":\"" + xid + "\",\"xmax\":\"" + xid)
                .raw("\",\"xip_list\":[]}}")
                .toBytes();
        this.snapshot = new Snapshot(rows, encoder::snapshotRow, end, chunkBytes);
    }

    String handle() {
        return handle;
    }

    ShapeDefinition definition() {
        return definition;
    }

    String schema() {
        return schema;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    ShapeLog log() {
        return log;
    }

    /** Whether the offset is answered by a snapshot chunk rather than by the log. */
    boolean answersFromSnapshot(LogOffset offset) {
        return offset.inSnapshot() && snapshot.hasChunk(offset.op() + 1);
    }

    boolean append(List<Change> changes, Commit commit) {
        return encoder.append(changes, commit, log);
    }
}
