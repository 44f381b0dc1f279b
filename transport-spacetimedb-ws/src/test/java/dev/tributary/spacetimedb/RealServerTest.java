package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Backoff;
import dev.tributary.MaterializedView;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.conformance.interop.Cuttable;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.testkit.spacetimedb.SpacetimeDbSampleData;
import dev.tributary.testkit.spacetimedb.SpacetimeDbServer;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The workload of the laws on a server with a clock of its own: random writes, overlapping queries over all protocols at
 * once, connections that are cut; in the end all views have the rows that the server has, and every listener heard the way
 * to them, each difference once. Run by the profile {@code interop}, on the reference server and on a real one:
 *
 * <pre>-Dspacetimedb.url=http://127.0.0.1:3000 -Dspacetimedb.database=NAME -Dspacetimedb.token=OWNER'S TOKEN</pre>
 *
 * <p>Any database will do that has a public table with an integer primary key and columns of plain types. Rows of it with
 * keys from 10,000 to 10,019 are overwritten and deleted.
 */
@Tag("interop")
class RealServerTest {

    private static final int WRITES = 240;
    private static final int WRITES_BETWEEN_CUTS = 80;
    private static final int MOST_TABLES = 2;

    /** What is written to. */
    enum Site {
        REFERENCE {
            @Override
            void visit(Visit visit) throws Exception {
                try (SpacetimeDbServer server = SpacetimeDbServer.start(SpacetimeDbSampleData.module())) {
                    visit.to(server.httpUri(), "game", server.query(model -> model.ownerToken()));
                }
            }
        },
        REAL {
            @Override
            void visit(Visit visit) throws Exception {
                String url = System.getProperty("spacetimedb.url", "");
                String database = System.getProperty("spacetimedb.database", "");
                if (url.isEmpty() || database.isEmpty()) {
                    skip("no real server is named by -Dspacetimedb.url and -Dspacetimedb.database");
                }
                visit.to(URI.create(url), database, System.getProperty("spacetimedb.token", ""));
            }
        };

        abstract void visit(Visit visit) throws Exception;
    }

    /** What is done there. */
    private interface Visit {

        void to(URI server, String database, String token) throws Exception;
    }

    private static void skip(String reason) {
        System.out.println("SKIPPED: " + reason + ". Nothing was tested.");
        Assumptions.abort(reason);
    }

    @Tag("T55")
    @Tag("T57")
    @Tag("L1")
    @Tag("L4")
    @ParameterizedTest
    @EnumSource
    void viewsEndAsTheServerHasIt(Site site) throws Exception {
        site.visit(RealServerTest::workload);
    }

    private static void workload(URI server, String database, String token) throws Exception {
        SplittableRandom random = new SplittableRandom(42);
        boolean cuttable = "http".equals(server.getScheme()) || "ws".equals(server.getScheme());
        try (Cuttable way = new Cuttable(server.getHost(), port(server));
                SyncSource owner = source(server, database, token).open()) {
            SpacetimeDbHttp http = Guest.db(owner).http();
            List<RandomSql> tables = tables(http, random);
            URI through = cuttable
                    ? URI.create(server.getScheme() + "://127.0.0.1:" + way.port() + server.getRawPath())
                    : server;
            List<SyncSource> sources = new ArrayList<>();
            try {
                for (RandomSql table : tables) {
                    for (String statement : table.cleanUp()) {
                        Guest.get(http.sql(statement, Guest.PATIENCE));
                    }
                }
                List<Followed> all = new ArrayList<>();
                for (ProtocolVersion version : ProtocolVersion.values()) {
                    SyncSource source = source(through, database, token)
                            .protocols(version)
                            .backoff(Backoff.exponential(Duration.ofMillis(20), Duration.ofMillis(200)))
                            .open();
                    sources.add(source);
                    for (RandomSql table : tables) {
                        String from = "SELECT * FROM " + table.name();
                        String half = from + " WHERE " + table.selector();
                        all.add(new Followed(source, table, from, ""));
                        all.add(new Followed(source, table, half + " < 60; " + half + " >= 20", ""));
                        all.add(new Followed(source, table, half + " < 50", " WHERE " + table.selector() + " < 50"));
                    }
                }
                all.forEach(each -> Guest.live(each.view));
                int done = 0;
                String refusal = "";
                for (int i = 1; i <= WRITES; i++) {
                    RandomSql table = tables.get(random.nextInt(tables.size()));
                    String said = run(http, table.write());
                    done += said.isEmpty() ? 1 : 0;
                    refusal = said.isEmpty() ? refusal : said;
                    if (cuttable && i % WRITES_BETWEEN_CUTS == 0) {
                        way.cut();
                    }
                }
                if (done == 0) {
                    skip("the database takes no writes: " + refusal);
                }
                for (Followed each : all) {
                    each.check(http);
                }
            } finally {
                sources.forEach(SyncSource::close);
                for (RandomSql table : tables) {
                    for (String statement : table.cleanUp()) {
                        run(http, statement);
                    }
                }
            }
        }
    }

