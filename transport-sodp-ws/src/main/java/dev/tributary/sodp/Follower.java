package dev.tributary.sodp;

import dev.tributary.Checkpoint;
import dev.tributary.Row;
import dev.tributary.RowPacker;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One query of the engine that follows a key: turns what becomes of the key into rows. */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class Follower {

    private final Subscription subscription;
    private final SodpQuery query;
    private final RowPacker packer;
    /** What its rows show; null when that is not known, so that they are replaced as a whole. */
    private @Nullable Held told;

    private @Nullable String condition;

    Follower(Subscription subscription, SodpQuery query, @Nullable Held told) {
        this.subscription = subscription;
        this.query = query;
        this.packer = new RowPacker(query.children() ? SodpTypes.CHILDREN_SCHEMA : SodpTypes.VALUE_SCHEMA);
        this.told = told;
    }

    Subscription subscription() {
        return subscription;
    }

    SodpQuery query() {
        return query;
    }

    /** What its rows show; null when that is not known. */
    @Nullable
    Held told() {
        return told;
    }

    /**
     * Brings the draft from what the rows show to this.
     *
     * @param whole whether readers should hear it as a new content
     * @param touched members that may have changed; null when any may have
     * @param verified whether nothing that the server sent can be missing
     */
    void draw(Held next, boolean whole, @Nullable Set<String> touched, boolean verified, Output out) {
        Draft draft = out.draft(subscription);
        Held before = told;
        if (before != null && before.version() == next.version() && before.sameValue(next)) {
            told = next;
            return;
        }
        if (before == null || (whole && !before.sameValue(next))) {
            draft.replaceAll(packer.schema());
            before = null;
        }
        if (query.children()) {
            drawMembers(before, next, touched, draft);
        } else {
            drawValue(before, next, draft);
        }
        told = next;
        draft.verified(verified);
        draft.checkpoint(Checkpoint.of(SodpTypes.versionBytes(next.version())));
    }

    private void drawValue(@Nullable Held before, Held next, Draft draft) {
        if (next.initialized()) {
            draft.put(row(next));
        } else if (before != null && before.initialized()) {
            draft.remove(row(before));
        }
    }

    private Row row(Held state) {
        packer.set(0, query.key().getBytes(StandardCharsets.UTF_8));
        packer.setDocument(1, state.value());
        packer.set(2, SodpTypes.versionBytes(state.version()));
        return packer.pack();
    }

    private void drawMembers(@Nullable Held before, Held next, @Nullable Set<String> touched, Draft draft) {
        DocMap old = before == null ? DocMap.EMPTY : members(before);
        DocMap now = members(next);
        if (touched != null && before != null) {
            touched.forEach(name -> drawMember(name, old.find(name), now.find(name), draft));
            return;
        }
        if (old.is(now)) {
            return;
        }
        old.forEach((name, value) -> {
            if (now.find(name) == MapNode.ABSENT) {
                draft.remove(row(name, value));
            }
        });
        now.forEach((name, value) -> drawMember(name, old.find(name), value, draft));
    }

    private void drawMember(String name, @Nullable Object old, @Nullable Object now, Draft draft) {
        if (now == MapNode.ABSENT) {
            if (old != MapNode.ABSENT) {
                draft.remove(row(name, old));
            }
        } else if (old == MapNode.ABSENT || (old != now && !Objects.equals(old, now))) {
            draft.put(row(name, now));
        }
    }

    private Row row(String name, @Nullable Object value) {
        packer.set(0, name.getBytes(StandardCharsets.UTF_8));
        packer.setDocument(1, value);
        return packer.pack();
    }

    /** The members that are rows; none while the value is no object. */
    private static DocMap members(Held state) {
        return state.value() instanceof DocMap map ? map : DocMap.EMPTY;
    }

    /** Says beside the phase why there is no row, where that is not plain. */
    void tellCondition(Held state, Output out) {
        String next = conditionOf(state);
        if (!Objects.equals(next, condition)) {
            condition = next;
            out.condition(subscription, next);
        }
    }

    private @Nullable String conditionOf(Held state) {
        if (!state.initialized()) {
            return state.version() == 0 ? "the key does not exist" : "the key was deleted";
        }
        if (!query.children() || state.value() instanceof Map<?, ?>) {
            return null;
        }
        String what = state.value() == null
                ? "nil"
                : state.value() instanceof DocList
                        ? "an array"
                        : "a " + state.value().getClass().getSimpleName();
        return "the value is " + what + ", not an object: it has no members";
    }
}
