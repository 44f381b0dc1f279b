package dev.tributary.spacetimedb.types;

import dev.tributary.Column;
import dev.tributary.RowSchema;
import java.util.ArrayList;
import java.util.List;

/** The columns of one table or view, for decoders of its rows. Immutable. */
public final class RowLayout {

    private final String table;
    private final Product columns;
    private final RowSchema schema;
    private final boolean isRaw;

    /**
     * The layout of a table.
     *
     * @param table its name, for messages
     * @param columns its columns
     * @param primaryKey the place of the primary key's column, or -1: then the whole row is its identity
     * @throws IllegalArgumentException when a type has no name of a sensible length
     */
    RowLayout(String table, Product columns, int primaryKey) {
        this(table, columns, primaryKey, false);
    }

    private RowLayout(String table, Product columns, int primaryKey, boolean isRaw) {
        this.isRaw = isRaw;
        this.table = table;
        this.columns = columns;
        List<Column> all = new ArrayList<>();
        for (int i = 0; i < columns.fields().size(); i++) {
            Product.Field field = columns.fields().get(i);
            boolean nullable = field.type() instanceof OptionOf;
            all.add(new Column(field.name(), new ValueType(field.type()), nullable, i == primaryKey ? 0 : -1));
        }
        this.schema = RowSchema.of(all);
    }

    /** The layout of a table that nothing is known about: the BSATN of each row is its only column, and its identity. */
    static RowLayout raw(String table) {
        return new RowLayout(table, new Product(List.of(new Product.Field("bytes", Bytes.BYTES))), -1, true);
    }

    /** Whether rows are not taken apart. */
    boolean isRaw() {
        return isRaw;
    }

    /** The name of the table. */
    public String table() {
        return table;
    }

    /** The columns as Tributary sees them. */
    public RowSchema schema() {
        return schema;
    }

    /** The bytes of each row, or {@link AlgebraicType#VARIABLE}. */
    public int fixedSize() {
        return columns.size();
    }

    /** The columns as the database has them. */
    public Product columns() {
        return columns;
    }

    /** A decoder of its own, for one thread. */
    public RowDecoder decoder() {
        return new RowDecoder(this);
    }
}
