package dev.tributary.driftdb;

import dev.tributary.SyncException;
import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Compares what arrived with what is retained: a while after a burst, in which the server may have dropped messages of any
 * key; when something is missing; and from time to time. What was repaired by a part of a long stream is compared as a whole
 * soon after.
 */
final class Audits {

    private static final Duration BURST_WINDOW = Duration.ofMillis(100);
    private static final int BURST = 16;
    private static final Duration QUIET = Duration.ofMillis(250);
    private static final int QUIET_ROUNDS = 4;
    /** Writers that wait for an answer which was dropped are quiet for a second, and then go on with their burst. */
    private static final Duration CALM = Duration.ofMillis(1_250);

    private static final Duration AGAIN = Duration.ofSeconds(5);
    /** A burst that does not end is audited in its midst, so that what is unverified stays bounded. */
    private static final int MOST_UNVERIFIED = 5_000;

    private final Streams streams;
    private final Truths truths;
    private final Duration interval;
    private final Supplier<Encoding> encoding;
    private final BiPredicate<SyncException, Output> endsAll;

    private final Tick burstIsOver = this::burstIsOver;
    private final Tick soon = this::run;
    private final Tick regularly = this::regularly;
    private final Tick compareRepaired = this::compareRepaired;
    private long windowStart;
    private int inWindow;
    private boolean burst;
    private int unverified;
    private int rounds;
    /** Reads that the server refused, saying when to come again, until that time: nothing is read meanwhile. */
    private int refused;

    Audits(
            Streams streams,
            Truths truths,
            Duration interval,
            Supplier<Encoding> encoding,
            BiPredicate<SyncException, Output> endsAll) {
        this.streams = streams;
        this.truths = truths;
        this.interval = interval;
        this.encoding = encoding;
        this.endsAll = endsAll;
    }

    /** There is a connection now. */
    void open(Output out) {
        if (!interval.isZero()) {
            out.timer(regularly, interval.multipliedBy(4).dividedBy(5), interval);
        }
    }

    /** A message of the live feed arrived. */
    void frame(Output out) {
        if (out.nanos() - windowStart > BURST_WINDOW.toNanos()) {
            windowStart = out.nanos();
            inWindow = 0;
        }
        inWindow++;
        burst |= inWindow > BURST;
        if (burst) {
            out.timer(burstIsOver, QUIET, QUIET);
        }
        if (++unverified > MOST_UNVERIFIED) {
            burstIsOver(out);
        }
    }

    private void burstIsOver(Output out) {
        burst = false;
        unverified = 0;
        out.cancelTimer(burstIsOver);
        streams.suspectAll();
        run(out);
    }

    private void regularly(Output out) {
        // Of the last message of a key nothing tells that it was lost, so quiet keys are read too, but not so often.
        boolean all = ++rounds % QUIET_ROUNDS == 0;
        streams.all().stream().filter(stream -> all || stream.isUnverified()).forEach(KeyStream::compare);
        run(out);
        open(out);
    }

    /** Something is missing from a stream. */
    void suspect(KeyStream stream, Output out) {
        stream.suspect();
        out.timer(soon, QUIET, QUIET);
    }

    /** Reads all streams that are suspect. */
    void run(Output out) {
        for (KeyStream stream : List.copyOf(streams.all())) {
            if (stream.wantsRead()) {
                read(stream, out);
            }
        }
    }

    /**
     * A long stream is repaired from its end after a burst, which is quick, and then compared as a whole: when it is calm, or
     * when the last time is long enough ago, so that bursts that follow each other cost no more.
     */
    private void compareRepaired(Output out) {
        if (burst) {
            // Behind it everything is read again.
            return;
        }
        Duration next = null;
        for (KeyStream stream : streams.all()) {
            Duration rest = stream.untilComparison(CALM, AGAIN, out);
            if (rest != null && rest.isZero()) {
                stream.compare();
            } else if (rest != null && (next == null || rest.compareTo(next) < 0)) {
                next = rest;
            }
        }
        if (next != null) {
            out.timer(compareRepaired, next, next);
        }
        run(out);
    }

    private void read(KeyStream stream, Output out) {
        if (refused > 0) {
            return;
        }
        long above = stream.beginRead(out);
        truths.read(
                stream.key(),
                above,
                encoding.get(),
                new Truths.Reader() {
                    @Override
                    public void read(List<Entry> entries, Output then) {
                        stream.read(entries, above, then);
                        if (stream.wantsRead()) {
                            Audits.this.read(stream, then);
                        }
                        compareRepaired(then);
                    }

                    @Override
                    public void failed(SyncException reason, Output then) {
                        stream.endRead();
                        stream.suspect();
                        if (!endsAll.test(reason, then)) {
                            readLater(Statuses.retryAfter(reason), then);
                        }
                    }
                },
                out);
    }

    /** @param wait what the server asks for; zero where it says nothing */
    private void readLater(Duration wait, Output out) {
        if (wait.isZero()) {
            out.timer(soon, AGAIN, AGAIN);
            return;
        }
        refused++;
        Tick mayRead = then -> {
            refused--;
            run(then);
        };
        Duration rest = wait.compareTo(AGAIN) > 0 ? wait : AGAIN;
        out.timer(mayRead, rest, rest);
    }
}
