package dev.tributary.replay.sodp;

import dev.tributary.ConfigurationException;
import dev.tributary.sodp.Sodp;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The calls of a recording as our client makes them: which frame of ours is which call, and what became of each. */
final class CallBook {

    /** Whether the recorded server did what was called. */
    private enum Answer {
        NONE,
        DONE,
        REFUSED,
        TOO_FAST
    }

    private static final class Made {

        final CompletableFuture<?> future;
        Answer answer = Answer.NONE;

        Made(CompletableFuture<?> future) {
            this.future = future;
        }
    }

    private final Map<RecordedCall, Made> made = new LinkedHashMap<>();
    private final Map<RecordedCall, String> ids = new LinkedHashMap<>();
    private final List<RecordedCall> toBeSent = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();

    void make(RecordedCall call, Sodp sodp, Dialect dialect) {
        try {
            toBeSent.add(call);
            made.put(call, new Made(CallMaker.make(sodp, call, dialect)));
        } catch (ConfigurationException e) {
            toBeSent.remove(call);
            refused.add(call + ": " + e.getMessage());
        }
    }

    /** Our client sends a CALL: whose is it? */
    void sent(Frame frame) {
        RecordedCall call = whose(frame);
        if (call != null) {
            toBeSent.remove(call);
            ids.put(call, String.valueOf(frame.text("call_id")));
        }
    }

    private @Nullable RecordedCall whose(Frame frame) {
        RecordedCall sameKey = null;
        Map<?, ?> arguments = frame.body().get("args") instanceof Map<?, ?> map ? map : Map.of();
        for (RecordedCall call : toBeSent) {
            boolean isMethod = call.method().equals(frame.text("method"));
            if (isMethod && holds(call.arguments(), arguments)) {
                return call;
            }
            if (sameKey == null && Objects.equals(call.key(), arguments.get("state"))) {
                sameKey = call;
            }
        }
        return sameKey;
    }

    /** Whether the recorded arguments hold what ours are; a value that was left out is null. */
    private static boolean holds(Map<?, ?> recorded, Map<?, ?> ours) {
        for (Iterator<? extends Map.Entry<?, ?>> all = ours.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<?, ?> entry = all.next();
            if (!Objects.equals(recorded.get(entry.getKey()), entry.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** Whether our client sent it. */
    boolean isSent(RecordedCall call) {
        return ids.containsKey(call);
    }

    /** Whether it will never be sent. */
    boolean isDead(RecordedCall call) {
        Made of = made.get(call);
        return !isSent(call) && (of == null ? !toBeSent.contains(call) : of.future.isDone());
    }

    /** Its id in our frames. */
    String id(RecordedCall call) {
        return String.valueOf(ids.get(call));
    }

    /** The recorded answer goes to our client. */
    void answered(RecordedCall call, Frame frame) {
        Made of = made.get(call);
        if (of == null) {
            return;
        }
        if (frame.type() == Frame.RESULT) {
            of.answer = Boolean.FALSE.equals(frame.body().get("success")) ? Answer.REFUSED : Answer.DONE;
        } else {
            of.answer = frame.number("code", 0) == 429 ? Answer.TOO_FAST : Answer.REFUSED;
        }
    }

    /** What our API refused. */
    List<String> refused() {
        List<String> all = new ArrayList<>(refused);
        made.forEach((call, of) -> {
            if (isDead(call)) {
                all.add(call + ": " + reason(of.future));
            }
        });
        return all;
    }

    private static String reason(CompletableFuture<?> future) {
        try {
            future.getNow(null);
            return "done";
        } catch (RuntimeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return String.valueOf(cause.getMessage());
        }
    }

    /** The first call whose answer did not become its typed result or error; null when there is none. */
    @Nullable
    String difference() {
        for (Map.Entry<RecordedCall, Made> entry : made.entrySet()) {
            CompletableFuture<?> future = entry.getValue().future;
            boolean failed = future.isCompletedExceptionally();
            switch (entry.getValue().answer) {
                case DONE -> {
                    if (!future.isDone() || failed) {
                        return entry.getKey() + " succeeded, but ours "
                                + (failed ? "failed: " + reason(future) : "has no result");
                    }
                }
                case REFUSED -> {
                    if (!failed) {
                        return entry.getKey() + " was refused, but ours was not";
                    }
                }
                case NONE, TOO_FAST -> {}
            }
        }
        return null;
    }
}
