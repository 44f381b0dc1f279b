package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tables and the views that someone looked at, as of the last transaction. */
final class Database {

    private static final int FIRST_TABLE_ID = 4096;

    private final SpacetimeDbModule module;
    private final int firstId;
    private final Map<String, Table> tables = new LinkedHashMap<>();
    private final Map<String, Integer> viewIds = new LinkedHashMap<>();
    private final Map<ViewKey, Set<Row>> views = new LinkedHashMap<>();
    /** Not durable yet, the oldest first. */
    private final Deque<Commit> fleeting = new ArrayDeque<>();

    private long commits;
    /** The last large answer, for the next client that asks for it before anything changes. */
    private @Nullable LargeAnswer large;

    private record LargeAnswer(String query, long commit, RowBag rows) {}

    Database(SpacetimeDbModule module, int generation) {
        this.module = module;
        firstId = FIRST_TABLE_ID + generation * 1_000;
        int id = firstId;
        for (TableSpec spec : module.tables().values()) {
            tables.put(spec.name(), new Table(spec, module.types(), id++));
        }
        for (String view : module.views().keySet()) {
            viewIds.put(view, id++);
        }
    }

    /** The same data under another module, or under other numbers. */
    Database under(SpacetimeDbModule other, int generation, boolean keepData) {
        Database next = new Database(other, generation);
        next.commits = commits;
        if (!keepData) {
            return next;
        }
        for (Table table : next.tables.values()) {
            Table old = tables.get(table.spec().name());
            if (old != null) {
                List<SpacetimeType.Field> before = old.spec().rowType().fields();
                List<SpacetimeType.Field> after = table.spec().rowType().fields();
                if (after.size() >= before.size()
                        && after.subList(0, before.size()).equals(before)) {
                    BsatnWriter grown = new BsatnWriter();
                    for (int i = before.size(); i < after.size(); i++) {
                        byte[] value = table.spec().defaults().get(i);
                        if (value == null) {
                            throw new IllegalArgumentException(
                                    "column " + after.get(i).name() + " has no default");
                        }
                        grown.raw(value);
                    }
                    byte[] tail = grown.toBytes();
                    old.rows()
                            .forEach(row -> table.add(
                                    tail.length == 0
                                            ? row
                                            : new Row(new BsatnWriter()
                                                    .raw(row.bytes())
                                                    .raw(tail)
                                                    .toBytes())));
                    table.continueAfter(old);
                }
            }
        }
        return next;
    }

    SpacetimeDbModule module() {
        return module;
    }

    Collection<Table> tables() {
        return tables.values();
    }

    Table table(String name) {
        Table table = tables.get(name);
        if (table == null) {
            throw new IllegalArgumentException("no table " + name);
        }
        return table;
    }

    @Nullable
    RowBag largeAnswer(Query query) {
        LargeAnswer last = large;
        return last != null && last.commit() == commits && last.query().equals(query.key()) ? last.rows() : null;
    }

    void keepLargeAnswer(Query query, RowBag rows) {
        large = new LargeAnswer(query.key(), commits, rows);
    }

    /** The number of a table or view. */
    int id(String relation) {
        Table table = tables.get(relation);
        return table != null ? table.id() : viewIds.getOrDefault(relation, 0);
    }

    long commits() {
        return commits;
    }

    /** The rows of a view that someone looked at before; null when nobody did. */
    @Nullable
    Set<Row> lookAt(ViewKey key) {
        return views.get(key);
    }

    /** The rows of a view, which is kept up to date from now on. */
    Set<Row> materialise(ViewKey key) {
        return views.computeIfAbsent(key, this::compute);
    }

    ViewKey key(String view, BigInteger sender) {
        FunctionSpec spec = module.views().get(view);
        return new ViewKey(view, spec != null && spec.anonymous() ? null : sender);
    }

    private Set<Row> compute(ViewKey key) {
        FunctionSpec view = module.views().get(key.view());
        if (view == null) {
            throw new IllegalArgumentException("no view " + key.view());
        }
        SpacetimeType.Product type = module.rowType(key.view());
        Set<Row> rows = new LinkedHashSet<>();
        try {
            Object shown = view.body().run(ModuleContext.reading(this, key.sender()));
            for (Object row : (List<?>) shown) {
                BsatnWriter out = new BsatnWriter();
                new ValueWriter(module.types(), out).fields(type, (List<?>) row);
                rows.add(new Row(out.toBytes()));
            }
        } catch (ReducerException e) {
            throw new IllegalStateException("a view returns no error", e);
        }
        return rows;
    }

    /**
     * Ends a transaction. A view that fails while it is brought up to date undoes it.
     *
     * @return what it changed
     */
    Commit commit(Transaction transaction, long micros) {
        Map<String, Change> changes = transaction.changes();
        Map<ViewKey, Change> viewChanges = new LinkedHashMap<>();
        if (!changes.isEmpty()) {
            Map<ViewKey, Set<Row>> after = new LinkedHashMap<>();
            try {
                for (ViewKey key : views.keySet()) {
                    after.put(key, compute(key));
                }
            } catch (RuntimeException e) {
                transaction.rollback();
                throw e;
            }
            after.forEach((key, rows) -> {
                Change change = Change.between(views.getOrDefault(key, Set.of()), rows);
                if (!change.isEmpty()) {
                    viewChanges.put(key, change);
                }
            });
            views.putAll(after);
        }
        if (changes.isEmpty()) {
            return new Commit(commits, micros, changes, viewChanges);
        }
        large = null;
        Commit commit = new Commit(++commits, micros, changes, viewChanges);
        fleeting.add(commit);
        return commit;
    }

    /** All transactions up to this one are safe. */
    void durable(long number) {
        while (!fleeting.isEmpty() && fleeting.element().number() <= number) {
            fleeting.remove();
        }
    }

    /** Undoes what is not durable. */
    void forgetFleeting() {
        while (!fleeting.isEmpty()) {
            Commit last = fleeting.removeLast();
            last.tables().forEach((name, change) -> {
                Table table = table(name);
                if (!table.spec().event()) {
                    change.inserts().forEach(table::remove);
                    change.deletes().forEach(table::add);
                }
            });
        }
        views.clear();
        large = null;
    }
}
