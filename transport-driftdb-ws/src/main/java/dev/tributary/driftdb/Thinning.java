package dev.tributary.driftdb;

import dev.tributary.spi.Call;
import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes of which only the newest counts: the first goes at once, and of those that follow too soon the last. */
final class Thinning {

    private static final Duration LEAST = Duration.ofMillis(20);

    private static final class Key {
        private long sentAt;
        private @Nullable Call call;
        private Request.@Nullable Write write;
    }

    private final WriteWindow window;
    private final Map<String, Key> keys = new HashMap<>();

    Thinning(WriteWindow window) {
        this.window = window;
    }

    void add(Call call, Request.Write write, Output out) {
        Key key = keys.get(write.push.key());
        if (key == null) {
            key = new Key();
            keys.put(write.push.key(), key);
            send(key, call, write, out);
            return;
        }
        long passed = out.nanos() - key.sentAt;
        if (key.call != null) {
            // What was never sent has no number; the newer one stands for it.
            out.reply(key.call, Pushed.UNNUMBERED);
            key.call = call;
            key.write = write;
        } else if (passed >= LEAST.toNanos()) {
            send(key, call, write, out);
        } else {
            key.call = call;
            key.write = write;
            Key held = key;
            Tick tick = then -> due(held, then);
            Duration rest = LEAST.minusNanos(passed);
            out.timer(tick, rest, rest);
        }
    }

    private void due(Key key, Output out) {
        Call call = key.call;
        Request.Write write = key.write;
        key.call = null;
        key.write = null;
        if (call != null && write != null) {
            send(key, call, write, out);
        }
    }

    private void send(Key key, Call call, Request.Write write, Output out) {
        key.sentAt = out.nanos();
        window.add(call, write, out);
    }

    void cancel(Call call) {
        for (Key key : keys.values()) {
            if (call.equals(key.call)) {
                key.call = null;
                key.write = null;
            }
        }
    }
}
