package dev.tributary.sodp;

import dev.tributary.spi.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our copy of one key, shared by all who follow it on this connection. */
final class Replica {

    /** Where it stands with the server. */
    enum Phase {
        /** Waits for its turn to be asked for. */
        WAITING,
        /** Asked for; what comes before the whole value is kept. */
        SYNCING,
        /** Every change comes. */
        LIVE,
        /** It did not fit; asked for anew after a while. */
        BACKING_OFF
    }

    /** So many refetches in a row, and deltas of this key are only notices that something changed. */
    private static final int FEW_REFETCHES = 5;
    /** After so long without one a refetch is the first again. */
    private static final long IN_A_ROW_NANOS = 60_000_000_000L;

    private static final long FIRST_DELAY_NANOS = 100_000_000L;
    private static final long LONGEST_DELAY_NANOS = 30_000_000_000L;

    private final String key;
    private final @Nullable DocMap params;
    private final List<Follower> followers = new ArrayList<>();
    private final List<Call> readers = new ArrayList<>();
    private final List<VersionWait> waits = new ArrayList<>();
    /** Deltas since the last request, in the order of arrival. */
    private final EarlyDeltas early = new EarlyDeltas();

    private Phase phase = Phase.WAITING;
    private @Nullable Held state;
    /** The key was deleted on this connection: its versions may begin again. */
    private boolean mayBeReborn;
    /** A version that own writes made; the server told all that led to it. */
    private long confirmed;

    private boolean askedBefore;
    private boolean stopped;
    /** Asked for again although nothing is wrong. */
    private boolean audited;

    private @Nullable DocMap echoed;
    private int refetches;
    private long lastRefetch;
    private int unreadable;
    /** From which version the steps were asked for; negative for no steps. */
    private long since = -1;

    Replica(String key, @Nullable DocMap params, @Nullable Held state) {
        this.key = key;
        this.params = params;
        this.state = state;
    }

    String key() {
        return key;
    }

    @Nullable
    DocMap params() {
        return params;
    }

    List<Follower> followers() {
        return followers;
    }

    /** Calls that want to read it once. */
    List<Call> readers() {
        return readers;
    }

    /** Who waits for a version. */
    List<VersionWait> waits() {
        return waits;
    }

    EarlyDeltas early() {
        return early;
    }

    boolean isWanted() {
        return !followers.isEmpty() || !readers.isEmpty();
    }

    Phase phase() {
        return phase;
    }

    void phase(Phase next) {
        phase = next;
    }

    boolean isLive() {
        return phase == Phase.LIVE;
    }

    /** Null before the first whole value. */
    @Nullable
    Held state() {
        return state;
    }

    void state(Held next) {
        state = next;
    }

    long version() {
        return state == null ? -1 : state.version();
    }

    boolean mayBeReborn() {
        return mayBeReborn;
    }

    void mayBeReborn(boolean yes) {
        mayBeReborn = yes;
    }

    long confirmed() {
        return Math.max(confirmed, version());
    }

    void confirm(long version) {
        confirmed = Math.max(confirmed, version);
    }

    /** A whole value says what is true now, whatever was confirmed in another life of the key. */
    void forgetConfirmed() {
        confirmed = 0;
    }

    /** Whether this connection asked for it before, so that the server must be told to stop first. */
    boolean wasAskedBefore() {
        return askedBefore;
    }

    /**
     * The server is asked for it.
     *
     * @param from the version from which steps are wanted; negative for none
     */
    void asked(long from) {
        phase = Phase.SYNCING;
        askedBefore = true;
        since = from;
    }

    long since() {
        return since;
    }

    /** Whether the server was told to stop, so that its earlier streams are over. */
    boolean wasStopped() {
        return stopped;
    }

    void stopped(boolean yes) {
        stopped = yes;
    }

    boolean isAudited() {
        return audited;
    }

    void audited(boolean yes) {
        audited = yes;
    }

    /** Counts a refetch and says how long to wait before it. */
    long nextDelayNanos(long now) {
        if (refetches > 0 && now - lastRefetch > IN_A_ROW_NANOS) {
            refetches = 0;
        }
        lastRefetch = now;
        int before = refetches++;
        return before == 0 ? 0 : Math.min(LONGEST_DELAY_NANOS, FIRST_DELAY_NANOS << Math.min(before - 1, 20));
    }

    /** Its deltas cannot be followed: each only says that something changed. */
    boolean onlyNotices() {
        return refetches >= FEW_REFETCHES;
    }

    /** Counts a whole value that could not be read. */
    int countUnreadable() {
        return ++unreadable;
    }

    void readable() {
        unreadable = 0;
    }

    /** The parameters as the server gave them back; null for none. */
    @Nullable
    Map<String, @Nullable Object> echoed() {
        return echoed;
    }

    void echoed(@Nullable Object given) {
        echoed = given instanceof DocMap map ? map : null;
    }

    @Override
    public String toString() {
        return Shown.text(key) + " " + phase;
    }
}
