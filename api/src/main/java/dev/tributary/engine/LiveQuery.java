package dev.tributary.engine;

import dev.tributary.Backoff;
import dev.tributary.ClosedException;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.Phase;
import dev.tributary.Query;
import dev.tributary.ViewStatus;
import dev.tributary.spi.Resume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One query as the engine serves it, whatever sessions come and go: where its commits go, from where it goes on, what
 * waits for it. Used on the source's queue only.
 */
final class LiveQuery {

    /** So many failed attempts before a first load says that it is stale. */
    private static final int LOADING_ATTEMPTS = 3;

    private final Query query;
    private final Content content;
    private final Attempts attempts = new Attempts();
    private final List<CompletableFuture<Void>> refreshing = new ArrayList<>();
    private final List<PendingCall> calls = new ArrayList<>();
    private @Nullable Object carry;
    private @Nullable Run run;
    private boolean resubscribes;
    private long goodSince = -1;
    private boolean over;

    LiveQuery(Query query, Content content) {
        this.query = query;
        this.content = content;
    }

    Query query() {
        return query;
    }

    Content content() {
        return content;
    }

    Attempts attempts() {
        return attempts;
    }

    /** The run in a session; null while there is none. */
    @Nullable
    Run run() {
        return run;
    }

    void run(@Nullable Run next) {
        run = next;
    }

    List<PendingCall> calls() {
        return calls;
    }

    /** Failed or closed: no session will serve it again. */
    boolean isOver() {
        return over;
    }

    void over() {
        over = true;
    }

    /** Whether it is subscribed anew as soon as its run has ended. */
    boolean resubscribes() {
        return resubscribes;
    }

    void resubscribes(boolean yes) {
        resubscribes = yes;
    }

    boolean isRefreshing() {
        return !refreshing.isEmpty();
    }

    void refreshing(CompletableFuture<Void> future) {
        refreshing.add(future);
    }

    /** From where the next run goes on; null for the beginning. */
    @Nullable
    Resume resume() {
        if (carry == null && content.checkpoint() == null) {
            return null;
        }
        return new Resume(carry, content.checkpoint(), content.schema());
    }

    /** Keeps what the run gave for the next one; without it the open draft is worth nothing. */
    void keep(@Nullable Object given) {
        carry = given;
        if (given == null) {
            content.dropDraft();
        }
    }

    void startAnew() {
        keep(null);
        content.forgetCheckpoint();
    }

    void upToDate(Instant now, long nanos) {
        goodSince = goodSince < 0 ? nanos : goodSince;
        phase(Phase.LIVE, now, null);
        List<CompletableFuture<Void>> done = List.copyOf(refreshing);
        refreshing.clear();
        done.forEach(future -> future.complete(null));
    }

    /** Its run is over: what it was good for counts for the next wait. */
    void runEnded(long nanos, Backoff backoff) {
        run = null;
        if (goodSince >= 0) {
            attempts.wasGoodFor(Duration.ofNanos(nanos - goodSince), backoff);
        }
        goodSince = -1;
    }

    void behind(Throwable reason, Instant now) {
        phase(Phase.STALE, now, reason);
    }

    void lost(Throwable reason, int failedAttempts, Instant now) {
        boolean stillLoading = !content.hasContent() && failedAttempts < LOADING_ATTEMPTS;
        phase(stillLoading ? Phase.LOADING : Phase.STALE, now, reason);
    }

    void failed(Throwable reason, Instant now) {
        over = true;
        keep(null);
        phase(Phase.FAILED, now, reason);
        endWaiters(reason);
    }

    void closed(Instant now) {
        over = true;
        keep(null);
        phase(Phase.CLOSED, now, null);
        endWaiters(new ClosedException(query + " was closed"));
    }

    private void endWaiters(Throwable reason) {
        refreshing.forEach(future -> future.completeExceptionally(reason));
        refreshing.clear();
        List.copyOf(calls).forEach(call -> call.fail(reason));
        calls.clear();
    }

    /** What was asked of a lost session and may not be asked twice has an unknown outcome. */
    void sessionLost(@Nullable Throwable reason) {
        for (PendingCall call : List.copyOf(calls)) {
            if (call.wasSent() && !call.isRepeatable()) {
                calls.remove(call);
                call.fail(new OutcomeUnknownException("the connection was lost; the outcome is unknown", reason));
            } else {
                call.takeBack();
            }
        }
    }

    void phase(Phase phase, Instant now, @Nullable Throwable reason) {
        ViewStatus old = content.status();
        boolean loading = phase == Phase.LOADING;
        content.status(new ViewStatus(
                phase,
                old.phase() == phase ? old.since() : now,
                reason,
                old.condition(),
                loading ? old.rows() : 0,
                loading ? old.bytes() : 0,
                loading ? old.fraction() : Double.NaN,
                old.verified(),
                old.verifiedUpTo()));
    }

    void progress(long rows, long bytes, double fraction) {
        ViewStatus old = content.status();
        if (old.phase() == Phase.LOADING) {
            content.status(new ViewStatus(
                    old.phase(),
                    old.since(),
                    old.reason(),
                    old.condition(),
                    rows,
                    bytes,
                    fraction,
                    old.verified(),
                    old.verifiedUpTo()));
        }
    }

    void condition(@Nullable String condition) {
        ViewStatus old = content.status();
        content.status(new ViewStatus(
                old.phase(),
                old.since(),
                old.reason(),
                condition,
                old.rows(),
                old.bytes(),
                old.fraction(),
                old.verified(),
                old.verifiedUpTo()));
    }

    /** What is committed is known to be whole. */
    void verified(String upTo) {
        content.verified();
        completeness(true, upTo);
    }

    /** Says no more than what is committed: called before a commit becomes visible that may miss something. */
    void unverified() {
        completeness(false, content.status().verifiedUpTo());
    }

    /** Says what is committed. */
    void showVerified() {
        completeness(content.isVerified(), content.status().verifiedUpTo());
    }

    void verifiedUpTo(String upTo) {
        completeness(content.isVerified(), upTo);
    }

    private void completeness(boolean verified, @Nullable String upTo) {
        ViewStatus old = content.status();
        if (old.verified() == verified && Objects.equals(old.verifiedUpTo(), upTo)) {
            return;
        }
        content.status(new ViewStatus(
                old.phase(),
                old.since(),
                old.reason(),
                old.condition(),
                old.rows(),
                old.bytes(),
                old.fraction(),
                verified,
                upTo));
    }
}
