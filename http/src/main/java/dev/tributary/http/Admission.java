package dev.tributary.http;

import dev.tributary.spi.Environment;
import java.net.http.HttpClient;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says when an exchange may begin and over which lane. HTTP/1.1 takes any number. On HTTP/2 a lane takes as many per
 * origin as its limit, because the client fails what is beyond the server's limit; then a further lane is opened, or
 * the exchange waits.
 *
 * <p>An idle lane lets one exchange go ahead, until its answer begins or {@link #PATIENCE_NANOS} are over: a burst on
 * a client without a connection would open one connection for each. Safe for any thread; candidates hear nothing under its lock.
 */
final class Admission implements AutoCloseable {

    /** A long poll may go first, and it is silent while its connection has long been there. */
    static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    /** Beyond this the server is not the one to wait for. */
    static final int MOST_WAITING = 10_000;

    private static final int REMEMBERED_ORIGINS = 64;

    /** Wants to begin. */
    interface Candidate {

        /** May begin. Called on any thread, at once or later; returns quickly. */
        void admitted(Permit permit);
    }

    /** The right to run one exchange. */
    final class Permit {

        private final OriginState origin;
        private final Lane lane;
        private boolean released;

        private Permit(OriginState origin, Lane lane) {
            this.origin = origin;
            this.lane = lane;
        }

        int lane() {
            return lane.index;
        }

        /** The answer began, so the connection is there. */
        void heard(HttpClient.Version version) {
            List<Admitted> next;
            synchronized (lock) {
                origin.spoken = version;
                lane.ready = true;
                lane.forgetPatience();
                next = origin.admitWaiting();
            }
            next.forEach(Admitted::tell);
        }

        /** The exchange was refused for too many streams: the server's limit is lower than ours. */
        void exceeded() {
            synchronized (lock) {
                lane.limit = Math.max(1, Math.min(lane.limit, lane.running - 1));
            }
        }

        /** The exchange is over. Further calls do nothing. */
        void release() {
            List<Admitted> next;
            synchronized (lock) {
                if (released) {
                    return;
                }
                released = true;
                origin.left(lane);
                next = origin.admitWaiting();
            }
            next.forEach(Admitted::tell);
        }
    }

    private record Admitted(Candidate candidate, Permit permit) {

        void tell() {
            candidate.admitted(permit);
        }
    }

    private static final class Lane {

        private final int index;
        private int limit;
        private int running;
        private boolean ready;
        private Environment.@Nullable Timer patience;

        private Lane(int index, int limit) {
            this.index = index;
            this.limit = limit;
        }

        private boolean takes() {
            return ready ? running < limit : running == 0;
        }

        private void forgetPatience() {
            if (patience != null) {
                patience.cancel();
                patience = null;
            }
        }
    }

    /** Guarded by the lock. */
    private final class OriginState {

        private final Deque<Candidate> waiting = new ArrayDeque<>();
        private final List<Lane> lanes = new ArrayList<>();
        private HttpClient.@Nullable Version spoken;

        private boolean isIdle() {
            return waiting.isEmpty() && lanes.stream().allMatch(lane -> lane.running == 0);
        }

        private List<Admitted> admitWaiting() {
            List<Admitted> admitted = new ArrayList<>();
            for (Lane lane = free(); lane != null && !waiting.isEmpty(); lane = free()) {
                admitted.add(new Admitted(waiting.remove(), enter(lane)));
            }
            return admitted;
        }

        private Permit enter(Lane lane) {
            lane.running++;
            if (!lane.ready && spoken != HttpClient.Version.HTTP_1_1) {
                lane.patience = environment.schedule(() -> patienceOver(this, lane), PATIENCE_NANOS);
            }
            return new Permit(this, lane);
        }

        private void left(Lane lane) {
            lane.running--;
            if (lane.running == 0) {
                // The connection may be gone before the next one comes.
                lane.ready = false;
                lane.forgetPatience();
            }
        }

        private @Nullable Lane free() {
            if (lanes.isEmpty()) {
                lanes.add(new Lane(0, limit));
            }
            if (spoken == HttpClient.Version.HTTP_1_1) {
                return lanes.get(0);
            }
            for (Lane lane : lanes) {
                if (lane.takes()) {
                    return lane;
                }
            }
            return isShort() ? addLane() : null;
        }

        /** Whether the lanes cannot take all, even once they are ready. Before the first is, that is not known. */
        private boolean isShort() {
            if (lanes.size() >= mostLanes || (spoken == null && !lanes.get(0).ready)) {
                return false;
            }
            long wanted = waiting.size();
            long room = 0;
            for (Lane lane : lanes) {
                wanted += lane.running;
                room += lane.limit;
            }
            return wanted > room;
        }

        private Lane addLane() {
            Lane lane = new Lane(lanes.size(), limit);
            lanes.add(lane);
            return lane;
        }
    }

    private final Object lock = new Object();
    private final Map<Origin, OriginState> origins = new LinkedHashMap<>(16, 0.75f, true);
    private final Environment environment;
    private final int limit;
    private final int mostLanes;
    private boolean closed;

    /**
     * @param limit of exchanges per lane and origin on HTTP/2
     */
    Admission(Environment environment, int limit, int mostLanes) {
        this.environment = environment;
        this.limit = limit;
        this.mostLanes = mostLanes;
    }

    /**
     * Queues for a permit.
     *
     * @param version what is offered: HTTP/1.1 never waits
     * @return false when too many wait
     */
    boolean enter(Origin origin, HttpClient.Version version, Candidate candidate) {
        List<Admitted> next;
        synchronized (lock) {
            if (closed) {
                return true;
            }
            OriginState state = origins.computeIfAbsent(origin, any -> new OriginState());
            if (version == HttpClient.Version.HTTP_1_1) {
                state.spoken = version;
            }
            if (state.waiting.size() >= MOST_WAITING) {
                return false;
            }
            state.waiting.add(candidate);
            next = state.admitWaiting();
            forgetIdleOrigins();
        }
        next.forEach(Admitted::tell);
        return true;
    }

    /** No longer wants a permit. */
    void leave(Origin origin, Candidate candidate) {
        synchronized (lock) {
            OriginState state = origins.get(origin);
            if (state != null) {
                state.waiting.remove(candidate);
            }
        }
    }

    private void patienceOver(OriginState origin, Lane lane) {
        List<Admitted> next;
        synchronized (lock) {
            if (closed || lane.patience == null) {
                return;
            }
            lane.patience = null;
            lane.ready = true;
            next = origin.admitWaiting();
        }
        next.forEach(Admitted::tell);
    }

    /** Redirects lead to as many origins as servers like. */
    private void forgetIdleOrigins() {
        Iterator<OriginState> eldest = origins.values().iterator();
        while (origins.size() > REMEMBERED_ORIGINS && eldest.hasNext()) {
            if (eldest.next().isIdle()) {
                eldest.remove();
            }
        }
    }

    /** Nobody is admitted any more. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            for (OriginState state : origins.values()) {
                state.waiting.clear();
                state.lanes.forEach(Lane::forgetPatience);
            }
        }
    }
}
