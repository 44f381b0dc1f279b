package dev.tributary.electric;

import dev.tributary.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one complete body says: changes in order, and what stands beside them. Filled by {@link ChunkDecoder}. */
final class Chunk {

    static final byte INSERT = 1;
    static final byte UPDATE = 2;
    static final byte DELETE = 3;

    private byte[] kinds = new byte[64];
    private Row[] rows = new Row[64];
    /** Rows before updates, by place, where the server tells them. */
    private final Map<Integer, Row> befores = new HashMap<>();

    private int size;

    private final List<ElectricCommit.Operation> operations = new ArrayList<>();
    private final Set<Integer> txids = new LinkedHashSet<>();
    private final Set<String> undescribedColumns = new LinkedHashSet<>();
    private int omitted;
    private int messages;
    private long bytes;
    private @Nullable String lastLsn;
    private long lastPosition;
    private boolean upToDate;
    private boolean mustRefetch;
    private @Nullable String globalLsn;
    private @Nullable SnapshotEnd snapshotEnd;

    void add(byte kind, Row row, @Nullable Row before, @Nullable String lsn, long position) {
        if (size == kinds.length) {
            kinds = Arrays.copyOf(kinds, size * 2);
            rows = Arrays.copyOf(rows, size * 2);
        }
        kinds[size] = kind;
        rows[size] = row;
        if (before != null) {
            befores.put(size, before);
        }
        size++;
        lastLsn = lsn;
        lastPosition = position;
        upToDate = false;
    }

    void addOperation(ElectricCommit.Operation operation) {
        operations.add(operation);
    }

    void omitOperation() {
        omitted++;
    }

    void addTransaction(int txid) {
        txids.add(txid);
    }

    void addUndescribed(String column) {
        undescribedColumns.add(column);
    }

    void countMessage() {
        messages++;
    }

    void received(long count) {
        bytes += count;
    }

    void sawUpToDate(@Nullable String lsn) {
        upToDate = true;
        globalLsn = lsn;
    }

    void sawMustRefetch() {
        upToDate = false;
        mustRefetch = true;
    }

    void sawSnapshotEnd(@Nullable SnapshotEnd end) {
        upToDate = false;
        snapshotEnd = end;
    }

    /** How many changes there are. */
    int size() {
        return size;
    }

    byte kind(int index) {
        return kinds[index];
    }

    Row row(int index) {
        return rows[index];
    }

    /** The whole row before an update; null where the server does not tell it. */
    @Nullable
    Row before(int index) {
        return befores.get(index);
    }

    /** Streamed changes with their positions. */
    List<ElectricCommit.Operation> operations() {
        return operations;
    }

    /** Streamed changes that are not in {@link #operations}. */
    int omitted() {
        return omitted;
    }

    /** The low 32 bits of the transactions of the changes. */
    Set<Integer> txids() {
        return txids;
    }

    /** Columns that came without being described. */
    Set<String> undescribedColumns() {
        return undescribedColumns;
    }

    /** How many messages of all kinds there were. */
    int messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    /** The offset after the last change; null when that change tells no position, or there is none. */
    @Nullable
    String lastOffset() {
        return lastLsn == null || lastPosition < 0 ? null : lastLsn + '_' + lastPosition;
    }

    /** Whether the last message says so. */
    boolean isUpToDate() {
        return upToDate;
    }

    boolean isMustRefetch() {
        return mustRefetch;
    }

    @Nullable
    String globalLsn() {
        return globalLsn;
    }

    @Nullable
    SnapshotEnd snapshotEnd() {
        return snapshotEnd;
    }
}
