package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Runs one statement of SQL for the HTTP API. */
final class SqlRunner {

    private final SpacetimeDbModel model;
    private final BigInteger who;

    SqlRunner(SpacetimeDbModel model, BigInteger who) {
        this.model = model;
        this.who = who;
    }

    /** The JSON of its result. */
    String run(String sql) throws SqlException {
        SqlStatement statement = SqlParser.statement(model.module(), sql, who, model.isOwner(who));
        if (statement instanceof SqlStatement.Select select) {
            return select(select);
        }
        if (statement instanceof SqlStatement.Insert insert) {
            int count = insert.rows().size();
            write(context -> insert.rows().forEach(row -> context.insertRow(insert.table(), row)));
            return result("{\"elements\":[]}", "", count, 0, 0);
        }
        if (statement instanceof SqlStatement.Delete delete) {
            List<List<Object>> doomed = matching(delete.table(), delete.where());
            write(context -> doomed.forEach(row -> context.deleteRow(delete.table(), row)));
            return result("{\"elements\":[]}", "", 0, doomed.size(), 0);
        }
        SqlStatement.Update update = (SqlStatement.Update) statement;
        List<List<Object>> touched = matching(update.table(), update.where());
        write(context -> {
            touched.forEach(row -> context.deleteRow(update.table(), row));
            for (List<Object> row : touched) {
                List<Object> changed = new ArrayList<>(row);
                for (int i = 0; i < update.columns().size(); i++) {
                    changed.set(update.columns().get(i), update.values().get(i));
                }
                context.insertRow(update.table(), changed);
            }
        });
        return result("{\"elements\":[]}", "", 0, 0, touched.size());
    }

    private List<List<Object>> matching(String table, Condition where) {
        return model.rows(table).stream()
                .filter(row -> where.test(row, List.of()))
                .toList();
    }

    private void write(SpacetimeDbModule.Reducer writes) throws SqlException {
        CallResult result = model.transact(writes);
        if (!result.committed()) {
            throw new SqlException(result.error());
        }
    }

    private String select(SqlStatement.Select select) {
        Query query = select.query();
        RowBag bag = query.rows(model.database(), who, true);
        List<Row> rows = bag.rows();
        if (select.limit() >= 0 && select.limit() < rows.size()) {
            rows = rows.subList(0, (int) select.limit());
        }
        StringBuilder schema = new StringBuilder();
        if (select.count() != null) {
            TypeJson.elements(
                    SpacetimeType.product(SpacetimeType.field(select.count(), SpacetimeType.Scalar.U64)), schema);
            return result(schema.toString(), "[" + rows.size() + "]", 0, 0, 0);
        }
        Typespace types = model.module().types();
        SpacetimeType.Product rowType = query.rowType();
        List<Integer> columns = select.columns();
        List<SpacetimeType.Field> chosen = new ArrayList<>();
        for (int i = 0; columns != null && i < columns.size(); i++) {
            chosen.add(rowType.fields().get(columns.get(i)));
        }
        SpacetimeType.Product shown = columns == null ? rowType : new SpacetimeType.Product(chosen);
        TypeJson.elements(shown, schema);
        StringBuilder out = new StringBuilder();
        for (Row row : rows) {
            byte[] bytes = row.bytes();
            if (columns != null) {
                List<Object> all = ValueReader.row(types, rowType, bytes);
                BsatnWriter some = new BsatnWriter();
                List<Object> values = new ArrayList<>();
                columns.forEach(column -> values.add(all.get(column)));
                new ValueWriter(types, some).fields(shown, values);
                bytes = some.toBytes();
            }
            out.append(out.isEmpty() ? "" : ",").append(RowJson.text(types, shown, bytes, false));
        }
        return result(schema.toString(), out.toString(), 0, 0, 0);
    }

    private static String result(String schema, String rows, int inserted, int deleted, int updated) {
        return "[{\"schema\":"
                + schema
                + ",\"rows\":["
                + rows
                + "],\"total_duration_micros\":"
                + V1Writer.MICROS
                + ",\"stats\":{\"rows_inserted\":"
                + inserted
                + ",\"rows_deleted\":"
                + deleted
                + ",\"rows_updated\":"
                + updated
                + "}}]";
    }
}
