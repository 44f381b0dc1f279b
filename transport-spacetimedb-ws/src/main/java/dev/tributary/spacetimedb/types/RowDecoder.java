package dev.tributary.spacetimedb.types;

import dev.tributary.ProtocolException;
import dev.tributary.Row;
import dev.tributary.RowPacker;
import java.util.List;

/**
 * Makes rows of one table, one after another: from BSATN, whose columns are cut out and checked but not decoded, and from
 * both JSON forms of the server, which become BSATN first. So one row is the same {@link Row} whichever way it came, and
 * its bytes are the same too. Keeps buffers; for one thread.
 */
public final class RowDecoder {

    private final RowLayout layout;
    private final AlgebraicType[] types;
    private final String[] names;
    /** By column: its fixed size where any bytes will do, else -1. */
    private final int[] sizes;

    private final boolean[] options;
    private final RowPacker packer;
    private final BsatnReader in = new BsatnReader();
    private final JsonInput json = new JsonInput();

    RowDecoder(RowLayout layout) {
        this.layout = layout;
        List<Product.Field> fields = layout.columns().fields();
        this.types = new AlgebraicType[fields.size()];
        this.names = new String[fields.size()];
        this.sizes = new int[fields.size()];
        this.options = new boolean[fields.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = fields.get(i).type();
            names[i] = fields.get(i).name();
            sizes[i] = types[i].isAnyBytes() ? types[i].size() : AlgebraicType.VARIABLE;
            options[i] = types[i] instanceof OptionOf;
        }
        this.packer = new RowPacker(layout.schema());
    }

    /** The columns of its rows. */
    public RowLayout layout() {
        return layout;
    }

    /**
     * The row of these bytes, all of them.
     *
     * @throws ProtocolException when they are no row of this table
     */
    public Row row(byte[] bytes, int offset, int length) {
        if (layout.isRaw()) {
            return raw(bytes, offset, length);
        }
        in.reset(bytes, offset, length);
        int column = 0;
        try {
            for (; column < types.length; column++) {
                int size = sizes[column];
                if (size >= 0) {
                    packer.set(column, bytes, in.take(size), size);
                    continue;
                }
                int from = in.at();
                types[column].skip(in, AlgebraicType.MOST_LEVELS);
                if (options[column] && bytes[from] == OptionOf.NONE) {
                    packer.setNull(column);
                } else {
                    packer.set(column, bytes, from, in.at() - from);
                }
            }
            in.checkEnd();
        } catch (IllegalArgumentException e) {
            packer.clear();
            throw refused(column, e);
        }
        return packer.pack();
    }

    private Row raw(byte[] bytes, int offset, int length) {
        BsatnWriter out = new BsatnWriter();
        out.i32(length);
        out.raw(bytes, offset, length);
        packer.set(0, out.buffer(), 0, out.length());
        return packer.pack();
    }

    /**
     * Checks one row and says where it ends.
     *
     * @param end of the bytes that there are
     * @return the index of the first byte behind the row
     * @throws ProtocolException when no row of this table begins there
     */
    public int skip(byte[] bytes, int offset, int end) {
        in.reset(bytes, offset, end - offset);
        int column = 0;
        try {
            for (; column < types.length; column++) {
                types[column].skip(in, AlgebraicType.MOST_LEVELS);
            }
        } catch (IllegalArgumentException e) {
            throw refused(column, e);
        }
        return in.at();
    }

    private ProtocolException refused(int column, IllegalArgumentException e) {
        String where = column < names.length ? ", column " + names[column] : "";
        return new ProtocolException("a row of table " + layout.table() + where + ": " + e.getMessage(), e);
    }

    /**
     * The row of this JSON text, in either form of the server.
     *
     * @throws ProtocolException when it is no row of this table
     */
    public Row jsonRow(String text) {
        BsatnWriter bsatn = toBsatn(text);
        return row(bsatn.buffer(), 0, bsatn.length());
    }

    /** As {@link #jsonRow(String)}, of a part of these characters. */
    public Row jsonRow(char[] chars, int offset, int length) {
        BsatnWriter bsatn = toBsatn(chars, offset, length);
        return row(bsatn.buffer(), 0, bsatn.length());
    }

    /**
     * Gives the BSATN of the row of this JSON text, in either form of the server.
     *
     * @throws ProtocolException when it is no row of this table
     */
    public void json(String text, BytesSink sink) {
        BsatnWriter bsatn = toBsatn(text);
        sink.accept(bsatn.buffer(), 0, bsatn.length());
    }

    /** As {@link #json(String, BytesSink)}, of a part of these characters. */
    public void json(char[] chars, int offset, int length, BytesSink sink) {
        BsatnWriter bsatn = toBsatn(chars, offset, length);
        sink.accept(bsatn.buffer(), 0, bsatn.length());
    }

    private BsatnWriter toBsatn(String text) {
        try {
            return json.read(layout.columns(), text, JsonSource.Dialect.SERVER);
        } catch (IllegalArgumentException e) {
            throw refused(names.length, e);
        }
    }

    private BsatnWriter toBsatn(char[] chars, int offset, int length) {
        try {
            return json.read(layout.columns(), chars, offset, length, JsonSource.Dialect.SERVER);
        } catch (IllegalArgumentException e) {
            throw refused(names.length, e);
        }
    }
}
