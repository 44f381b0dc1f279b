package dev.tributary.spacetimedb;

import dev.tributary.LimitExceededException;
import dev.tributary.Row;
import dev.tributary.spacetimedb.codec.RowPlace;
import dev.tributary.spacetimedb.codec.RowSink;
import dev.tributary.spacetimedb.codec.ServerMessage;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spacetimedb.types.TableSchema;
import dev.tributary.spi.Call;
import dev.tributary.spi.Output;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One-off queries that were sent, and who waits for them. */
@SuppressWarnings("ReferenceEquality") // calls are compared by identity
final class Questions {

    /** Bytes of rows that one answer may have. */
    static final long MOST_BYTES = Runtime.getRuntime().maxMemory() / 4;

    /** One query on its way. */
    private final class Pending {

        private @Nullable Call call;
        private final List<Row> rows = new ArrayList<>();
        private String table = "";
        private @Nullable String problem;
        private long bytes;

        Pending(Call call) {
            this.call = call;
        }

        void add(Row row) {
            bytes += row.sizeInBytes();
            if (bytes > mostBytes) {
                problem = "its rows have more than " + mostBytes + " bytes";
                rows.clear();
            } else {
                rows.add(row);
            }
        }
    }

    private final Map<Long, Pending> all = new HashMap<>();
    private final long mostBytes;

    /** @param mostBytes see {@link #MOST_BYTES} */
    Questions(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    void send(Call call, Wish.OneOff wish, Link link, Output out) {
        long id = link.nextId();
        byte[] message;
        try {
            message = Link.checked("the query", link.messages().oneOffQuery(id, wish.sql()));
        } catch (LimitExceededException e) {
            out.refuse(call, e);
            return;
        }
        out.sent(call);
        all.put(id, new Pending(call));
        link.request(message);
    }

    void forget(Call call) {
        all.values().stream().filter(pending -> pending.call == call).forEach(pending -> pending.call = null);
    }

    /** Who takes the rows of an answer; null when nobody waits. */
    @Nullable
    RowSink rows(RowPlace place, @Nullable DatabaseSchema schema) {
        Pending pending = place.requestId() == null ? null : all.get(place.requestId());
        if (pending == null || pending.call == null) {
            return null;
        }
        pending.table = place.table();
        TableSchema table = schema == null ? null : schema.table(place.table());
        if (table == null) {
            pending.problem = "the schema of the module has no table '" + place.table() + "'";
            return null;
        }
        return new RowTaker(table.layout().decoder(), pending::add);
    }

    void answer(ServerMessage.OneOffResult message, Link link, Output out) {
        Pending pending = message.requestId() == null ? null : all.remove(message.requestId());
        if (pending == null) {
            return;
        }
        link.answered();
        Call call = pending.call;
        if (call == null) {
            return;
        }
        if (message.error() != null) {
            out.refuse(call, SpacetimeDbException.ofText("the query was refused", message.error()));
        } else if (pending.problem != null) {
            out.refuse(call, SpacetimeDbException.ofText("the answer cannot be read", pending.problem));
        } else {
            out.reply(call, new QueryResult(pending.table, pending.rows));
        }
    }
}
