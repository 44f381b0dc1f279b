package dev.tributary.spacetimedb;

import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import dev.tributary.Row;
import dev.tributary.spacetimedb.SpacetimeDbNotice.TableChanges;
import dev.tributary.spacetimedb.codec.RowPlace;
import dev.tributary.spacetimedb.codec.RowSink;
import dev.tributary.spacetimedb.types.RowDecoder;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the message that is being read changes. Its rows are kept until it is whole; then they are one commit over all query
 * sets that it touches.
 */
final class OpenTransaction {

    /** Bytes of rows that one update may hold before it is whole: as much as the engine lets a transaction have. */
    static final long MOST_BYTES = Runtime.getRuntime().maxMemory() / 4;

    private final long mostBytes;
    private final Set<QuerySet> touched = new LinkedHashSet<>();

    /** Bytes of the rows that they hold. */
    private long held;

    /** @param mostBytes of its rows, see {@link #MOST_BYTES} */
    OpenTransaction(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Who takes the rows of one effect on a query set. */
    RowSink rows(QuerySet set, RowDecoder decoder, RowPlace.Effect effect) {
        touched.add(set);
        List<Row> list = listOf(set, effect);
        return new RowTaker(decoder, row -> {
            held += row.sizeInBytes();
            if (held > mostBytes) {
                throw new LimitExceededException("one update has rows of more than " + mostBytes + " bytes");
            }
            list.add(row);
        });
    }

    private static List<Row> listOf(QuerySet set, RowPlace.Effect effect) {
        return switch (effect) {
            case INSERT -> set.inserts;
            case DELETE -> set.deletes;
            case EVENT -> set.events;
        };
    }

    /** Nobody wants the rows of this one any more. */
    void forget(QuerySet set) {
        set.clearMessage();
        touched.remove(set);
    }

    /**
     * Makes what the message does visible.
     *
     * @param reducer what caused it; null when that is not known
     * @param json whether its rows came as JSON
     * @throws ProtocolException when it does not fit to what is held: then nothing of it is visible
     */
    void commit(@Nullable ReducerEvent reducer, boolean json, Output out) {
        List<Subscription> changed = new ArrayList<>();
        for (QuerySet set : touched) {
            if (!set.isTouched()) {
                continue;
            }
            apply(set, json, out);
            if (set.shown) {
                changed.add(set.subscription());
            }
        }
        if (!changed.isEmpty()) {
            out.commit(changed, reducer);
        }
        List<TableChanges> tables = tables();
        if (!tables.isEmpty() || reducer != null) {
            out.notice(new SpacetimeDbNotice.Transaction(tables, reducer));
        }
        touched.forEach(QuerySet::clearMessage);
        touched.clear();
        held = 0;
    }

    /**
     * Old rows first, so that a new row of the same key takes their place. In the end no count may be below zero, nor
     * above one where the query gives each row once.
     */
    private static void apply(QuerySet set, boolean json, Output out) {
        Draft to = out.draft(set.subscription());
        List<Row> doubtful = new ArrayList<>();
        for (Row row : set.deletes) {
            if (to.add(row, -1) < 0) {
                doubtful.add(row);
            }
        }
        int most = set.mayRepeat(json) ? Integer.MAX_VALUE : 1;
        for (Row row : set.inserts) {
            if (to.add(row, 1) > most) {
                throw new ProtocolException(
                        "a row of table '" + set.name() + "' came that is there already, with key " + row.keyText());
            }
        }
        for (Row row : doubtful) {
            if (to.add(row, 0) < 0) {
                throw new ProtocolException(
                        "a row of table '" + set.name() + "' was deleted that is not there, with key " + row.keyText());
            }
        }
        new LinkedHashSet<>(set.events).forEach(row -> to.event(new EventRow(row)));
    }

    private List<TableChanges> tables() {
        if (touched.size() == 1) {
            QuerySet only = touched.iterator().next();
            return only.isTouched() ? List.of(changesOf(only)) : List.of();
        }
        Map<String, TableChanges> tables = new LinkedHashMap<>();
        for (QuerySet set : touched) {
            if (set.isTouched()) {
                tables.merge(set.name(), changesOf(set), OpenTransaction::joined);
            }
        }
        return List.copyOf(tables.values());
    }

    private static TableChanges changesOf(QuerySet set) {
        return new TableChanges(set.name(), set.inserts, set.deletes, List.copyOf(new LinkedHashSet<>(set.events)));
    }

    private static TableChanges joined(TableChanges a, TableChanges b) {
        List<Row> inserts = new ArrayList<>(a.inserts());
        inserts.addAll(b.inserts());
        List<Row> deletes = new ArrayList<>(a.deletes());
        deletes.addAll(b.deletes());
        Set<Row> events = new LinkedHashSet<>(a.events());
        events.addAll(b.events());
        return new TableChanges(a.table(), inserts, deletes, List.copyOf(events));
    }
}
