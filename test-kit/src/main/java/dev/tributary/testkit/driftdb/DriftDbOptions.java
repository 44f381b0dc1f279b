package dev.tributary.testkit.driftdb;

/**
 * Which server it is.
 *
 * @param worker the one for the edge platform instead of the stand-alone one: rooms appear when they are named,
 *     connections survive an unusable message, and no frame is dropped
 * @param queueFrames how many outgoing frames a connection of the stand-alone server holds; what comes then is dropped
 * @param drainMillis how long after a frame was queued the queue is forwarded, so that bursts drop; 0 forwards at once,
 *     {@link #BY_HAND} only when told to
 * @param published the stand-alone server as it is published as a package, which is older: it speaks JSON alone, and each
 *     connection hears every message of its room, whatever it asked for
 */
public record DriftDbOptions(boolean worker, int queueFrames, long drainMillis, boolean published) {

    /** Queues are forwarded by {@link DriftDbConnection#drain} alone. */
    public static final long BY_HAND = -1;

    /** The stand-alone server, with queues of 32 frames that are forwarded after a millisecond. */
    public static DriftDbOptions standAlone() {
        return new DriftDbOptions(false, 32, 1, false);
    }

    /** The stand-alone server that package registries have, version 0.1.4 from March 2023. */
    public static DriftDbOptions publishedServer() {
        return new DriftDbOptions(false, 32, 1, true);
    }

    /** The worker. */
    public static DriftDbOptions edgeWorker() {
        return new DriftDbOptions(true, Integer.MAX_VALUE, 0, false);
    }

    /** These options with another length of the queues. */
    public DriftDbOptions withQueueFrames(int frames) {
        return new DriftDbOptions(worker, frames, drainMillis, published);
    }

    /** These options with queues forwarded after another time. */
    public DriftDbOptions withDrainMillis(long millis) {
        return new DriftDbOptions(worker, queueFrames, millis, published);
    }
}
