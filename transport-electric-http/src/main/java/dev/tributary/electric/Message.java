package dev.tributary.electric;

import com.fasterxml.jackson.core.JsonParser;
import dev.tributary.Column;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.RowPacker;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/**
 * The message that is being decoded, and what it does to the chunk once it is complete. One object serves all messages
 * of a body.
 */
final class Message {

    /** Positions are told for so many changes of a body; a first load over the stream may hold millions. */
    static final int MAX_OPERATIONS = 16_384;

    private static final ElectricCommit.Kind[] KINDS = ElectricCommit.Kind.values();
    private static final byte[] TRUE = {'t'};
    private static final byte[] FALSE = {'f'};
    private static final byte[] TRUE_WORD = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE_WORD = {'f', 'a', 'l', 's', 'e'};

    private final LogSchema schema;
    private final Chunk chunk;
    private final boolean streamed;
    private final RowPacker packer;
    /** What the changed columns held before, where the server says so. */
    private final RowPacker oldPacker;

    private final List<Column> columns;
    private final String[] names;
    private final boolean[] booleans;
    private final int described;
    private final int keySlots;
    private final MessageHeaders headers = new MessageHeaders();

    private boolean hasKey;
    /** It was the insert of a whole row without a place in the log, as all are in a snapshot. */
    private boolean plainInsert;

    private char[] key = new char[64];
    private int keyLength;
    private boolean hasValue;
    private boolean hasOldValue;
    /** Of value and old value, the one that is being read. */
    private RowPacker into;

    private boolean whole;
    /** Columns were set that no row was made of. */
    private boolean leftover;
    /** The column being read, and how many were set without leaving the order of the schema. */
    private int column;

    private int next;
    private boolean inOrder;
    private int nullColumn;
    /** Of the columns that were not described, which ones came. */
    private final boolean[] came;
    /** Those of the change before: the changes of one transaction share them. */
    private List<Long> lastTxids = List.of();

    Message(LogSchema schema, Chunk chunk, boolean streamed) {
        this.schema = schema;
        this.chunk = chunk;
        this.streamed = streamed;
        this.packer = new RowPacker(schema.rowSchema());
        this.oldPacker = new RowPacker(schema.rowSchema());
        this.into = packer;
        this.columns = schema.rowSchema().columns();
        this.names = schema.names();
        this.booleans = schema.booleans();
        this.described = schema.describedColumns();
        this.keySlots = schema.rowSchema().keySlots();
        this.came = new boolean[names.length - described];
    }

    void begin() {
        hasKey = false;
        plainInsert = false;
        keyLength = -1;
        hasValue = false;
        hasOldValue = false;
        headers.clear();
    }

    void key(JsonParser parser) throws IOException {
        hasKey = true;
        if (streamed && chunk.operations().size() < MAX_OPERATIONS) {
            keyLength = parser.getTextLength();
            if (key.length < keyLength) {
                key = new char[keyLength];
            }
            System.arraycopy(parser.getTextCharacters(), parser.getTextOffset(), key, 0, keyLength);
        }
    }

    void beginValue() {
        if (leftover) {
            packer.clear();
        }
        into = packer;
        hasValue = true;
        leftover = true;
        next = 0;
        inOrder = true;
        nullColumn = -1;
        Arrays.fill(came, false);
    }

    void beginOldValue() {
        leaveValue();
        oldPacker.clear();
        into = oldPacker;
        hasOldValue = true;
        next = 0;
        inOrder = true;
    }

    /** Whether all columns came, in the order of the schema: then nothing more is to be checked. */
    private void leaveValue() {
        if (into.equals(packer)) {
            whole = inOrder && next == columns.size();
        }
    }

    /** Goes to a column; false when the schema has none of that name. The server keeps to one order in all rows. */
    @SuppressWarnings({"ReferenceEquality", "StringEquality"})
    boolean column(String name) {
        // Both names are interned; only where the guess is wrong are they looked up.
        if (next < names.length && names[next] == name) {
            arrive(next);
            return true;
        }
        inOrder = false;
        int found = schema.find(name);
        if (found < 0) {
            chunk.addUndescribed(name);
            return false;
        }
        arrive(found);
        return true;
    }

    private void arrive(int place) {
        column = place;
        next = place + 1;
        if (place >= described && into.equals(packer)) {
            came[place - described] = true;
        }
    }

    String columnName() {
        return names[column];
    }

    void text(char[] chars, int offset, int length) {
        if (booleans[column]) {
            truth(chars, offset, length);
        } else {
            into.setText(column, chars, offset, length);
        }
    }

    /** The server spells {@code true} in snapshots and {@code t} in the stream. */
    private void truth(char[] chars, int offset, int length) {
        if (is("true", chars, offset, length) || is("t", chars, offset, length)) {
            into.set(column, TRUE);
        } else if (is("false", chars, offset, length) || is("f", chars, offset, length)) {
            into.set(column, FALSE);
        } else {
            into.setText(column, chars, offset, length);
        }
    }

