package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.spacetimedb.SpacetimeType.Field;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Product;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a database is made of: tables, and functions as lambdas. Immutable. */
public final class SpacetimeDbModule {

    /** A reducer's lambda. */
    public interface Reducer {

        /** Does the work; an exception other than {@link ReducerException} is a panic. */
        void run(ModuleContext context) throws ReducerException;
    }

    private final boolean oldLibraries;
    private final Typespace types;
    private final Map<String, Integer> typeNames;
    private final Map<String, TableSpec> tables;
    private final Map<String, FunctionSpec> reducers;
    private final Map<String, FunctionSpec> procedures;
    private final Map<String, FunctionSpec> views;
    private final @Nullable String givenSchema;

    private SpacetimeDbModule(Builder from) {
        oldLibraries = from.oldLibraries;
        types = new Typespace(from.types);
        typeNames = Collections.unmodifiableMap(new LinkedHashMap<>(from.typeNames));
        tables = Collections.unmodifiableMap(new LinkedHashMap<>(from.tables));
        reducers = Collections.unmodifiableMap(new LinkedHashMap<>(from.reducers));
        procedures = Collections.unmodifiableMap(new LinkedHashMap<>(from.procedures));
        views = Collections.unmodifiableMap(new LinkedHashMap<>(from.views));
        givenSchema = from.givenSchema;
    }

    /** An empty module, built with 2.x libraries. */
    public static Builder builder() {
        return new Builder();
    }

    /** A module with the tables and functions of a schema in JSON, version 9; what functions do is still to be said. */
    public static Builder ofSchema(String version9) {
        Builder builder = new Builder();
        SchemaReader.read(version9, builder);
        builder.givenSchema = version9;
        return builder;
    }

    boolean oldLibraries() {
        return oldLibraries;
    }

    Typespace types() {
        return types;
    }

    Map<String, Integer> typeNames() {
        return typeNames;
    }

    Map<String, TableSpec> tables() {
        return tables;
    }

    Map<String, FunctionSpec> reducers() {
        return reducers;
    }

    Map<String, FunctionSpec> procedures() {
        return procedures;
    }

    Map<String, FunctionSpec> views() {
        return views;
    }

    @Nullable
    String givenSchema() {
        return givenSchema;
    }

    /** The row type of a table or view. */
    Product rowType(String relation) {
        TableSpec table = tables.get(relation);
        return table != null ? table.rowType() : types.product(SchemaReader.rowOf(views.get(relation)));
    }

    /** Which reducer has a lifecycle. */
    @Nullable
    FunctionSpec lifecycle(String name) {
        for (FunctionSpec reducer : reducers.values()) {
            if (name.equals(reducer.lifecycle())) {
                return reducer;
            }
        }
        return null;
    }

    /** The number of a reducer, or that of none. */
    long reducerId(String name) {
        long id = 0;
        for (String each : reducers.keySet()) {
            if (each.equals(name)) {
                return id;
            }
            id++;
        }
        return CallCause.NO_REDUCER;
    }

    /** Puts a module together. Tables and functions keep the order in which they came. */
    public static final class Builder {

        private final List<SpacetimeType> types = new ArrayList<>();
        private final Map<String, Integer> typeNames = new LinkedHashMap<>();
        private final Map<String, TableSpec> tables = new LinkedHashMap<>();
        private final Map<String, FunctionSpec> reducers = new LinkedHashMap<>();
        private final Map<String, FunctionSpec> procedures = new LinkedHashMap<>();
        private final Map<String, FunctionSpec> views = new LinkedHashMap<>();
        private boolean oldLibraries;
        private @Nullable String givenSchema;

        private Builder() {}

        /** The module was built with 1.x libraries, which tell everyone who called what. */
        public Builder oldLibraries() {
            oldLibraries = true;
            return this;
        }

        /** Names a type, and gives the reference to it. */
        public SpacetimeType.Ref type(String name, SpacetimeType type) {
            types.add(type);
            typeNames.put(name, types.size() - 1);
            return new SpacetimeType.Ref(types.size() - 1);
        }

