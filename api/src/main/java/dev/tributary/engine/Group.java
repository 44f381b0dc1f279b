package dev.tributary.engine;

import dev.tributary.ClosedException;
import dev.tributary.ConnectionException;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.Query;
import dev.tributary.SourceStatus;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Environment;
import dev.tributary.spi.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The queries that share a session, and that session: opened when there is something to serve, opened again after the
 * wait that its end deserves. Used on the source's queue only.
 */
final class Group {

    private final SourceLoop source;
    private final Set<LiveQuery> queries = new LinkedHashSet<>();
    private final Attempts attempts = new Attempts();
    /** Calls that are about no query. */
    private final List<PendingCall> calls = new ArrayList<>();

    /** Queries that a session said it cannot serve. */
    private final Set<Query> unfit = new HashSet<>();

    /** Queries that wait by themselves, while the session goes on for others. */
    private final Map<LiveQuery, Environment.Timer> waitingAlone = new HashMap<>();

    private @Nullable Session session;
    private @Nullable Throwable refusal;
    private Environment.@Nullable Timer waiting;
    private SourceStatus.Phase phase = SourceStatus.Phase.IDLE;
    private Duration delay = Duration.ZERO;
    private @Nullable Throwable reason;

    Group(SourceLoop source) {
        this.source = source;
    }

    Set<LiveQuery> queries() {
        return queries;
    }

    SourceStatus status() {
        int attempt = phase == SourceStatus.Phase.CONNECTED ? 0 : attempts.failed() + 1;
        return new SourceStatus(phase, phase == SourceStatus.Phase.IDLE ? 0 : attempt, delay, reason);
    }

    private void phase(SourceStatus.Phase next, Duration wait, @Nullable Throwable why) {
        phase = next;
        delay = wait;
        reason = why;
        source.statusChanged();
    }

    void connected() {
        phase(SourceStatus.Phase.CONNECTED, Duration.ZERO, null);
    }

    void add(LiveQuery live) {
        queries.add(live);
        Session running = session;
        if (running != null) {
            attempted(live, 1);
            running.subscribe(live);
        } else if (waiting == null) {
            connect();
        }
    }

    void call(PendingCall call, @Nullable LiveQuery live) {
        boolean served = session != null && (live == null || live.run() != null);
        if (call.isOnlyNow() && (!served || phase != SourceStatus.Phase.CONNECTED)) {
            call.fail(new ConnectionException("there is no connection now; it was not sent"));
            return;
        }
        if (live == null) {
            calls.add(call);
        } else {
            live.calls().add(call);
        }
        Session running = session;
        if (running == null) {
            if (waiting == null) {
                connect();
            }
        } else if (live == null || live.run() != null) {
            running.hand(call);
        }
    }

    /** Nobody waits for the call any more. */
    void cancel(PendingCall call) {
        boolean held = answered(call);
        Session running = session;
        if (held && running != null && call.isHanded()) {
            running.input(() -> running.protocol().cancel(call, running));
        }
    }

    /** The call needs no session any more. */
    boolean answered(PendingCall call) {
        boolean held = calls.remove(call);
        for (LiveQuery live : queries) {
            held |= live.calls().remove(call);
        }
        return held;
    }

    /** Opens a session for all queries, unless there is one or there should be none. */
    private void connect() {
        if (session != null || source.isHalted() || (queries.isEmpty() && calls.isEmpty())) {
            return;
        }
        phase(SourceStatus.Phase.CONNECTING, Duration.ZERO, reason);
        Protocol protocol = source.newProtocol();
        Session opened = new Session(this, source, protocol);
        session = opened;
        for (LiveQuery live : List.copyOf(queries)) {
            if (opened.isOver()) {
                return;
            }
            attempted(live, attempts.failed() + 1);
            opened.subscribe(live);
        }
        List.copyOf(calls).forEach(opened::hand);
    }

    private void attempted(LiveQuery live, int attempt) {
        source.tell(listener -> listener.onAttempt(live.query(), attempt));
    }

