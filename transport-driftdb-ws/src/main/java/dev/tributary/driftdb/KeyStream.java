package dev.tributary.driftdb;

import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key on one connection: asked for once, delivered to each of its views. It stays when no view wants it any more,
 * since there is no unsubscribing, and a second get would make every message come twice.
 */
final class KeyStream {

    /** How far its one get is. */
    enum State {
        UNASKED,
        ASKED,
        ANSWERED
    }

    private final String key;
    private final List<StreamView> views = new ArrayList<>();
    /** Views that have nothing to go on from before a read of their own comes. */
    private final List<StreamView> late = new ArrayList<>();

    private State state = State.UNASKED;
    private long askedAbove;
    /** Whether a read was told since: the answer to the get may be older. */
    private boolean readSinceAsked;

    private @Nullable Long lastMessage;
    /** Of messages that were read and may still arrive. */
    private final Numbers readAhead = new Numbers();

    private @Nullable Entry newest;
    private boolean suspect;
    private boolean reading;
    /** What the read under way will tell may be older than what a view has learnt since. */
    private boolean outdated;
    /** When a view was first repaired by a part of the stream, so that before the part nothing is known. */
    private @Nullable Long repairedAt;

    private long heardAt;
    /** Whether the read under way, or the last one, is of all that the views hold. */
    private boolean readsWhole;
    /** The whole could not be read the last time: perhaps it is too much. */
    private boolean unreadable;

    private boolean wantsComparison;
    /** When the last comparison began. */
    private @Nullable Long comparedAt;

    private long duplicates;

    KeyStream(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    List<StreamView> views() {
        return views;
    }

    State state() {
        return state;
    }

    void add(StreamView view) {
        views.add(view);
        if (state != State.UNASKED) {
            late.add(view);
            suspect = true;
        }
        outdated |= reading;
    }

    void remove(StreamView view) {
        views.remove(view);
        late.remove(view);
    }

    boolean isWanted() {
        return !views.isEmpty();
    }

    /** The number above which its views need entries. */
    long above() {
        long least = StreamView.NOTHING;
        for (StreamView view : views) {
            least = Long.compareUnsigned(view.above(), least) < 0 ? view.above() : least;
        }
        return least;
    }

    long ask() {
        state = State.ASKED;
        readSinceAsked = false;
        askedAbove = above();
        return askedAbove;
    }

    /** The get was processed, although its answer may have been lost. */
    void answered() {
        state = State.ANSWERED;
    }

    /** @return false when a view needs the whole stream */
    boolean init(List<Entry> entries, Output out) {
        state = State.ANSWERED;
        if (readSinceAsked) {
            // Or newer, and what came between the two comes by no message: one more read says.
            suspect = true;
            return false;
        }
        outdated |= reading;
        readAhead.clear();
        Retained.collectMessages(entries, readAhead);
        noteNewest(entries);
        boolean whole = true;
        for (StreamView view : List.copyOf(views)) {
            if (!late.contains(view)) {
                // The answer stands exactly between the messages before it and those after.
                view.mark();
                whole &= view.read(entries, askedAbove, true, out);
            }
        }
        suspect |= !whole;
        return whole;
    }

    /** A read begins. */
    long beginRead(Output out) {
        reading = true;
        outdated = false;
        suspect = false;
        views.forEach(StreamView::mark);
        long above = above();
        readsWhole = views.stream().noneMatch(view -> view.isPart(above));
        if (wantsComparison) {
            wantsComparison = false;
            comparedAt = out.nanos();
        }
        return above;
    }

    /** The read that began fails. */
    void endRead() {
        reading = false;
        unreadable |= readsWhole;
        views.forEach(StreamView::readFailed);
    }

    /** The retained entries as some moment since {@link #beginRead} had them. */
    boolean read(List<Entry> entries, long above, Output out) {
        reading = false;
        unreadable &= !readsWhole;
        if (outdated) {
            suspect = true;
            return true;
        }
        readSinceAsked = true;
        Retained.collectMessages(entries, readAhead);
        noteNewest(entries);
        forgetArrived();
        boolean whole = true;
        for (StreamView view : List.copyOf(views)) {
            boolean enough = Long.compareUnsigned(view.above(), above) >= 0;
            boolean opening = late.remove(view);
            whole &= enough && view.read(entries, above, opening, out);
            if (!enough && opening) {
                late.add(view);
            }
        }
        suspect |= !whole;
        boolean inPart = views.stream().anyMatch(view -> view.isUnverified() && view.isPart(above));
        repairedAt = !inPart ? null : repairedAt == null ? Long.valueOf(out.nanos()) : repairedAt;
        return whole;
    }

    /** Whether this is one more copy of a message that came before. */
    boolean isRepeat(Entry entry) {
        Long last = lastMessage;
        return last != null && Long.compareUnsigned(entry.number(), last) <= 0;
    }

    /** @return false when the message had been delivered before */
    boolean message(Entry entry, @Nullable Action own, Output out) {
        long number = entry.number();
        boolean again = isRepeat(entry);
        heardAt = out.nanos();
        if (!again) {
            lastMessage = number;
        }
        if (again || readAhead.contains(number)) {
            duplicates++;
            return false;
        }
        for (StreamView view : List.copyOf(views)) {
            view.message(entry, own, out);
        }
        newest = entry;
        return true;
    }

    private void forgetArrived() {
        Long last = lastMessage;
        if (last != null) {
            readAhead.removeIf(number -> Long.compareUnsigned(number, last) <= 0);
        }
    }

    private void noteNewest(List<Entry> entries) {
        if (!entries.isEmpty()) {
            Entry last = entries.get(entries.size() - 1);
            Entry held = newest;
            // Of the same number when it was folded.
            if (held == null || Long.compareUnsigned(last.number(), held.number()) >= 0) {
                newest = last;
            }
        }
    }

    /** The newest entry that was seen. */
    @Nullable
    Entry newest() {
        return newest;
    }

    /** Whether the server retains more of it than a view of all its entries holds: some did not arrive. */
    boolean holdsFewerThan(long size) {
        return views.stream().anyMatch(view -> view.holdsFewerThan(size));
    }

    void suspect() {
        suspect = true;
    }

    /** It should be read, and be compared as a whole. */
    void compare() {
        suspect = true;
        wantsComparison = true;
        views.forEach(StreamView::wantComparison);
    }

    /**
     * How long until it should be compared as a whole, because reads repaired a part of it; null when it should not. A long
     * stream is compared when it is calm, or has waited for that long enough, and never more often: it costs all of it each
     * time.
     */
    @Nullable
    Duration untilComparison(Duration calm, Duration again, Output out) {
        Long repaired = repairedAt;
        if (repaired == null || unreadable) {
            return null;
        }
        long now = out.nanos();
        long untilCalm = lastMessage == null ? 0 : calm.toNanos() - (now - heardAt);
        long rest = Math.min(untilCalm, again.toNanos() - (now - repaired));
        Long compared = comparedAt;
        if (compared != null) {
            rest = Math.max(rest, again.toNanos() - (now - compared));
        }
        return Duration.ofNanos(Math.max(0, rest));
    }

    /** Whether it should be read, and can be. */
    boolean wantsRead() {
        return suspect && !reading && isWanted() && state != State.UNASKED && isAudited();
    }

    boolean isUnverified() {
        return isAudited() && views.stream().anyMatch(StreamView::isUnverified);
    }

    /** Presence has nothing that is retained; but a view that has no content yet gets it by a read. */
    private boolean isAudited() {
        return !late.isEmpty() || views.stream().anyMatch(StreamView::isAudited);
    }

    long duplicates() {
        return duplicates;
    }
}
