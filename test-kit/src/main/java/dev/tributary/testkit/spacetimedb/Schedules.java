package dev.tributary.testkit.spacetimedb;

import java.util.List;

/** Rows of scheduled tables: each calls the reducer of its table when it is due. */
final class Schedules {

    private final SpacetimeDbModel model;

    Schedules(SpacetimeDbModel model) {
        this.model = model;
    }

    /** Takes up the new rows of a transaction. */
    void committed(Commit commit) {
        for (TableSpec table : model.module().tables().values()) {
            if (table.scheduledReducer() != null) {
                commit.table(table.name()).inserts().forEach(row -> arm(table.name(), row));
            }
        }
    }

    /** Takes up all rows. */
    void armAll() {
        for (Table table : model.database().tables()) {
            if (table.spec().scheduledReducer() != null) {
                List.copyOf(table.rows()).forEach(row -> arm(table.spec().name(), row));
            }
        }
    }

    private void arm(String tableName, Row row) {
        Table table = model.database().table(tableName);
        SumValue at = (SumValue) table.values(row).get(table.spec().scheduledAt());
        long micros = (Long) at.value();
        boolean interval = at.tag() == 0;
        long due = interval ? micros / 1_000 : Math.max(0, (micros + 999) / 1_000 - model.now());
        model.later(due, () -> due(tableName, row, interval));
    }

    private void due(String tableName, Row row, boolean interval) {
        Table table = model.database().table(tableName);
        FunctionSpec reducer =
                model.module().reducers().get(String.valueOf(table.spec().scheduledReducer()));
        if (!table.contains(row) || reducer == null) {
            return;
        }
        model.work().add(null, reducer.millis(), () -> run(tableName, row, reducer, interval));
    }

    private void run(String tableName, Row row, FunctionSpec reducer, boolean interval) {
        Transactions transactions = model.transactions();
        transactions.run(
                reducer,
                row.bytes(),
                transactions.cause(reducer, model.databaseIdentity(), null, row.bytes(), 0, null, false));
        if (interval) {
            arm(tableName, row);
        } else {
            transactions.run(
                    context -> context.deleteRow(
                            tableName, model.database().table(tableName).values(row)),
                    CallCause.none(model.databaseIdentity(), model.options().noReducerName(), 0));
        }
    }
}
