package dev.tributary.testkit.electric;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The requests that wait, by deadline and by shape. */
final class HeldRequests {

    private final TreeSet<PendingRequest> byDeadline = new TreeSet<>(PendingRequest.BY_DEADLINE);
    private final Map<Shape, Set<PendingRequest>> byShape = new IdentityHashMap<>();

    void add(PendingRequest pending) {
        byDeadline.add(pending);
        Shape shape = pending.shape();
        if (shape != null) {
            byShape.computeIfAbsent(shape, s -> new LinkedHashSet<>()).add(pending);
        }
    }

    void remove(PendingRequest pending) {
        if (!pending.isHeld()) {
            return;
        }
        pending.release();
        byDeadline.remove(pending);
        Shape shape = pending.shape();
        Set<PendingRequest> sameShape = shape == null ? null : byShape.get(shape);
        if (sameShape != null && sameShape.remove(pending) && sameShape.isEmpty()) {
            byShape.remove(shape);
        }
    }

    /** Requests waiting for a shape, oldest first; null for those that wait for none. */
    List<PendingRequest> of(@Nullable Shape shape) {
        if (shape == null) {
            return byDeadline.stream().filter(p -> p.shape() == null).toList();
        }
        return new ArrayList<>(byShape.getOrDefault(shape, Set.of()));
    }

    List<PendingRequest> all() {
        return new ArrayList<>(byDeadline);
    }

    /** Takes out one request whose deadline is not after {@code now}. */
    @Nullable
    PendingRequest pollDue(long now) {
        if (byDeadline.isEmpty() || byDeadline.first().deadline() > now) {
            return null;
        }
        PendingRequest due = byDeadline.first();
        remove(due);
        return due;
    }

    OptionalLong nextDeadline() {
        return byDeadline.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(byDeadline.first().deadline());
    }

    int size() {
        return byDeadline.size();
    }
}
