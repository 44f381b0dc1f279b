package dev.tributary.sodp;

import java.time.Duration;

/**
 * What happened to the connections of a source so far, and what waits now.
 *
 * @param connects connections that came as far as to be used
 * @param refetches keys that were read anew because a change did not fit
 * @param gaps changes that came too late, or after others that never came
 * @param duplicates changes that came twice
 * @param droppedFrames frames that could not be read, and those that belong to nothing
 * @param rateRefusals how often the server said that it was asked too fast
 * @param waitingKeys keys that wait to be asked for
 * @param waitingCalls calls that wait to be sent
 * @param unanswered requests that are not answered yet
 * @param roundTrip from a call to its answer, a moving mean; zero before the first
 */
public record SodpStatistics(
        long connects,
        long refetches,
        long gaps,
        long duplicates,
        long droppedFrames,
        long rateRefusals,
        int waitingKeys,
        int waitingCalls,
        int unanswered,
        Duration roundTrip) {}
