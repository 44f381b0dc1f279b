package dev.tributary.driftdb;

import dev.tributary.Row;
import dev.tributary.driftdb.StreamCommit.Cause;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Output;
import dev.tributary.spi.Resume;
import dev.tributary.spi.Subscription;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a key, a row for each. Messages of others enter as rows although they may have been relayed; the next read
 * shows it, and those that are not retained leave as events.
 */
final class LogView implements StreamView {

    /** More messages than this do not wait for the first content: it is read again. */
    private static final int MOST_EARLY = 10_000;

    private final StreamRows rows = new StreamRows(StreamRows.LOG);
    private Subscription subscription;
    /** Entries up to here are not wanted; null while only the next message will tell. */
    private @Nullable Long floor;
    /** Whether the engine holds a content of this view. */
    private boolean loaded;

    private long history;
    private @Nullable Long retained;
    /** Nothing that is retained up to here is missing: the end of the last read. Own pushes are beyond it, with holes. */
    private @Nullable Long whole;
    /** The numbers of all rows; null after a restart, until the whole stream was read. */
    private @Nullable Numbers known = new Numbers();

    private final Numbers since = new Numbers();
    /** Messages of others of which nothing says yet that they were retained. */
    private final Numbers doubtful = new Numbers();
    /** What came before the first content. */
    private final List<Entry> early = new ArrayList<>();

    private boolean unverified;
    private boolean wantsWhole;
    private boolean wantsComparison;

    LogView(@Nullable Long floor, Subscription subscription) {
        this.floor = floor;
        this.subscription = subscription;
        Resume resume = subscription.resume();
        StreamCheckpoint from = resume == null ? null : StreamCheckpoint.of(resume.checkpoint());
        if (from != null && resume != null && resume.schema() != null) {
            this.floor = from.floor();
            loaded = resume.schema().equals(StreamRows.LOG);
            history = from.history();
            retained = from.retained();
            whole = retained;
            known = null;
        }
    }

    @Override
    public void attach(Subscription next) {
        subscription = next;
    }

    @Override
    public Subscription subscription() {
        return subscription;
    }

    @Override
    public long above() {
        Long base = floor;
        if (base == null) {
            return NOTHING;
        }
        Long top = whole;
        boolean large = known != null && known.size() > SMALL;
        boolean fromTop = loaded && large && !wantsWhole && !wantsComparison;
        return fromTop && top != null && Long.compareUnsigned(top, base) > 0 ? top - 1 : base;
    }

    @Override
    public void wantWhole() {
        wantsWhole = true;
    }

    @Override
    public void wantComparison() {
        wantsComparison = true;
    }

    @Override
    public boolean isPart(long above) {
        return floor != null && Long.compareUnsigned(above, floor) > 0;
    }

    @Override
    public void readFailed() {
        wantsComparison = false;
    }

    @Override
    public void mark() {
        since.clear();
    }

    @Override
    public boolean read(List<Entry> retainedAbove, long above, boolean opening, Output out) {
        List<Entry> entries = wanted(retainedAbove);
        boolean all = !isPart(above);
        boolean lost = retained != null && !Retained.reaches(entries, retained);
        if (lost && !Long.valueOf(0).equals(floor)) {
            // What the floor meant is gone with the old numbers.
            floor = 0L;
            all = false;
        }
        Draft draft = out.draft(subscription);
        if (early.size() > MOST_EARLY || (lost && !all) || (loaded && !all && !goesOn(entries, draft))) {
            early.clear();
            wantsWhole = true;
            return false;
        }
        // Of a part nothing tells whether what is before it was folded meanwhile. But what was verified stays so when
        // the part holds nothing else than the entry that it begins with.
        boolean compared = all;
        Cause cause;
        if (!loaded || lost) {
            replace(entries, lost, draft);
            cause = lost ? Cause.RESET : Cause.INIT;
        } else if (known == null && all && !matches(entries, draft)) {
            replace(entries, false, draft);
            cause = Cause.AUDIT;
        } else {
            compared |= !unverified && entries.size() == 1;
            boolean missed = merge(entries, above, draft);
            cause = opening ? Cause.INIT : missed ? Cause.REPAIR : Cause.AUDIT;
        }
        if (!entries.isEmpty()) {
            retained = entries.get(entries.size() - 1).number();
            whole = retained;
        }
        wantsWhole &= !all;
        wantsComparison &= !all;
        unverified = !compared || !since.isEmpty();
        draft.verified(!unverified);
        commit(cause, draft, out);
        out.upToDate(subscription);
        if (!unverified) {
            out.verified(subscription, retained == null ? "0" : Long.toUnsignedString(retained));
        }
        return true;
    }

    /**
     * Whether entries that are not all begin with the one that is held: a replace, or a fold that reached it, took everything
     * before it too.
     */
    private boolean goesOn(List<Entry> entries, Draft draft) {
        Long top = whole;
        if (top == null) {
            return true;
        }
        for (Entry entry : entries) {
            if (entry.number() == top) {
                return !isAnother(rows.log(history, entry), draft);
            }
        }
        return false;
    }

    /** Another view of the key may have wanted more. */
    private List<Entry> wanted(List<Entry> entries) {
        Long base = floor;
        if (base == null) {
            return List.of();
        }
        return entries.stream()
                .filter(entry -> Long.compareUnsigned(entry.number(), base) > 0)
                .toList();
    }