    /**
     * Queries of a session are over, or the whole session is.
     *
     * @param all why the session is over; null when it goes on for others
     */
    void ended(Session from, List<Session.Ended> queriesOver, @Nullable Ending all) {
        List<Session.Ended> ours = queriesOver.stream()
                .filter(one -> one.run().live().run() == one.run())
                .toList();
        ours.forEach(one -> leave(from, one));
        if (from != session) {
            return;
        }
        boolean unused = queries.isEmpty() && calls.isEmpty();
        boolean alone = from.runs().isEmpty() && calls.isEmpty() && !source.sharesSessions();
        if (all != null || unused || alone) {
            drop(from);
            callsLost(all);
            next(all != null ? all : queriesOver.get(queriesOver.size() - 1).ending());
        } else {
            ours.forEach(this::goOnInSession);
        }
    }

    private void goOnInSession(Session.Ended one) {
        LiveQuery live = one.run().live();
        if (!queries.contains(live)) {
            return;
        }
        Session running = session;
        if (live.resubscribes() && running != null) {
            live.resubscribes(false);
            running.subscribe(live);
        } else {
            retryAlone(live, one.ending());
        }
    }

    private void callsLost(@Nullable Ending all) {
        Throwable why = all == null ? null : all.reason();
        boolean refused = all != null && (all.kind() == Ending.Kind.REJECTED || all.kind() == Ending.Kind.GONE);
        for (PendingCall call : List.copyOf(calls)) {
            if (refused || call.isOnlyNow() || (call.wasSent() && !call.isRepeatable())) {
                calls.remove(call);
                call.fail(
                        refused && why != null
                                ? why
                                : new OutcomeUnknownException("the connection was lost; the outcome is unknown", why));
            } else {
                call.takeBack();
            }
        }
    }

    /** What the end of its run means for one query. */
    private void leave(Session from, Session.Ended one) {
        LiveQuery live = one.run().live();
        Ending ending = one.ending();
        Throwable why = ending.reason();
        live.runEnded(from.nanos(), source.backoff());
        live.keep(one.carry());
        live.sessionLost(why);
        if (why != null) {
            source.tell(listener -> listener.onEnded(live.query(), ending.kind().name(), why));
        }
        switch (ending.kind()) {
            case REJECTED, GONE -> {
                queries.remove(live);
                source.failed(live, why == null ? new ConnectionException("refused") : why);
            }
            case RESET -> live.startAnew();
            case ELSEWHERE -> {
                queries.remove(live);
                unfit.add(live.query());
                source.begin(live);
            }
            case REAUTHENTICATE -> refusal = from.wasRefusalTold() ? null : why;
            default -> {}
        }
        if (why != null && !live.isOver()) {
            live.lost(why, attempts.failed() + 1, source.environment().now());
        }
    }

    /** Why the credentials of the last session were refused, unless the application was told; told only once. */
    @Nullable
    Throwable takeRefusal() {
        Throwable told = refusal;
        refusal = null;
        return told;
    }

    /** Whether this query may not come here again. */
    boolean isUnfitFor(LiveQuery live) {
        return unfit.contains(live.query());
    }

    @Nullable
    Session session() {
        return session;
    }

    private void drop(Session from) {
        from.close();
        session = null;
        waitingAlone.values().forEach(Environment.Timer::cancel);
        waitingAlone.clear();
        source.negotiated();
        Duration good = from.goodFor();
        if (!good.isZero()) {
            attempts.wasGoodFor(good, source.backoff());
        }
    }

    /** What comes after a session. */
    private void next(Ending ending) {
        if (queries.isEmpty() && calls.isEmpty()) {
            phase(SourceStatus.Phase.IDLE, Duration.ZERO, null);
            source.empty(this);
            return;
        }
        if (source.isHalted()) {
            return;
        }
        boolean resubscribe = false;
        for (LiveQuery live : queries) {
            resubscribe |= live.resubscribes();
            live.resubscribes(false);
        }
        boolean atOnce = ending.kind() == Ending.Kind.CLOSED || (isAtOnce(ending) && attempts.mayGoOnAtOnce());
        if (resubscribe || atOnce) {
            connect();
            return;
        }
        Throwable why = ending.reason() == null ? new ConnectionException("the session ended") : ending.reason();
        Duration wait = source.waitFor(attempts, ending);
        phase(SourceStatus.Phase.WAITING, wait, why);
        for (LiveQuery live : queries) {
            source.tell(listener -> listener.onRetry(live.query(), attempts.failed(), wait, why));
        }
        waiting = source.schedule(this::waited, wait.toNanos());
    }

