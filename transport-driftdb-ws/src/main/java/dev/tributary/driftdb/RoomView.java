package dev.tributary.driftdb;

import dev.tributary.spi.Draft;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All streams of a room as the debug view of the server tells them: an init replaces the local stream of its key. The
 * server cuts the first burst off after 32 keys, so the view is never known to be whole.
 */
final class RoomView {

    private final StreamRows rows = new StreamRows(StreamRows.ROOM);
    private final Subscription subscription;
    private final Map<String, Numbers> known = new HashMap<>();
    private boolean begun;

    RoomView(Subscription subscription) {
        this.subscription = subscription;
    }

    Subscription subscription() {
        return subscription;
    }

    private Draft draft(Output out) {
        Draft draft = out.draft(subscription);
        if (!begun) {
            begun = true;
            draft.replaceAll(StreamRows.ROOM);
        }
        return draft;
    }

    void init(String key, List<Entry> entries, Output out) {
        Draft draft = draft(out);
        Numbers before = known.computeIfAbsent(key, unknown -> new Numbers());
        Numbers now = new Numbers();
        entries.forEach(entry -> now.add(entry.number()));
        for (long number : before.toArray()) {
            if (!now.contains(number)) {
                draft.remove(rows.roomKey(key, number));
            }
        }
        entries.forEach(entry -> draft.put(rows.room(key, entry)));
        known.put(key, now);
        commit(draft, out);
    }

    /** In this mode only relays come as messages. */
    void relayed(Entry entry, Output out) {
        Draft draft = draft(out);
        draft.event(new Passed(entry));
        commit(draft, out);
    }

    /** The first burst is over. */
    void upToDate(Output out) {
        commit(draft(out), out);
        out.upToDate(subscription);
        out.condition(subscription, "the debug view: of many keys only some are shown");
    }

    private void commit(Draft draft, Output out) {
        draft.verified(false);
        out.commit(List.of(subscription), null);
    }
}
