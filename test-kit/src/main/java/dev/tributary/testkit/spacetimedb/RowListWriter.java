package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.spacetimedb.SpacetimeType.Array;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Product;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Sum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes lists of rows in binary form, the first one that has rows damaged if a fault says so. */
final class RowListWriter {

    private static final int LARGEST_FIXED = 65_535;
    /** From so many rows on a list is written once for all clients that ask for it. */
    static final int LARGE = 10_000;

    private final Typespace types;
    private @Nullable RowDamage damage;

    RowListWriter(Typespace types, @Nullable RowDamage damage) {
        this.types = types;
        this.damage = damage;
    }

    /** About how many bytes a list takes, so that writers need not grow. */
    static int estimate(RowBag bag) {
        byte[] known = bag.encoded();
        if (known != null) {
            return known.length;
        }
        long bytes = 32;
        for (Row row : bag.rows()) {
            bytes += row.bytes().length + 8;
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE - 16L);
    }

    void write(Query query, RowBag bag, BsatnWriter out) {
        RowDamage now = bag.isEmpty() ? null : damage;
        byte[] known = bag.encoded();
        if (now == null && known != null) {
            out.raw(known);
            return;
        }
        if (now == null && bag.size() >= LARGE) {
            BsatnWriter list = new BsatnWriter(estimate(bag));
            write(bag.rows(), null, list);
            bag.encoded(list.toBytes());
            write(query, bag, out);
            return;
        }
        if (now == null) {
            write(bag.rows(), null, out);
            return;
        }
        damage = null;
        List<Row> rows = bag.rows();
        if (now.compareTo(RowDamage.BAD_BOOL) >= 0) {
            rows = new ArrayList<>(rows);
            rows.set(0, new Row(damaged(query.rowType(), rows.get(0).bytes(), now)));
        }
        write(rows, now, out);
    }

    private static void write(List<Row> rows, @Nullable RowDamage damage, BsatnWriter out) {
        long data = 0;
        int size = rows.isEmpty() ? 0 : rows.get(0).bytes().length;
        boolean same = size > 0 && size <= LARGEST_FIXED;
        for (Row row : rows) {
            data += row.bytes().length;
            same &= row.bytes().length == size;
        }
        if (damage == RowDamage.OFFSETS_OVERLAP
                || damage == RowDamage.OFFSETS_OUTSIDE
                || damage == RowDamage.COUNT_TOO_LARGE) {
            same = false;
        } else if (damage == RowDamage.UNEVEN_SIZE || damage == RowDamage.SIZE_ZERO) {
            same = true;
        }
        if (damage == RowDamage.UNKNOWN_HINT) {
            out.u8(9);
        } else if (same) {
            out.u8(0).u16(damage == RowDamage.SIZE_ZERO ? 0 : damage == RowDamage.UNEVEN_SIZE ? (int) data + 1 : size);
        } else {
            out.u8(1).u32(damage == RowDamage.COUNT_TOO_LARGE ? 0x7fff_fff0L : rows.size());
            long start = 0;
            for (int i = 0; i < rows.size(); i++) {
                boolean last = i == rows.size() - 1;
                if (damage == RowDamage.OFFSETS_OUTSIDE && last) {
                    out.u64(data + 17);
                } else if (damage == RowDamage.OFFSETS_OVERLAP && i == 0 && !last) {
                    out.u64(rows.get(0).bytes().length + 1L);
                } else {
                    out.u64(start);
                }
                start += rows.get(i).bytes().length;
            }
        }
        out.u32(damage == RowDamage.DATA_TOO_LONG ? 0x7fff_fff0L : data);
        for (Row row : rows) {
            out.raw(row.bytes());
        }
    }

    // ---- damage inside a row ----

    private byte[] damaged(Product type, byte[] row, RowDamage kind) {
        if (kind == RowDamage.SURPLUS_BYTE) {
            return Arrays.copyOf(row, row.length + 1);
        }
        if (kind == RowDamage.MISSING_BYTE) {
            return Arrays.copyOf(row, row.length - 1);
        }
        byte[] bytes = row.clone();
        try {
            if (!spoil(type, new BsatnReader(row), bytes, kind)) {
                throw new IllegalStateException("no column to be spoilt by " + kind);
            }
        } catch (BsatnException e) {
            throw new IllegalStateException("a row of the model cannot be read", e);
        }
        return bytes;
    }

    /** Walks until there is something of the kind, and spoils it. */
    private boolean spoil(SpacetimeType declared, BsatnReader in, byte[] bytes, RowDamage kind) throws BsatnException {
        SpacetimeType type = types.resolve(declared);
        int at = in.position();
        if (type instanceof Product product) {
            for (SpacetimeType.Field field : product.fields()) {
                if (spoil(field.type(), in, bytes, kind)) {
                    return true;
                }
            }
            return false;
        }
        if (type == Scalar.BOOL && kind == RowDamage.BAD_BOOL) {
            bytes[at] = 2;
            return true;
        }
        boolean counted = type == Scalar.STRING || type instanceof Array;
        if (counted && kind == RowDamage.LENGTH_TOO_LONG) {
            bytes[at + 2] = 0x7f;
            return true;
        }
        if (type instanceof Sum && kind == RowDamage.BAD_TAG) {
            bytes[at] = (byte) 250;
            return true;
        }
        if (type == Scalar.STRING && kind == RowDamage.BAD_TEXT && in.length("string") > 0) {
            bytes[in.position()] = (byte) 0xff;
            return true;
        }
        BsatnReader again = new BsatnReader(bytes, at, bytes.length - at);
        new ValueReader(types, again).skip(type);
        in.skip(again.position() - in.position(), "value");
        return false;
    }
}
