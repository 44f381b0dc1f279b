package dev.tributary.testkit.spacetimedb;

import java.util.List;

/** Reads the SQL that clients ask with, each as far as the one who asks may see. */
final class Queries {

    private final SpacetimeDbModel model;

    Queries(SpacetimeDbModel model) {
        this.model = model;
    }

    /** @param star whether one text may ask for all tables */
    List<Query> subscription(SpacetimeDbSession session, String sql, boolean star) throws SqlException {
        boolean isOwner = model.isOwner(session.identity());
        long limit = model.options().rowLimit();
        try {
            List<Query> queries = SqlParser.subscription(model.module(), sql, session.identity(), isOwner, star);
            if (limit >= 0 && !isOwner) {
                for (Query query : queries) {
                    int rows = query.rows(model.database(), session.identity(), true)
                            .size();
                    if (rows > limit) {
                        throw new SqlException(
                                "Estimated cardinality (" + rows + " rows) exceeds limit (" + limit + " rows)");
                    }
                }
            }
            return queries;
        } catch (SqlException e) {
            throw new SqlException(e.getMessage() + ", executing: `" + sql + "`");
        }
    }

    Query oneOff(SpacetimeDbSession session, String sql) throws SqlException {
        return SqlParser.query(model.module(), sql, session.identity(), model.isOwner(session.identity()));
    }

    Query wholeTable(String table) {
        try {
            return SqlParser.query(model.module(), "SELECT * FROM " + table, model.ownerIdentity(), true);
        } catch (SqlException e) {
            throw new IllegalArgumentException("no table " + table, e);
        }
    }

    /** Writes a large answer in binary form, which is kept until something changes. */
    void prepare(String sql) {
        try {
            Query parsed = SqlParser.query(model.module(), sql, model.ownerIdentity(), true);
            RowBag rows = parsed.rows(model.database(), model.ownerIdentity(), true);
            new RowListWriter(model.module().types(), null)
                    .write(parsed, rows, new BsatnWriter(RowListWriter.estimate(rows)));
        } catch (SqlException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
