package dev.tributary.testkit;

import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.spi.Head;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tables, the log of commits, the connections, and what is wrong with them just now. */
final class MemoryServer implements SimulatedServer {

    /** What a query of a table gets that nobody made yet: no columns, no rows. */
    private static final RowSchema NO_COLUMNS = RowSchema.of(List.of());

    /** One commit in the log. */
    record Entry(long number, List<MemoryTransaction.Write> writes, List<MemoryTransaction.Passing> events) {}

    private final SimulatedEnvironment environment;
    private final Map<String, MemoryTable> tables = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Set<MemorySession> sessions = new LinkedHashSet<>();
    private final Map<String, String> refusedTables = new HashMap<>();
    private long log = 1;
    private long head;

    private @Nullable String token;
    private int refusals;
    private Duration patience = Duration.ZERO;
    private int attempts;
    private boolean silent;
    private boolean losing;
    private Duration delay = Duration.ZERO;
    private int framesPerMessage = 100;

    MemoryServer(SimulatedEnvironment environment) {
        this.environment = environment;
    }

    SimulatedEnvironment environment() {
        return environment;
    }

    // ---- tables and log ----

    void declare(String table, RowSchema schema) {
        if (tables.putIfAbsent(table, new MemoryTable(table, schema)) != null) {
            throw new IllegalStateException("there is a table '" + table + "' already");
        }
        announceTable(table);
    }

    void commit(Consumer<? super MemoryTransaction> filler) {
        MemoryTransaction transaction = new MemoryTransaction(tables);
        filler.accept(transaction);
        if (transaction.isEmpty()) {
            return;
        }
        transaction.created().forEach((name, table) -> {
            tables.put(name, table);
            announceTable(name);
        });
        for (MemoryTransaction.Write write : transaction.writes()) {
            table(write.table()).set(write.keyed(), write.after());
        }
        Entry entry = new Entry(++head, List.copyOf(transaction.writes()), List.copyOf(transaction.events()));
        entries.add(entry);
        sessions.forEach(session -> session.send(entry));
    }

    /** Those who asked for the table before it was there know no column of it. */
    private void announceTable(String name) {
        sessions.forEach(session -> session.sendNewTable(name));
    }

    private MemoryTable table(String name) {
        MemoryTable table = tables.get(name);
        if (table == null) {
            throw new IllegalStateException("no table '" + name + "'");
        }
        return table;
    }

    List<Row> rows(MemoryQuery query) {
        MemoryTable table = tables.get(query.table());
        return table == null
                ? List.of()
                : table.rows().stream().filter(query::matches).toList();
    }

    RowSchema schema(MemoryQuery query) {
        MemoryTable table = tables.get(query.table());
        return table == null ? NO_COLUMNS : table.schema();
    }

    @Nullable
    String refusalOf(MemoryQuery query) {
        return refusedTables.get(query.table());
    }

    long log() {
        return log;
    }

    long head() {
        return head;
    }

    /** Whether every commit after this one is still in the log. */
    boolean canResume(MemoryCheckpoint from, MemoryQuery query) {
        long firstKept = head - entries.size() + 1;
        return from.log() == log
                && from.number() + 1 >= firstKept
                && from.number() <= head
                && tables.containsKey(query.table());
    }

    List<Entry> entriesAfter(long number) {
        return entries.stream().filter(entry -> entry.number() > number).toList();
    }

    void truncateLog() {
        entries.clear();
    }

    void beginNewLog() {
        entries.clear();
        log++;
        head = 0;
    }

    // ---- connections and faults ----

    @Override
    public void accept(SimulatedConnection connection) {
        attempts++;
        if (refusals > 0) {
            refusals -= refusals == Integer.MAX_VALUE ? 0 : 1;
            if (patience.isZero()) {
                connection.fail(WireEnd.Kind.REFUSED, "connection refused");
            } else {
                connection.head(503, Map.of("retry-after", Long.toString(patience.toSeconds())));
                connection.complete();
            }
            return;
        }
        MemorySession session = new MemorySession(this, connection);
        sessions.add(session);
        session.begin(new Head(mayEnter(connection) ? 101 : 401, Map.of()));
    }

    private boolean mayEnter(SimulatedConnection connection) {
        return token == null
                || connection
                        .header("authorization")
                        .filter(("Bearer " + token)::equals)
                        .isPresent();
    }

    void gone(MemorySession session) {
        sessions.remove(session);
    }

    int connections() {
        return sessions.size();
    }

    int attempts() {
        return attempts;
    }

    void drop(WireEnd.Kind kind, String reason) {
        List.copyOf(sessions).forEach(session -> session.fail(kind, reason));
    }

    /** @param asksFor how long a client is to wait; zero for no answer at all */
    void refuse(int count, Duration asksFor) {
        refusals = count;
        patience = asksFor;
    }

    void requireToken(@Nullable String required) {
        token = required;
        List.copyOf(sessions).forEach(session -> session.close(MemoryProtocol.TOKEN_EXPIRED, "the token expired"));
    }

    void refuseTable(String table, String reason) {
        refusedTables.put(table, reason);
        sessions.forEach(session -> session.refuseTable(table, reason));
    }

    void allowTables() {
        refusedTables.clear();
    }

    boolean isSilent() {
        return silent;
    }

    void silent(boolean now) {
        silent = now;
        if (!now) {
            List.copyOf(sessions).forEach(MemorySession::flush);
        }
    }

    void losing(boolean now) {
        losing = now;
    }

    /** Whether what is to be sent now is lost. */
    boolean loses() {
        return losing && environment.random().nextBoolean();
    }

    Duration delay() {
        return delay;
    }

    void delay(Duration time) {
        delay = time;
    }

    int framesPerMessage() {
        return framesPerMessage;
    }

    void framesPerMessage(int most) {
        framesPerMessage = most;
    }

    void sendRaw(byte[] message) {
        sessions.forEach(session -> session.sendRaw(message));
    }
}
