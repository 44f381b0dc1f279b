package dev.tributary.electric;

import dev.tributary.ConfigurationException;
import dev.tributary.spi.Call;
import dev.tributary.spi.Output;
import java.util.ArrayList;
import java.util.List;

/** Who waits for what to become visible. */
final class WaitingFor {

    private final List<Call> calls = new ArrayList<>();

    void call(Call call, AppliedLog log, Output out) {
        if (!(call.request() instanceof Awaited awaited)) {
            out.refuse(call, new ConfigurationException("Electric takes no writes; it only says what is visible"));
        } else if (awaited.isIn(log)) {
            out.reply(call, null);
        } else {
            calls.add(call);
        }
    }

    void cancel(Call call) {
        calls.remove(call);
    }

    /** Answers those whose wait is over. */
    void settle(AppliedLog log, Output out) {
        for (Call call : List.copyOf(calls)) {
            if (((Awaited) call.request()).isIn(log)) {
                calls.remove(call);
                out.reply(call, null);
            }
        }
    }
}
