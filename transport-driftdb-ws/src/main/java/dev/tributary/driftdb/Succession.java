package dev.tributary.driftdb;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of the writes that a shared state retains count. A write that says of which other it was made counts only right behind
 * that one: between them nothing was written that it does not know. One that says nothing of it counts in any case. All who
 * read the same entries find the same ones.
 */
final class Succession {

    /** The senders heard last; of older ones nothing is remembered. */
    private static final int MOST_SENDERS = 1000;

    private final Map<String, Long> counted = new LinkedHashMap<>();
    private boolean any;
    private boolean folded;
    private long number;
    private @Nullable Object value;

    private Succession() {}

    /** What is to be made of all entries that a key retains, in their order. */
    static Succession of(List<Entry> entries) {
        Succession succession = new Succession();
        entries.forEach(succession::add);
        return succession;
    }

    private void add(Entry entry) {
        if (!(entry.value() instanceof Map<?, ?> envelope) || !envelope.containsKey("v")) {
            return;
        }
        Object seen = envelope.get("seen");
        Object base = envelope.get("b");
        boolean restarts = seen instanceof Map || !(base instanceof Number);
        if (!restarts && any && base instanceof Number of && of.longValue() != number) {
            return;
        }
        any = true;
        number = entry.number();
        value = envelope.get("v");
        if (restarts) {
            counted.clear();
            folded = seen instanceof Map;
        }
        if (seen instanceof Map<?, ?> counts) {
            counts.forEach(this::note);
        } else if (!restarts) {
            note(envelope.get("i"), envelope.get("n"));
        }
    }

    private void note(@Nullable Object sender, @Nullable Object count) {
        if (sender instanceof String who && count instanceof Number much) {
            counted.remove(who);
            counted.put(who, much.longValue());
            if (counted.size() > MOST_SENDERS) {
                Iterator<String> oldest = counted.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }

    /** Whether an update of this sender counts. */
    boolean includes(String sender, long count) {
        Long last = counted.get(sender);
        return last != null && last >= count;
    }

    /** Whether it begins with a write that stands alone, and says nothing of what it replaced. */
    boolean beginsAnew() {
        return any && !folded;
    }

    boolean isEmpty() {
        return !any;
    }

    /** The number of the last that counts. */
    long number() {
        return number;
    }

    /** What the last that counts says. */
    @Nullable
    Object value() {
        return value;
    }

    /** One entry that stands for all up to the last that counts. */
    Map<String, @Nullable Object> folded() {
        return Envelopes.foldedState(value, Map.copyOf(counted));
    }
}
