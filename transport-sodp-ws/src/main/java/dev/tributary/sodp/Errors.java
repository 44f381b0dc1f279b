package dev.tributary.sodp;

import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an ERROR is about, which it does not say. Where that cannot be known for certain nobody is told that it
 * was his: an error about a key never fails a call.
 */
final class Errors {

    private final Copies copies;
    private final CallDesk calls;
    private final Unanswered unanswered;
    private final Counters counters;
    private SodpDialect dialect = SodpDialect.STANDARD;
    private @Nullable Watches watches;

    Errors(Copies copies, CallDesk calls, Counters counters) {
        this.copies = copies;
        this.calls = calls;
        this.unanswered = calls.unanswered();
        this.counters = counters;
    }

    void connected(SodpDialect spoken, Watches asking) {
        dialect = spoken;
        watches = asking;
    }

    /** Acts on it; false when it answers nothing that we know of. */
    boolean answer(ServerError error, long stream, Output out) {
        if (stream != 0) {
            List<Request> asked = unanswered.onStream(stream);
            if (!asked.isEmpty()) {
                asked.forEach(request -> key(request, error, out));
                return true;
            }
        }
        for (Request request : unanswered.forKeys()) {
            if (error.names(String.valueOf(request.key()))) {
                key(request, error, out);
                return true;
            }
        }
        return dialect == SodpDialect.TYPESCRIPT ? speed(error, out) : inOrder(error, out);
    }

    /** This server refuses for speed ahead of earlier answers, and everything else by RESULT. */
    private boolean speed(ServerError error, Output out) {
        if (!error.isRate()) {
            return false;
        }
        if (error.message().startsWith("write")) {
            calls.someRefusedForSpeed(out);
            return true;
        }
        // Which request it was does not show: those that are answered after all lose nothing by being asked twice.
        List<Request> asked = unanswered.forKeys();
        if (asked.isEmpty()) {
            return false;
        }
        counters.rateRefusals++;
        for (Request request : asked) {
            again(request, out);
        }
        return true;
    }

    private boolean inOrder(ServerError error, Output out) {
        Request request = dialect == SodpDialect.RUST ? unanswered.oldest() : onlyCall();
        if (request == null) {
            return false;
        }
        if (request.key() != null) {
            key(request, error, out);
        } else {
            calls.refused(request, error, out);
        }
        return true;
    }

    /** Go's server names the stream of a request for a key; of calls the oldest is meant. Of others only one alone. */
    private @Nullable Request onlyCall() {
        List<Request> sent = unanswered.calls();
        if (sent.isEmpty()) {
            return null;
        }
        return dialect == SodpDialect.GO || unanswered.size() == 1 ? sent.get(0) : null;
    }

    private void key(Request request, ServerError error, Output out) {
        if (error.isRate()) {
            counters.rateRefusals++;
            again(request, out);
            return;
        }
        if (watches != null) {
            watches.settle(request);
        }
        SodpException reason = error.asException("key " + Shown.text(String.valueOf(request.key())));
        boolean later = error.code() >= ServerError.BROKEN || error.code() == ServerError.TOO_MANY;
        copies.refused(
                String.valueOf(request.key()), reason, later ? Ending.retry(reason) : Ending.rejected(reason), out);
    }

    private void again(Request request, Output out) {
        if (watches != null) {
            watches.tooFast(out.nanos());
            watches.settle(request);
        }
        copies.unanswered(String.valueOf(request.key()), "the server is asked too fast", out);
    }
}
