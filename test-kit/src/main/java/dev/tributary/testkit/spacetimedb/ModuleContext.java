package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a function of a module sees: its arguments, who called it, and the tables. Rows are lists of their values. */
public final class ModuleContext {

    private static final BigInteger NOBODY = BigInteger.ZERO;

    private final Database database;
    private final @Nullable Transaction transaction;
    private final @Nullable Transactor transactor;
    private final BigInteger sender;
    private final @Nullable BigInteger connection;
    private final long micros;
    private final RandomGenerator random;
    private final List<Object> arguments;

    ModuleContext(
            Database database,
            @Nullable Transaction transaction,
            @Nullable Transactor transactor,
            BigInteger sender,
            @Nullable BigInteger connection,
            long micros,
            RandomGenerator random,
            List<Object> arguments) {
        this.database = database;
        this.transaction = transaction;
        this.transactor = transactor;
        this.sender = sender;
        this.connection = connection;
        this.micros = micros;
        this.random = random;
        this.arguments = arguments;
    }

    /** Runs a part of a procedure as one transaction. */
    interface Transactor {

        void run(SpacetimeDbModule.Reducer part) throws ReducerException;
    }

    static ModuleContext reading(Database database, @Nullable BigInteger sender) {
        return new ModuleContext(database, null, null, sender == null ? NOBODY : sender, null, 0, () -> 0L, List.of());
    }

    /** The argument at this place. */
    public Object arg(int index) {
        return arguments.get(index);
    }

    /** The arguments. */
    public List<Object> args() {
        return arguments;
    }

    /** An argument that is a text. */
    public String text(int index) {
        return (String) arguments.get(index);
    }

    /** An argument that is a whole number. */
    public long number(int index) {
        return ((Number) arguments.get(index)).longValue();
    }

    /** Who called. */
    public BigInteger sender() {
        return sender;
    }

    /** The connection that called; null for none. */
    public @Nullable BigInteger connectionId() {
        return connection;
    }

    /** When it runs. */
    public long micros() {
        return micros;
    }

    /** Repeatable randomness. */
    public RandomGenerator random() {
        return random;
    }

    /**
     * Inserts a row. Where a unique value is taken already, the reducer panics.
     *
     * @return the row as it is now, with numbers in the place of counted zeros
     */
    public List<Object> insert(String table, Object... values) {
        return insertRow(table, List.of(values));
    }

    /** The same with the values in a list. */
    public List<Object> insertRow(String table, List<Object> values) {
        Table to = database.table(table);
        List<Object> row = new ArrayList<>(values);
        for (int column : to.spec().autoIncrement()) {
            if (row.get(column) instanceof Number number && number.longValue() == 0) {
                row.set(column, to.nextNumber(column));
            }
        }
        Row bytes = to.row(row);
        writing().insert(to, bytes);
        return to.values(bytes);
    }

    /** Inserts a row; where a unique value is taken already, that is the error that the reducer returns. */
    public List<Object> tryInsert(String table, Object... values) throws ReducerException {
        try {
            return insert(table, values);
        } catch (Transaction.DuplicateException e) {
            throw new ReducerException(String.valueOf(e.getMessage()));
        }
    }

    /** Puts a row in the place of the one with the same key, if there is one. */
    public List<Object> put(String table, Object... values) {
        Table to = database.table(table);
        int key = to.spec().primaryKey();
        if (key >= 0) {
            deleteAll(to, key, values[key]);
        }
        return insert(table, values);
    }

    /** Deletes exactly this row. */
    public boolean delete(String table, Object... values) {
        return deleteRow(table, List.of(values));
    }

    /** The same with the values in a list. */
    public boolean deleteRow(String table, List<Object> values) {
        Table from = database.table(table);
        return writing().delete(from, from.row(values));
    }

    /** Deletes the rows with this value in a column. */
    public int deleteBy(String table, String column, Object value) {
        Table from = database.table(table);
        return deleteAll(from, from.spec().column(column), value);
    }

    /** Deletes all rows. */
    public void clear(String table) {
        Table from = database.table(table);
        List.copyOf(from.rows()).forEach(row -> writing().delete(from, row));
    }

    /** The first row with this value in a column. */
    public Optional<List<Object>> find(String table, String column, Object value) {
        List<List<Object>> all = findAll(table, column, value);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
    }

    /** The rows with this value in a column. */
    public List<List<Object>> findAll(String table, String column, Object value) {
        Table in = database.table(table);
        int index = in.spec().column(column);
        return in.with(index, in.value(index, value)).stream().map(in::values).toList();
    }

    /** All rows of a table. */
    public List<List<Object>> rows(String table) {
        Table in = database.table(table);
        return in.rows().stream().map(in::values).toList();
    }

    /** How many rows a table has. */
    public int count(String table) {
        return database.table(table).size();
    }

    /** Sets the next number of a counted column. */
    public void startSequenceAt(String table, String column, long next) {
        Table of = database.table(table);
        of.startSequenceAt(of.spec().column(column), next);
    }

    /** Runs a part of a procedure as one transaction, which others see before the procedure ends. */
    public void transact(SpacetimeDbModule.Reducer part) {
        if (transactor == null) {
            throw new IllegalStateException("only a procedure makes transactions of its own");
        }
        try {
            transactor.run(part);
        } catch (ReducerException e) {
            throw new IllegalStateException("a transaction of a procedure failed: " + e.getMessage(), e);
        }
    }

    private int deleteAll(Table from, int column, Object value) {
        List<Row> doomed = List.copyOf(from.with(column, from.value(column, value)));
        doomed.forEach(row -> writing().delete(from, row));
        return doomed.size();
    }

    private Transaction writing() {
        if (transaction == null) {
            throw new IllegalStateException("nothing can be written here");
        }
        return transaction;
    }
}