        /** Adds a table. */
        public Builder table(String name, Consumer<Table> columns) {
            Table table = new Table(name);
            columns.accept(table);
            Product row = new Product(table.fields);
            int ref = type(typeName(name), row).index();
            addTable(table.spec(ref, row));
            return this;
        }

        /** Adds a reducer. */
        public Builder reducer(String name, Reducer body, Field... parameters) {
            return addReducer(name, null, body, parameters);
        }

        /** What runs once, before anyone connects. */
        public Builder init(Reducer body) {
            return addReducer("init", "Init", body);
        }

        /** What runs when a client connects, and may refuse it. */
        public Builder clientConnected(Reducer body) {
            return addReducer("client_connected", "OnConnect", body);
        }

        /** What runs when a client has gone. */
        public Builder clientDisconnected(Reducer body) {
            return addReducer("client_disconnected", "OnDisconnect", body);
        }

        /** Adds a procedure. */
        public Builder procedure(
                String name, SpacetimeType result, Function<ModuleContext, Object> body, Field... parameters) {
            procedures.put(
                    name,
                    new FunctionSpec(
                            name, SpacetimeType.product(parameters), result, null, false, true, 0, body::apply));
            return this;
        }

        /**
         * Adds a view with rows of the type of a table.
         *
         * @param anonymous whether it is the same for everyone
         */
        public Builder view(String name, String table, boolean anonymous, Function<ModuleContext, List<Object>> body) {
            SpacetimeType row = new SpacetimeType.Ref(known(table).typeRef());
            views.put(
                    name,
                    new FunctionSpec(
                            name,
                            SpacetimeType.unit(),
                            SpacetimeType.array(row),
                            null,
                            anonymous,
                            true,
                            0,
                            body::apply));
            return this;
        }

        /** What a reducer of the schema does; those left out do nothing. */
        public Builder does(String reducer, Reducer body) {
            reducers.put(reducer, need(reducers, reducer).withBody(body(body)));
            return this;
        }

        /** What a procedure of the schema returns. */
        public Builder returns(String procedure, Function<ModuleContext, Object> body) {
            procedures.put(procedure, need(procedures, procedure).withBody(body::apply));
            return this;
        }

        /** What a view of the schema shows. */
        public Builder shows(String view, Function<ModuleContext, List<Object>> rows) {
            views.put(view, need(views, view).withBody(rows::apply));
            return this;
        }

        /** How long a reducer or procedure runs. */
        public Builder takes(String function, Duration time) {
            Map<String, FunctionSpec> kind = reducers.containsKey(function) ? reducers : procedures;
            kind.put(function, need(kind, function).withMillis(time.toMillis()));
            return this;
        }

        /** Says that a table of the schema is one of events, which version 9 does not tell. */
        public Builder event(String table) {
            TableSpec t = known(table);
            tables.put(
                    table,
                    new TableSpec(
                            t.name(),
                            t.typeRef(),
                            t.rowType(),
                            t.primaryKey(),
                            t.unique(),
                            t.indexed(),
                            t.autoIncrement(),
                            true,
                            t.open(),
                            t.scheduledReducer(),
                            t.scheduledAt(),
                            t.defaults()));
            return this;
        }

        /** The module. */
        public SpacetimeDbModule build() {
            return new SpacetimeDbModule(this);
        }

        private Builder addReducer(String name, @Nullable String lifecycle, Reducer body, Field... parameters) {
            reducers.put(
                    name,
                    new FunctionSpec(
                            name,
                            SpacetimeType.product(parameters),
                            SpacetimeType.unit(),
                            lifecycle,
                            false,
                            true,
                            0,
                            body(body)));
            return this;
        }

        private static FunctionSpec.Body body(Reducer reducer) {
            return context -> {
                reducer.run(context);
                return List.of();
            };
        }

        private TableSpec known(String table) {
            TableSpec spec = tables.get(table);
            if (spec == null) {
                throw new IllegalArgumentException("no table " + table);
            }
            return spec;
        }

