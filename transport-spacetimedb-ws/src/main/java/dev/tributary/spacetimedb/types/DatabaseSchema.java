package dev.tributary.spacetimedb.types;

import dev.tributary.ProtocolException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables, views, reducers and procedures of a database. Immutable. */
public final class DatabaseSchema {

    private final Map<String, TableSchema> tables = new LinkedHashMap<>();
    private final Map<String, TableSchema> tablesBySource = new LinkedHashMap<>();
    private final Map<String, FunctionSchema> reducers = new LinkedHashMap<>();
    private final Map<String, FunctionSchema> procedures = new LinkedHashMap<>();
    private boolean isRaw;

    DatabaseSchema(List<TableSchema> tables, List<FunctionSchema> functions) {
        for (TableSchema table : tables) {
            if (this.tables.put(table.name(), table) != null) {
                throw new IllegalArgumentException("two tables are named '" + table.name() + "'");
            }
            tablesBySource.put(table.sourceName(), table);
        }
        for (FunctionSchema function : functions) {
            (function.kind() == FunctionSchema.Kind.REDUCER ? reducers : procedures).put(function.name(), function);
        }
    }

    /** The schema of whoever knows none: every table has rows, of which only the bytes are known, and no function is. */
    public static DatabaseSchema raw() {
        DatabaseSchema schema = new DatabaseSchema(List.of(), List.of());
        schema.isRaw = true;
        return schema;
    }

    /** Whether it is that of {@link #raw}. */
    public boolean isRaw() {
        return isRaw;
    }

    /**
     * Reads the JSON that the server answers at {@code /schema?version=9} or {@code version=10}. Which of the two it is,
     * the text shows.
     *
     * @throws ProtocolException when it is none; the message names the place
     */
    public static DatabaseSchema parse(String json) {
        return SchemaReader.read(json);
    }

    /**
     * This schema, read from version 9, with what version 10 says beyond it: which tables have events, the errors of
     * reducers, the names in the source, the primary keys of views. Where the two differ in types, this one counts.
     */
    public DatabaseSchema with(DatabaseSchema version10) {
        List<TableSchema> merged = new ArrayList<>();
        for (TableSchema table : tables.values()) {
            TableSchema other = version10.tables.get(table.name());
            merged.add(other == null ? table : merged(table, other));
        }
        List<FunctionSchema> functions = new ArrayList<>();
        for (FunctionSchema reducer : reducers.values()) {
            functions.add(merged(reducer, version10.reducers.get(reducer.name())));
        }
        for (FunctionSchema procedure : procedures.values()) {
            functions.add(merged(procedure, version10.procedures.get(procedure.name())));
        }
        return new DatabaseSchema(merged, functions);
    }

    private static TableSchema merged(TableSchema table, TableSchema other) {
        boolean otherKnowsKey = !table.hasPrimaryKey()
                && other.hasPrimaryKey()
                && table.layout()
                        .schema()
                        .toString()
                        .equals(other.layout().schema().toString());
        return new TableSchema(
                table.name(),
                other.sourceName(),
                otherKnowsKey ? other.layout() : table.layout(),
                other.isEvent() ? other.kind() : table.kind(),
                table.isPublic());
    }

    private static FunctionSchema merged(FunctionSchema function, @Nullable FunctionSchema other) {
        return other == null
                ? function
                : new FunctionSchema(
                        function.name(),
                        other.sourceName(),
                        function.kind(),
                        function.parameters(),
                        function.kind() == FunctionSchema.Kind.REDUCER ? other.returnType() : function.returnType(),
                        other.errorType(),
                        function.lifecycle() != null ? function.lifecycle() : other.lifecycle());
    }

    /** The table or view of that name, which is its canonical one or else its name in the source; null for none. */
    public @Nullable TableSchema table(String name) {
        if (isRaw) {
            // What gives rows several times is not known either, so they are counted as those of views are.
            return new TableSchema(name, name, RowLayout.raw(name), TableSchema.Kind.VIEW, true);
        }
        TableSchema table = tables.get(name);
        return table != null ? table : tablesBySource.get(name);
    }

    /** All tables and views. */
    public Collection<TableSchema> tables() {
        return Collections.unmodifiableCollection(tables.values());
    }

    /** The reducer of that canonical name; null for none. */
    public @Nullable FunctionSchema reducer(String name) {
        return reducers.get(name);
    }

    /** All reducers, also those that only the server calls. */
    public Collection<FunctionSchema> reducers() {
        return Collections.unmodifiableCollection(reducers.values());
    }

    /** The procedure of that canonical name; null for none. */
    public @Nullable FunctionSchema procedure(String name) {
        return procedures.get(name);
    }

    /** All procedures. */
    public Collection<FunctionSchema> procedures() {
        return Collections.unmodifiableCollection(procedures.values());
    }
}
