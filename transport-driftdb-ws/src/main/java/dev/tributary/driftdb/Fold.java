package dev.tributary.driftdb;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of a stream of actions: actions in the order of their numbers, started over by snapshots.
 *
 * @param <S> the state; immutable
 * @param <A> an action
 */
final class Fold<S, A> {

    /** The senders heard last; of older ones nothing is remembered. */
    private static final int MOST_SENDERS = 1000;

    /** How states and actions are made and read. */
    record Rules<S, A>(
            S initial,
            BiFunction<? super S, ? super A, ? extends S> reducer,
            ValueCodec<S> states,
            ValueCodec<A> actions) {}

    private final Rules<S, A> rules;
    private final Consumer<Entry> onUnusable;
    /** By sender, the highest count of an action in the state. */
    private final Map<String, Long> seen = new LinkedHashMap<>();

    private S state;

    Fold(Rules<S, A> rules, Consumer<Entry> onUnusable) {
        this.rules = rules;
        this.onUnusable = onUnusable;
        this.state = rules.initial();
    }

    S state() {
        return state;
    }

    /** Whether an action of this sender is in the state. */
    boolean includes(String sender, long count) {
        return seen.getOrDefault(sender, 0L) >= count;
    }

    /** Applies the next entry. What is neither action nor snapshot is reported and changes nothing. */
    void apply(Entry entry) {
        if (entry.value() instanceof Map<?, ?> envelope) {
            try {
                if (envelope.containsKey("reset")) {
                    state = rules.states().decode(envelope.get("reset"));
                    startOver(envelope.get("seen"));
                    return;
                }
                if (envelope.containsKey("apply")) {
                    state = rules.reducer().apply(state, rules.actions().decode(envelope.get("apply")));
                    note(envelope.get("i"), envelope.get("n"));
                    return;
                }
            } catch (RuntimeException e) {
                onUnusable.accept(entry);
                return;
            }
        }
        onUnusable.accept(entry);
    }

    private void startOver(@Nullable Object of) {
        if (of instanceof Map<?, ?> counts) {
            counts.forEach(this::note);
        }
    }

    private void note(@Nullable Object sender, @Nullable Object count) {
        if (sender instanceof String who && count instanceof Number number) {
            long before = seen.getOrDefault(who, 0L);
            seen.remove(who);
            seen.put(who, Math.max(before, number.longValue()));
            if (seen.size() > MOST_SENDERS) {
                Iterator<String> oldest = seen.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }

    /** The state as a snapshot that stands for all that was applied. */
    Map<String, @Nullable Object> snapshot() {
        return Envelopes.snapshot(rules.states().encode(state), Map.copyOf(seen));
    }
}