    /** The entries are the content, and what came meanwhile and is not known to be gone. */
    private void replace(List<Entry> entries, boolean lost, Draft draft) {
        List<Entry> newer = newer(entries, draft);
        history += lost ? 1 : 0;
        if (lost) {
            retained = null;
            whole = null;
        }
        draft.replaceAll(StreamRows.LOG);
        loaded = true;
        Numbers numbers = new Numbers();
        known = numbers;
        doubtful.clear();
        for (Entry entry : entries) {
            draft.put(rows.log(history, entry));
            numbers.add(entry.number());
        }
        since.clear();
        for (Entry entry : newer) {
            draft.put(rows.log(history, entry));
            numbers.add(entry.number());
            since.add(entry.number());
            doubtful.add(entry.number());
        }
        early.clear();
    }

    private List<Entry> newer(List<Entry> entries, Draft draft) {
        List<Entry> newer = new ArrayList<>();
        if (loaded) {
            for (long number : since.toArray()) {
                Row row = Retained.decides(entries, since, number) ? null : draft.get(rows.logKey(history, number));
                if (row != null) {
                    newer.add(new Entry(number, row.get(StreamRows.VALUE)));
                }
            }
            return newer;
        }
        for (Entry entry : early) {
            if (!Retained.decides(entries, since, entry)) {
                newer.add(entry);
            }
        }
        return newer;
    }

    /**
     * Rows were restored, and nobody knows their numbers: whether they are all among the entries, which then only add to
     * them.
     */
    private boolean matches(List<Entry> entries, Draft draft) {
        int held = 0;
        for (Entry entry : entries) {
            held += draft.get(rows.logKey(history, entry.number())) == null ? 0 : 1;
        }
        return held == draft.size();
    }

    /** @return whether entries had been missed that were sent before others that came */
    private boolean merge(List<Entry> entries, long above, Draft draft) {
        Numbers listed = new Numbers();
        entries.forEach(entry -> listed.add(entry.number()));
        Numbers numbers = known == null ? new Numbers() : known;
        known = numbers;
        for (long number : numbers.toArray()) {
            boolean asked = Long.compareUnsigned(number, above) > 0;
            boolean decided = !since.contains(number) || Retained.decides(entries, since, number);
            if (asked && decided && !listed.contains(number)) {
                leave(number, numbers, draft);
            }
        }
        boolean missed = false;
        boolean seen = numbers.isEmpty();
        long newest = seen ? 0 : numbers.at(numbers.size() - 1);
        for (Entry entry : entries) {
            boolean held = numbers.contains(entry.number());
            if (!held) {
                missed |= !seen && Long.compareUnsigned(entry.number(), newest) < 0;
                numbers.add(entry.number());
            }
            Row row = rows.log(history, entry);
            if (!held || isAnother(row, draft)) {
                draft.put(row);
            }
            doubtful.remove(entry.number());
            since.remove(entry.number());
        }
        return missed;
    }

    /** Whether the row of this key holds another value: a snapshot has the number of the last entry that it stands for. */
    private static boolean isAnother(Row row, Draft draft) {
        Row before = draft.get(row);
        return before == null || !Values.same(before.get(StreamRows.VALUE), row.get(StreamRows.VALUE));
    }

    /** A row is not retained any more. If it never was, it was something that passed by. */
    private void leave(long number, Numbers numbers, Draft draft) {
        Row gone = draft.remove(rows.logKey(history, number));
        if (gone != null && doubtful.contains(number)) {
            draft.event(new Passed(new Entry(number, gone.get(StreamRows.VALUE))));
        }
        numbers.remove(number);
        doubtful.remove(number);
        since.remove(number);
    }

    @Override
    public void message(Entry entry, @Nullable Action own, Output out) {
        long number = entry.number();
        if (floor == null) {
            floor = number - 1;
        }
        if (own == Action.RELAY) {
            if (loaded) {
                Draft draft = out.draft(subscription);
                draft.event(new Passed(entry));
                commit(Cause.MESSAGE, draft, out);
            }
            return;
        }
        since.add(number);
        unverified = true;
        Numbers numbers = known;
        if (!loaded || numbers == null) {
            if (early.size() <= MOST_EARLY) {
                early.add(entry);
            }
            return;
        }
        Draft draft = out.draft(subscription);
        if (own == Action.REPLACE) {
            for (long replaced : numbers.toArray()) {
                draft.remove(rows.logKey(history, replaced));
            }
            numbers.clear();
            doubtful.clear();
        }
        draft.put(rows.log(history, entry));
        numbers.add(number);
        if (own == null) {
            doubtful.add(number);
        } else {
            retained = number;
        }
        draft.verified(false);
        commit(Cause.MESSAGE, draft, out);
    }

    private void commit(Cause cause, Draft draft, Output out) {
        draft.checkpoint(new StreamCheckpoint(history, retained, floor));
        out.commit(List.of(subscription), new StreamCommit(cause, history));
    }

    @Override
    public boolean holdsFewerThan(long size) {
        Numbers numbers = known;
        return loaded
                && numbers != null
                && Long.valueOf(0).equals(floor)
                && Long.compareUnsigned(numbers.size(), size) < 0;
    }

    @Override
    public boolean isUnverified() {
        return unverified;
    }
}
