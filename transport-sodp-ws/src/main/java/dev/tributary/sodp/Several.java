package dev.tributary.sodp;

import dev.tributary.spi.Output;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call that takes several of the server: it has succeeded when all have, and failed with the first that does. */
final class Several implements Outgoing.Answer {

    private final Outgoing whole;
    private final List<Outgoing> parts = new ArrayList<>();
    private @Nullable CallResult newest;
    private int left;

    private Several(Outgoing whole, int count) {
        this.whole = whole;
        this.left = count;
    }

    /** Those that are sent in place of the whole, in this order. */
    static List<Outgoing> of(Outgoing whole, List<Invocation> steps) {
        Several answer = new Several(whole, steps.size());
        steps.forEach(step -> answer.parts.add(new Outgoing(step, whole.call(), answer)));
        return answer.parts;
    }

    @Override
    public void result(CallResult result, Output out) {
        if (newest == null || result.version() >= newest.version()) {
            newest = result;
        }
        if (--left == 0) {
            whole.result(newest, out);
        }
    }

    @Override
    public void refused(Throwable reason, Output out) {
        parts.forEach(Outgoing::abandon);
        whole.refuse(reason, out);
    }
}