    /** One query is tried again in a session that goes on for others. */
    private void retryAlone(LiveQuery live, Ending ending) {
        boolean atOnce = ending.kind() == Ending.Kind.CLOSED
                || (isAtOnce(ending) && live.attempts().mayGoOnAtOnce());
        if (atOnce) {
            subscribeAlone(live);
            return;
        }
        Duration wait = source.waitFor(live.attempts(), ending);
        Throwable why = ending.reason();
        if (why != null) {
            source.tell(
                    listener -> listener.onRetry(live.query(), live.attempts().failed(), wait, why));
        }
        waitingAlone.put(live, source.schedule(() -> subscribeAlone(live), wait.toNanos()));
    }

    private void subscribeAlone(LiveQuery live) {
        Environment.Timer timer = waitingAlone.remove(live);
        if (timer != null) {
            timer.cancel();
        }
        Session running = session;
        if (running != null && queries.contains(live) && live.run() == null && !source.isHalted()) {
            attempted(live, live.attempts().failed() + 1);
            running.subscribe(live);
        }
    }

    /** Whether what comes after such an end need not wait: it is no failure, and the server did not ask for time. */
    private static boolean isAtOnce(Ending ending) {
        return ending.notBefore().isZero()
                && switch (ending.kind()) {
                    case CONTINUE, FALL_BACK, RESET, REJECTED, GONE, ELSEWHERE -> true;
                    default -> false;
                };
    }

    private void waited() {
        waiting = null;
        connect();
    }

    void retryNow() {
        if (waiting != null) {
            waiting.cancel();
            waited();
        }
        List.copyOf(waitingAlone.keySet()).forEach(this::subscribeAlone);
    }

    /** Asks the server again about one query. */
    void refresh(LiveQuery live) {
        Run run = live.run();
        Session running = session;
        if (run == null || running == null) {
            retryNow();
            return;
        }
        live.resubscribes(true);
        running.unsubscribe(run);
    }

    /** The query is no longer wanted. */
    void remove(LiveQuery live) {
        queries.remove(live);
        Environment.Timer timer = waitingAlone.remove(live);
        if (timer != null) {
            timer.cancel();
        }
        Run run = live.run();
        Session running = session;
        if (run != null && running != null) {
            running.unsubscribe(run);
        }
        if (queries.isEmpty() && calls.isEmpty()) {
            // A protocol that would end later is not waited for.
            stopWaiting();
            source.empty(this);
        }
    }

    /** Ends the session, keeping what each query needs to go on. */
    void pause(Throwable why) {
        stopWaiting();
        Session running = session;
        if (running != null) {
            List.copyOf(running.runs()).forEach(running::unsubscribe);
            if (session == running) {
                drop(running);
            }
        }
        callsLost(Ending.retry(why));
        for (LiveQuery live : queries) {
            live.runEnded(source.environment().nanoTime(), source.backoff());
            live.sessionLost(why);
            live.lost(why, Integer.MAX_VALUE, source.environment().now());
        }
        phase(SourceStatus.Phase.PAUSED, Duration.ZERO, why);
    }

    void resume() {
        connect();
    }

    void release() {
        Session running = session;
        if (running != null) {
            running.release();
        }
    }

    void close() {
        stopWaiting();
        Session running = session;
        if (running != null) {
            session = null;
            running.close();
        }
        calls.forEach(call -> call.fail(new ClosedException("the source was closed")));
        calls.clear();
    }

    private void stopWaiting() {
        waitingAlone.values().forEach(Environment.Timer::cancel);
        waitingAlone.clear();
        if (waiting != null) {
            waiting.cancel();
            waiting = null;
        }
    }
}
