package dev.tributary.sodp;

/** What happened to the connections of one source so far. Touched only in inputs of its protocols. */
final class Counters {

    long connects;
    long refetches;
    long gaps;
    long duplicates;
    long droppedFrames;
    long rateRefusals;
    long roundTripNanos;

    SodpStatistics snapshot(int waitingKeys, int waitingCalls, int unanswered) {
        return new SodpStatistics(
                connects,
                refetches,
                gaps,
                duplicates,
                droppedFrames,
                rateRefusals,
                waitingKeys,
                waitingCalls,
                unanswered,
                java.time.Duration.ofNanos(roundTripNanos));
    }

    /** A moving mean that forgets slowly. */
    void roundTrip(long nanos) {
        roundTripNanos = roundTripNanos == 0 ? nanos : roundTripNanos + (nanos - roundTripNanos) / 8;
    }
}