    static boolean is(String word, char[] chars, int offset, int length) {
        if (length != word.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (chars[offset + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    void nothing() {
        if (into.equals(packer) && !columns.get(column).nullable() && nullColumn < 0) {
            nullColumn = column;
        }
        into.setNull(column);
    }

    /** Whether this header is wanted. */
    boolean header(String name) {
        return headers.select(name);
    }

    void headerValue(JsonParser parser) throws IOException {
        headers.value(parser);
    }

    void headerItem(JsonParser parser) throws IOException {
        headers.item(parser);
    }

    /** The message is complete: what it is shows in what it has. */
    void end() {
        if (hasKey || headers.operation() != null) {
            change();
        } else if (headers.control() != null) {
            control(headers.control());
        } else if (headers.event() != null) {
            event(headers.event());
        }
        chunk.countMessage();
    }

    private void event(String name) {
        if (name.equals("move-out") || name.equals("move-in")) {
            throw noSubqueries();
        }
    }

    private static RejectedException noSubqueries() {
        return new RejectedException("subquery shapes are not supported yet by this transport");
    }

    private void control(String name) {
        switch (name) {
            case "up-to-date" -> chunk.sawUpToDate(headers.globalLsn());
            case "must-refetch" -> chunk.sawMustRefetch();
            case "snapshot-end" -> chunk.sawSnapshotEnd(headers.snapshotEnd());
            default -> {}
        }
    }

    private void change() {
        byte kind = kind();
        if (headers.isTagged()) {
            throw noSubqueries();
        }
        if (!hasValue) {
            throw new ProtocolException("a change has no value");
        }
        leaveValue();
        if (kind == Chunk.INSERT && !whole) {
            fillUndescribed();
        }
        Row row = packer.pack();
        leftover = false;
        if (!whole) {
            require(row, kind == Chunk.INSERT ? columns.size() : keySlots);
        }
        if (kind != Chunk.DELETE) {
            requireNoNull(row);
        }
        Row before = kind == Chunk.UPDATE && hasOldValue ? row.merge(oldPacker.pack()) : null;
        chunk.add(kind, row, before, headers.lsn(), headers.position());
        plainInsert = kind == Chunk.INSERT && whole && !hasOldValue && headers.isWithoutPlace();
        position(kind);
    }

    private void requireNoNull(Row row) {
        if (nullColumn >= 0) {
            throw new ProtocolException(
                    "column '" + names[nullColumn] + "' is declared not null, but is null in row " + row.keyText());
        }
    }

    /** Whether others like it can be read by an {@link InsertTemplate}. */
    boolean isPlainInsert() {
        return plainInsert;
    }

    int columnCount() {
        return names.length;
    }

    /** A plain insert begins that a template reads. */
    void beginInsert() {
        packer.clear();
        into = packer;
        leftover = true;
        nullColumn = -1;
    }

    /** The value of a column, as UTF-8 that is known to be well-formed. */
    void plain(int place, byte[] bytes, int offset, int length) {
        if (!booleans[place]) {
            packer.set(place, bytes, offset, length);
        } else if (Arrays.equals(bytes, offset, offset + length, TRUE_WORD, 0, TRUE_WORD.length)) {
            packer.set(place, TRUE);
        } else if (Arrays.equals(bytes, offset, offset + length, FALSE_WORD, 0, FALSE_WORD.length)) {
            packer.set(place, FALSE);
        } else {
            // What else there may be is spelled right already, or nothing that we know.
            packer.set(place, bytes, offset, length);
        }
    }

    void plainNull(int place) {
        column = place;
        nothing();
    }

    void endInsert() {
        Row row = packer.pack();
        leftover = false;
        requireNoNull(row);
        chunk.add(Chunk.INSERT, row, null, null, -1);
        chunk.countMessage();
    }

    private byte kind() {
        String operation = headers.operation();
        if (operation != null) {
            switch (operation) {
                case "insert":
                    return Chunk.INSERT;
                case "update":
                    return Chunk.UPDATE;
                case "delete":
                    return Chunk.DELETE;
                default:
                    break;
            }
        }
        throw new ProtocolException("a change is neither insert, update nor delete but "
                + (operation == null ? "nothing" : "'" + operation + "'"));
    }

    /** A column that was not described may be missing: then it is null. */
    private void fillUndescribed() {
        for (int i = 0; i < came.length; i++) {
            if (!came[i]) {
                packer.setNull(described + i);
            }
        }
    }

    /** An insert has all columns, every change those of the key, which stand first in a row. */
    private void require(Row row, int slots) {
        for (int i = 0; i < columns.size(); i++) {
            if (schema.rowSchema().slotOf(i) < slots && !row.has(i)) {
                String what = slots == columns.size() ? "an insert lacks column '" : "a change lacks the key column '";
                throw new ProtocolException(what + names[i] + "' in row " + row.keyText());
            }
        }
    }

    /** Positions and transactions, which rows of a snapshot do not have. */
    @SuppressWarnings("ReferenceEquality") // the changes of one transaction share one list
    private void position(byte kind) {
        if (!headers.txids().equals(lastTxids)) {
            lastTxids = headers.txids();
            lastTxids.forEach(txid -> chunk.addTransaction(txid.intValue()));
        }
        BigInteger lsn = headers.lsnNumber();
        if (lsn == null && headers.keyChangeTo() == null && headers.keyChangeFrom() == null) {
            return;
        }
        if (keyLength < 0) {
            chunk.omitOperation();
            return;
        }
        chunk.addOperation(new ElectricCommit.Operation(
                KINDS[kind - 1],
                new String(key, 0, keyLength),
                lsn,
                headers.position(),
                headers.txids(),
                headers.isLast(),
                headers.keyChangeTo(),
                headers.keyChangeFrom()));
    }
}