        private static FunctionSpec need(Map<String, FunctionSpec> kind, String name) {
            FunctionSpec spec = kind.get(name);
            if (spec == null) {
                throw new IllegalArgumentException("no function " + name);
            }
            return spec;
        }

        void addType(SpacetimeType type) {
            types.add(type);
        }

        void nameType(String name, int index) {
            typeNames.put(name, index);
        }

        SpacetimeType typeAt(int index) {
            return types.get(index);
        }

        void addTable(TableSpec table) {
            tables.put(table.name(), table);
        }

        void addReducer(FunctionSpec reducer) {
            reducers.put(reducer.name(), reducer);
        }

        void addProcedure(FunctionSpec procedure) {
            procedures.put(procedure.name(), procedure);
        }

        void addView(FunctionSpec view) {
            views.put(view.name(), view);
        }

        private static String typeName(String table) {
            StringBuilder name = new StringBuilder();
            boolean upper = true;
            for (char c : table.toCharArray()) {
                if (c == '_') {
                    upper = true;
                } else {
                    name.append(upper ? Character.toUpperCase(c) : c);
                    upper = false;
                }
            }
            return name.toString();
        }
    }

    /** Says what a table is like. */
    public static final class Table {

        private final String name;
        private final List<Field> fields = new ArrayList<>();
        private final Set<Integer> unique = new TreeSet<>();
        private final Set<Integer> indexed = new TreeSet<>();
        private final Set<Integer> autoIncrement = new TreeSet<>();
        private final Map<Integer, Object> defaults = new TreeMap<>();
        private int primaryKey = -1;
        private boolean event;
        private boolean open = true;
        private @Nullable String scheduledReducer;
        private int scheduledAt = -1;

        private Table(String name) {
            this.name = name;
        }

        /** Adds a column. */
        public Table column(String column, SpacetimeType type) {
            fields.add(new Field(column, type));
            return this;
        }

        /** Adds a column that rows get, with this value, whose table had it not before. */
        public Table column(String column, SpacetimeType type, Object value) {
            defaults.put(fields.size(), value);
            return column(column, type);
        }

        /** Names the key. */
        public Table primaryKey(String column) {
            primaryKey = index(column);
            unique.add(primaryKey);
            indexed.add(primaryKey);
            return this;
        }

        /** No two rows may have the same value in it. */
        public Table unique(String column) {
            unique.add(index(column));
            indexed.add(index(column));
            return this;
        }

        /** A column that can be joined. */
        public Table index(String... columns) {
            for (String column : columns) {
                indexed.add(index(column));
            }
            return this;
        }

        /** A zero inserted here becomes the next number. */
        public Table autoIncrement(String column) {
            autoIncrement.add(index(column));
            return this;
        }

        /** Rows live for one transaction alone. */
        public Table event() {
            event = true;
            return this;
        }

        /** Clients cannot read it. */
        public Table hidden() {
            open = false;
            return this;
        }

        /** A reducer with the row as its parameter runs when this column says so. */
        public Table schedule(String reducer, String at) {
            scheduledReducer = reducer;
            scheduledAt = index(at);
            return this;
        }

        private int index(String column) {
            for (int i = 0; i < fields.size(); i++) {
                if (column.equals(fields.get(i).name())) {
                    return i;
                }
            }
            throw new IllegalArgumentException("no column " + column + " yet in table " + name);
        }

        private TableSpec spec(int ref, Product row) {
            Map<Integer, byte[]> bytes = new TreeMap<>();
            defaults.forEach((column, value) -> bytes.put(
                    column,
                    ValueWriter.bytes(Typespace.EMPTY, row.fields().get(column).type(), value)));
            return new TableSpec(
                    name,
                    ref,
                    row,
                    primaryKey,
                    unique,
                    indexed,
                    autoIncrement,
                    event,
                    open,
                    scheduledReducer,
                    scheduledAt,
                    bytes);
        }
    }
}
