package dev.tributary.driftdb;

import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The protocol's own pings, told apart by their nonces; each measures the way. */
final class Pings {

    /** Older ones count as lost. */
    private static final int MOST_OPEN = 256;
    /** How much one measurement moves the smoothed figure. */
    private static final int SMOOTHING = 8;

    /** Hears that a ping came back. */
    @FunctionalInterface
    interface Pong {
        void came(Duration way, Output out);
    }

    private record Open(long sentAt, Pong pong) {}

    private final SourceMemory memory;
    private final Map<Long, Open> open = new LinkedHashMap<>();
    private long lastNonce;

    Pings(SourceMemory memory) {
        this.memory = memory;
    }

    void send(Link link, Pong pong, Output out) {
        long nonce = ++lastNonce;
        open.put(nonce, new Open(out.nanos(), pong));
        if (open.size() > MOST_OPEN) {
            Iterator<Long> oldest = open.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        link.send(MessageWriter.ping(link.encoding(), nonce), out);
    }

    void pong(@Nullable Long nonce, Output out) {
        Open answered = nonce == null ? null : open.remove(nonce);
        if (answered == null) {
            return;
        }
        Duration way = Duration.ofNanos(out.nanos() - answered.sentAt());
        Duration before = memory.latency;
        memory.latency = before == null ? way : before.plus(way.minus(before).dividedBy(SMOOTHING));
        answered.pong().came(way, out);
    }
}
