package dev.tributary.driftdb;

import dev.tributary.spi.Draft;
import dev.tributary.spi.Output;
import dev.tributary.spi.Resume;
import dev.tributary.spi.Subscription;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who announces itself on a key, a row for each client. Whoever is silent for too long is not there any more. */
final class PresenceView implements StreamView {

    private final StreamRows rows = new StreamRows(StreamRows.PRESENCE);
    private final Duration expiry;
    private final Predicate<String> isOwn;
    private Subscription subscription;
    private boolean loaded;
    /** When each client was last heard, the longest silent first. */
    private final Map<String, Long> heard = new LinkedHashMap<>();

    /** @param isOwn whether a client is one of ours: what it says is no news */
    PresenceView(Duration expiry, Predicate<String> isOwn, Subscription subscription) {
        this.expiry = expiry;
        this.isOwn = isOwn;
        this.subscription = subscription;
        Resume resume = subscription.resume();
        // Rows of an earlier process are those of clients that may be gone: the first content is empty.
        loaded = false;
        if (resume != null) {
            heard.clear();
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
        return NOTHING;
    }

    @Override
    public void wantWhole() {}

    @Override
    public void mark() {}

    @Override
    public boolean read(List<Entry> entries, long above, boolean opening, Output out) {
        Draft draft = out.draft(subscription);
        if (!loaded) {
            draft.replaceAll(StreamRows.PRESENCE);
            loaded = true;
        } else if (opening) {
            // Nobody could be heard while there was no connection: each has its whole time again.
            heard.replaceAll((client, when) -> out.nanos());
        }
        draft.verified(true);
        out.commit(List.of(subscription), null);
        out.upToDate(subscription);
        return true;
    }

    @Override
    public void message(Entry entry, @Nullable Action own, Output out) {
        if (!loaded
                || !(entry.value() instanceof Map<?, ?> said)
                || !(said.get("client") instanceof String client)
                || isOwn.test(client)) {
            return;
        }
        Draft draft = out.draft(subscription);
        heard.remove(client);
        if (Boolean.TRUE.equals(said.get("left"))) {
            if (draft.remove(rows.clientKey(client)) == null) {
                return;
            }
        } else {
            heard.put(client, out.nanos());
            var before = draft.get(rows.clientKey(client));
            Object value = said.get(StreamRows.VALUE);
            if (before != null && Values.same(before.get(StreamRows.VALUE), value)) {
                return;
            }
            draft.put(rows.client(client, value));
        }
        out.commit(List.of(subscription), null);
    }

    /** Removes those who were silent for too long. */
    void expire(Output out) {
        boolean any = false;
        for (String client : List.copyOf(heard.keySet())) {
            if (out.nanos() - heard.getOrDefault(client, 0L) < expiry.toNanos()) {
                break;
            }
            heard.remove(client);
            out.draft(subscription).remove(rows.clientKey(client));
            any = true;
        }
        if (any) {
            out.commit(List.of(subscription), null);
        }
    }

    /** How long until somebody may have been silent for too long; null while nobody is there. */
    @Nullable
    Duration untilNext(Output out) {
        for (long when : heard.values()) {
            return Duration.ofNanos(Math.max(0, when + expiry.toNanos() - out.nanos()));
        }
        return null;
    }

    @Override
    public boolean isUnverified() {
        return false;
    }

    @Override
    public boolean isAudited() {
        return false;
    }
}
