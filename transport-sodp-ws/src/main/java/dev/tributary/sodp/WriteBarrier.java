package dev.tributary.sodp;

import dev.tributary.spi.Call;
import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Answers a write once our own copy of its key shows it. The servers send the change before the answer, all but one: for
 * that one the answer waits for the change, and where that does not come the key is read anew.
 */
final class WriteBarrier {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Copies copies;

    /** What the timer of an answer that waits is known by. */
    record ShownTimer(String key, VersionWait waiting) {}

    WriteBarrier(Copies copies) {
        this.copies = copies;
    }

    void reply(Invocation invocation, CallResult result, SodpDialect dialect, Call call, Output out) {
        long version = result.version();
        SodpResult told = new SodpResult(version < 0 ? OptionalLong.empty() : OptionalLong.of(version), result.data());
        String key = invocation.key();
        Replica replica = key == null ? null : copies.find(key);
        if (replica == null || key == null || version <= 0) {
            out.reply(call, told);
            return;
        }
        if (!dialect.dropsSilently()) {
            // All that led to it came before: even where no change carries this version, since nothing changed.
            replica.confirm(version);
        } else if (replica.confirmed() < version) {
            VersionWait wait = new VersionWait(call, version, true, then -> then.reply(call, told));
            replica.waits().add(wait);
            out.timer(new ShownTimer(key, wait), PATIENCE, PATIENCE);
            return;
        }
        out.reply(call, told);
    }

    void timer(ShownTimer timer, Output out) {
        Replica replica = copies.find(timer.key());
        if (replica == null || !replica.waits().remove(timer.waiting())) {
            return;
        }
        // Whatever comes next is the whole value, and shows the write or what came after it.
        replica.waits()
                .add(new VersionWait(
                        timer.waiting().what(), 0, true, timer.waiting().then()));
        copies.refetch(replica, "the change of an own write did not come", out);
    }
}