    private static int port(URI server) {
        return server.getPort() >= 0 ? server.getPort() : server.getScheme().endsWith("s") ? 443 : 80;
    }

    private static SpacetimeDbSourceBuilder source(URI server, String database, String token) {
        SpacetimeDbSourceBuilder builder = SpacetimeDb.database(server, database);
        return token.isEmpty() ? builder : builder.token(token);
    }

    private static List<RandomSql> tables(SpacetimeDbHttp http, SplittableRandom random) {
        DatabaseSchema schema = DatabaseSchema.parse(Guest.get(http.schema(9, Guest.PATIENCE)))
                .with(DatabaseSchema.parse(Guest.get(http.schema(10, Guest.PATIENCE))));
        List<RandomSql> tables = RandomSql.of(schema, random);
        if (tables.isEmpty()) {
            skip("the database has no public table with an integer primary key and columns of plain types");
        }
        return tables.subList(0, Math.min(MOST_TABLES, tables.size()));
    }

    /** What the server said against it; empty when it was done. A key that is taken is no surprise. */
    private static String run(SpacetimeDbHttp http, String statement) throws Exception {
        CompletableFuture<?> done = http.sql(statement, Guest.PATIENCE);
        try {
            done.get(Guest.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return "";
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SpacetimeDbException refusal) {
                return String.valueOf(refusal.getMessage());
            }
            throw e;
        }
    }

    /** A view, what its listener makes of it, and what it is to show in the end. */
    private static final class Followed {

        private final MaterializedView<Row> view;
        private final Replica replica = new Replica();
        private final String truth;

        Followed(SyncSource source, RandomSql table, String query, String condition) {
            view = source.materialize(Query.of(query));
            view.listen(replica);
            truth = "SELECT * FROM " + table.name() + condition;
        }

        void check(SpacetimeDbHttp http) {
            String wanted =
                    spelled(Guest.get(http.sql(truth, Guest.PATIENCE)).get(0).rows());
            Guest.await(view, "the rows of " + view.query(), () -> wanted.equals(shown()));
            assertThat(replica.problems()).isEmpty();
        }

        private String shown() {
            return spelled(view.snapshot().toList().stream()
                    .map(row -> new ArrayList<>(row.toMap().values()))
                    .toList());
        }

        private static String spelled(List<? extends List<? extends @Nullable Object>> rows) {
            return rows.stream()
                    .map(row -> row.stream().map(Followed::spelled).collect(Collectors.joining("|")))
                    .sorted()
                    .collect(Collectors.joining("\n"));
        }

        private static String spelled(@Nullable Object value) {
            return value instanceof Number
                    ? new BigDecimal(value.toString()).stripTrailingZeros().toPlainString()
                    : String.valueOf(value);
        }
    }
}
