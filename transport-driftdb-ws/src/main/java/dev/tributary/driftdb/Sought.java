package dev.tributary.driftdb;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Whether a write that left, and of which nothing was heard, is among what its key retains. */
final class Sought {

    private Sought() {}

    /**
     * Whether an entry says by itself that it is this write: its value names its sender and count, or it is a compact, which
     * has its number from us and does the same when it is done twice.
     */
    static boolean isRecognised(Push push) {
        return push.action() == Action.COMPACT || Envelopes.isNamed(push.value());
    }

    /** @return the result of the write when it is found */
    static @Nullable Pushed in(List<Entry> entries, Request.Write write) {
        for (Entry entry : entries) {
            if (isIt(write, entry)) {
                return write.push.action() == Action.COMPACT
                        ? Pushed.UNNUMBERED
                        : new Pushed(OptionalLong.of(entry.number()), OptionalLong.empty(), Optional.empty());
            }
            if (Envelopes.isFolded(write.push.value(), entry.value())) {
                return Pushed.UNNUMBERED;
            }
        }
        return null;
    }

    private static boolean isIt(Request.Write write, Entry entry) {
        Push push = write.push;
        if (push.action() == Action.COMPACT) {
            return entry.number() == push.compactedTo() && Values.isEcho(push.value(), entry.value());
        }
        Boolean same = Envelopes.isSameMessage(push.value(), entry.value());
        return same != null
                ? same
                : Long.compareUnsigned(entry.number(), write.leftAfter) > 0
                        && Values.isEcho(push.value(), entry.value());
    }
}
