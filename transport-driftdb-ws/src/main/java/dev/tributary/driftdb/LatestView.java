package dev.tributary.driftdb;

import dev.tributary.driftdb.StreamCommit.Cause;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Output;
import dev.tributary.spi.Resume;
import dev.tributary.spi.Subscription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest entry of a key, as one row. */
final class LatestView implements StreamView {

    private final StreamRows rows = new StreamRows(StreamRows.LATEST);
    private final String key;
    private Subscription subscription;
    /** Whether the engine holds a content of this view. */
    private boolean loaded;

    private long history;
    private @Nullable Long retained;
    private @Nullable Entry shown;
    /** Numbers that came since the last read began. */
    private final Numbers since = new Numbers();

    private boolean unverified;
    private boolean wantsWhole;

    LatestView(String key, Subscription subscription) {
        this.key = key;
        this.subscription = subscription;
        Resume resume = subscription.resume();
        StreamCheckpoint from = resume == null ? null : StreamCheckpoint.of(resume.checkpoint());
        if (from != null && resume != null && resume.schema() != null) {
            loaded = resume.schema().equals(StreamRows.LATEST);
            history = from.history();
            retained = from.retained();
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
        Long top = retained;
        return !loaded || wantsWhole || top == null || top == 0 ? 0 : top - 1;
    }

    @Override
    public void wantWhole() {
        wantsWhole = true;
    }

    @Override
    public void mark() {
        since.clear();
    }

    @Override
    public boolean read(List<Entry> entries, long above, boolean opening, Output out) {
        Long top = retained;
        boolean lost = top != null && !Retained.reaches(entries, top);
        if (lost && above != 0) {
            wantsWhole = true;
            return false;
        }
        Entry last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
        Draft draft = out.draft(subscription);
        boolean newer = shown != null && since.contains(shown.number()) && !Retained.decides(entries, since, shown);
        Cause cause = opening ? Cause.INIT : Cause.AUDIT;
        if (!loaded || lost) {
            cause = lost ? Cause.RESET : Cause.INIT;
            history += lost ? 1 : 0;
            draft.replaceAll(StreamRows.LATEST);
            loaded = true;
            retained = null;
            if (!newer) {
                shown = null;
            } else if (shown != null) {
                draft.put(rows.latest(key, shown));
            }
        }
        if (last != null) {
            retained = last.number();
        }
        if (!newer) {
            Entry before = shown;
            if (before != null && (last == null || last.number() != before.number()) && unverified) {
                draft.event(new Passed(before));
            }
            show(last, draft);
        }
        wantsWhole = false;
        unverified = newer;
        draft.verified(!newer);
        commit(cause, draft, out);
        out.upToDate(subscription);
        if (!newer) {
            out.verified(subscription, retained == null ? "0" : Long.toUnsignedString(retained));
        }
        return true;
    }

    private void show(@Nullable Entry entry, Draft draft) {
        Entry before = shown;
        shown = entry;
        if (entry == null) {
            draft.remove(rows.latestKey(key));
        } else if (before == null || before.number() != entry.number() || !Values.same(before.value(), entry.value())) {
            draft.put(rows.latest(key, entry));
        }
    }

    @Override
    public void message(Entry entry, @Nullable Action own, Output out) {
        if (own == Action.RELAY) {
            if (loaded) {
                Draft draft = out.draft(subscription);
                draft.event(new Passed(entry));
                commit(Cause.MESSAGE, draft, out);
            }
            return;
        }
        since.add(entry.number());
        unverified = true;
        if (own != null) {
            retained = entry.number();
        }
        if (!loaded) {
            shown = entry;
            return;
        }
        Draft draft = out.draft(subscription);
        show(entry, draft);
        draft.verified(false);
        commit(Cause.MESSAGE, draft, out);
    }

    private void commit(Cause cause, Draft draft, Output out) {
        draft.checkpoint(new StreamCheckpoint(history, retained, 0L));
        out.commit(List.of(subscription), new StreamCommit(cause, history));
    }

    @Override
    public boolean isUnverified() {
        return unverified;
    }
}
