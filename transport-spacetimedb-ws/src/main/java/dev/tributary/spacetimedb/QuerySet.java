package dev.tributary.spacetimedb;

import dev.tributary.ProtocolException;
import dev.tributary.Row;
import dev.tributary.spacetimedb.codec.RowPlace;
import dev.tributary.spacetimedb.types.RowDecoder;
import dev.tributary.spacetimedb.types.TableSchema;
import dev.tributary.spi.Subscription;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One query on one connection, from the moment the engine wants it until the server has let it go. */
final class QuerySet {

    /** How far it is. */
    enum State {
        /** Wanted, not asked for. */
        WAITING,
        /** Asked for. */
        ASKED,
        /** Its first rows came. */
        APPLIED,
        /** No longer wanted, and the server was told; its id is not free yet. */
        LEAVING
    }

    private final Subscription subscription;
    private final SqlQuery sql;
    private final boolean hadContent;

    State state = State.WAITING;
    long id;
    long requestId;
    private @Nullable TableSchema table;
    private @Nullable RowDecoder decoder;
    private boolean hasFloats;
    private boolean isRaw;

    /** Whether the schema was fetched again because it has no such table. */
    boolean soughtTable;
    /** Whether its first rows are visible. */
    boolean shown;

    /** What the message that is being read does. */
    final List<Row> inserts = new ArrayList<>();

    final List<Row> deletes = new ArrayList<>();
    final List<Row> events = new ArrayList<>();

    QuerySet(Subscription subscription, SqlQuery sql, boolean hadContent) {
        this.subscription = subscription;
        this.sql = sql;
        this.hadContent = hadContent;
    }

    Subscription subscription() {
        return subscription;
    }

    SqlQuery sql() {
        return sql;
    }

    /** Its table; null while it is not known. */
    @Nullable
    TableSchema table() {
        return table;
    }

    /** @param raw whether nothing is known of it but its name, which may be another than the server has for it */
    void table(@Nullable TableSchema known, boolean raw) {
        table = known;
        isRaw = raw;
        decoder = known == null ? null : known.layout().decoder();
        hasFloats = known != null && hasFloats(known);
    }

    /**
     * Who reads the rows of this place.
     *
     * @throws ProtocolException when they are of another table
     */
    RowDecoder decoderOf(RowPlace place) {
        RowDecoder ready = decoder;
        if (ready == null || table == null) {
            throw new ProtocolException("the server sends rows of table '" + place.table()
                    + "', which the schema of the module does not have");
        }
        if (!isRaw && !table.name().equals(place.table())) {
            throw new ProtocolException(
                    "rows of table '" + place.table() + "' came for a query of table '" + table.name() + "'");
        }
        return ready;
    }

    /** Whether its view holds the rows of an earlier connection. */
    boolean hadContent() {
        return hadContent;
    }

    boolean isWanted() {
        return state != State.LEAVING;
    }

    /** Whether the view of this set waits for rows that the server will send. */
    boolean isLoading() {
        return state == State.WAITING || state == State.ASKED;
    }

    /**
     * Whether one row may be there several times.
     *
     * @param json whether rows come as JSON, where rows that differ in what is no finite number are the same
     */
    boolean mayRepeat(boolean json) {
        return sql.mayRepeat() || table == null || table.kind() == TableSchema.Kind.VIEW || (json && hasFloats);
    }

    private static boolean hasFloats(TableSchema known) {
        return known.layout().schema().columns().stream()
                .map(column -> column.type().name())
                .anyMatch(type -> type.contains("f32") || type.contains("f64"));
    }

    boolean isTouched() {
        return !inserts.isEmpty() || !deletes.isEmpty() || !events.isEmpty();
    }

    void clearMessage() {
        inserts.clear();
        deletes.clear();
        events.clear();
    }

    /** As it is named in messages. */
    String name() {
        return table == null ? sql.table() : table.name();
    }
}
