package dev.tributary.engine;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.ConfigurationException;
import dev.tributary.Credential;
import dev.tributary.CredentialProvider;
import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import dev.tributary.SyncException;
import dev.tributary.spi.Call;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Environment;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Target;
import dev.tributary.spi.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One run of a protocol: calls it, and does what it says. Used on the source's queue only; a protocol that throws ends
 * its session and nothing else.
 */
final class Session implements Output {

    private static final int CREDENTIAL_SECONDS = 60;

    private final Group group;
    private final SourceLoop source;
    private final Protocol protocol;
    private final Set<Run> runs = new LinkedHashSet<>();
    private final Set<SessionWire> wires = new LinkedHashSet<>();
    private final Map<Object, Environment.Timer> timers = new HashMap<>();
    /** Deadlines of credentials that were asked for. */
    private final Set<Environment.Timer> asking = new HashSet<>();

    /** What ended in an input; the group hears of it once the protocol has returned. */
    private final List<Ended> ended = new ArrayList<>();

    private @Nullable Ending ending;
    private @Nullable Set<Capability> negotiated;
    private boolean refusalTold;

    private int depth;
    private boolean over;
    private long goodSince = -1;

    Session(Group group, SourceLoop source, Protocol protocol) {
        this.group = group;
        this.source = source;
        this.protocol = protocol;
    }

    /** One query whose run is over. */
    record Ended(Run run, Ending ending, @Nullable Object carry) {}

    Protocol protocol() {
        return protocol;
    }

    Set<Run> runs() {
        return runs;
    }

    boolean isOver() {
        return over;
    }

    /** How long this session has been good; zero when it never was. */
    Duration goodFor() {
        return goodSince < 0 ? Duration.ZERO : Duration.ofNanos(Math.max(1, nanos() - goodSince));
    }

    void subscribe(LiveQuery live) {
        Run run = new Run(live);
        live.run(run);
        runs.add(run);
        input(() -> protocol.subscribe(run, this));
        if (!over && !run.isEnded()) {
            List.copyOf(live.calls()).forEach(this::hand);
        }
    }

    void unsubscribe(Run run) {
        input(() -> protocol.unsubscribe(run, this));
    }

    /** Hands a call to the protocol, unless it was handed over before. */
    void hand(PendingCall call) {
        if (!call.isHanded()) {
            call.handedTo(call.subscription() instanceof Run run ? run : runOf(call));
            input(() -> protocol.call(call, this));
        }
    }

    private @Nullable Run runOf(PendingCall call) {
        return runs.stream()
                .filter(run -> run.live().calls().contains(call))
                .findFirst()
                .orElse(null);
    }

    /** Ends all that this session holds. The protocol hears nothing more. */
    void close() {
        if (over) {
            return;
        }
        over = true;
        List.copyOf(wires).forEach(wire -> wire.close(1000, "closed"));
        timers.values().forEach(Environment.Timer::cancel);
        timers.clear();
        asking.forEach(Environment.Timer::cancel);
        asking.clear();
    }

    /** One input: whatever the protocol throws ends this session, with the place of the fault in its message. */
    void input(Runnable call) {
        if (over) {
            return;
        }
        depth++;
        try {
            call.run();
        } catch (LimitExceededException e) {
            outgrown(e);
        } catch (ConfigurationException e) {
            fail(Ending.rejected(e));
        } catch (SyncException e) {
            fail(Ending.retry(e));
        } catch (RuntimeException | StackOverflowError e) {
            source.log(System.Logger.Level.WARNING, "a protocol failed", e);
            fail(Ending.retry(new ProtocolException("the protocol failed on what it was sent: " + e, e)));
        } finally {
            depth--;
        }
        settle();
    }

    private void fail(Ending why) {
        runs.forEach(run -> source.faulted(
                run.live(), why.reason() == null ? null : why.reason().getMessage(), "session"));
        end(why);
    }

    /** A draft outgrew its bound: its query fails, and the others begin again. */
    private void outgrown(LimitExceededException reason) {
        for (Run run : List.copyOf(runs)) {
            if (run.live().content().isOutgrown()) {
                end(run, Ending.rejected(reason), null);
            }
        }
        if (!runs.isEmpty()) {
            fail(Ending.retry(reason));
        }
    }

    private void settle() {
        if (depth > 0 || (ended.isEmpty() && ending == null)) {
            return;
        }
        List<Ended> now = List.copyOf(ended);
        Ending all = ending;
        ended.clear();
        ending = null;
        group.ended(this, now, all);
    }

    void enqueue(Runnable task) {
        source.enqueue(task);
    }

    Environment.Timer schedule(Runnable task, long nanos) {
        return source.schedule(task, nanos);
    }

    void received(int bytes) {
        runs.stream().findFirst().ifPresent(run -> source.tell(listener -> listener.onBytes(run.query(), bytes)));
    }

    /** Whether a reader of this session is so slow that the wire should wait. */
    boolean mustWait() {
        for (Run run : runs) {
            if (run.live().content().isFull()) {
                return true;
            }
        }
        return false;
    }

    void release() {
        if (!mustWait()) {
            List.copyOf(wires).forEach(SessionWire::release);
        }
    }

    void forget(SessionWire wire) {
        wires.remove(wire);
    }

    private static Run run(Subscription subscription) {
        return (Run) subscription;
    }

    @Override
    public long nanos() {
        return source.environment().nanoTime();
    }

    @Override
    public Instant now() {
        return source.environment().now();
    }

    @Override
    public Wire open(Target target) {
        SessionWire wire = new SessionWire(this, target);
        wires.add(wire);
        if (source.isClosed()) {
            wire.close(1000, "closed");
            return wire;
        }
        runs.forEach(run -> source.tell(listener -> listener.onWireOpened(run.query(), target.printable())));
        wire.open(source.wires(target));
        return wire;
    }

    @Override
    public boolean send(Wire wire, Protocol.DataKind kind, ByteBuffer bytes) {
        SessionWire held = (SessionWire) wire;
        return !held.isOver() && held.send(kind, bytes);
    }

    @Override
    public void close(Wire wire, int code, String reason) {
        ((SessionWire) wire).close(code, reason);
    }

    @Override
    public void timer(Object tag, Duration least, Duration most) {
        cancelTimer(tag);
        long spread = most.toNanos() - least.toNanos();
        long drawn = spread <= 0 ? 0 : (long) (source.environment().random().nextDouble() * spread);
        Environment.Timer[] self = new Environment.Timer[1];
        self[0] = schedule(
                () -> {
                    if (timers.remove(tag, self[0])) {
                        input(() -> protocol.timer(tag, this));
                    }
                },
                least.toNanos() + drawn);
        timers.put(tag, self[0]);
    }

    @Override
    public void cancelTimer(Object tag) {
        Environment.Timer timer = timers.remove(tag);
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public void credential(@Nullable Throwable refused) {
        refusalTold |= refused != null;
        Throwable refusal = refused != null ? refused : group.takeRefusal();
        CredentialProvider provider = source.credentials();
        if (provider == null) {
            enqueue(() -> answer(refusal == null ? Credential.NONE : null, refusal));
            return;
        }
        Once answered = new Once();
        Environment.Timer deadline = schedule(
                () -> {
                    if (answered.first()) {
                        noCredential("they did not come within " + CREDENTIAL_SECONDS + " s");
                    }
                },
                Duration.ofSeconds(CREDENTIAL_SECONDS).toNanos());
        asking.add(deadline);
        source.runForUser(() -> ask(provider, refusal)
                .whenComplete((credential, failure) -> enqueue(() -> {
                    if (answered.first()) {
                        asking.remove(deadline);
                        deadline.cancel();
                        if (failure != null) {
                            noCredential(failure.getClass().getSimpleName());
                        } else {
                            answer(credential, refusal);
                        }
                    }
                })));
    }

    /** Asks the application; whatever its code does comes as a result. */
    @SuppressWarnings("CatchThrowable")
    private static CompletionStage<@Nullable Credential> ask(CredentialProvider provider, @Nullable Throwable refusal) {
        try {
            return Objects.requireNonNull(provider.get(refusal), "the provider gave no stage");
        } catch (Throwable failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private void answer(@Nullable Credential credential, @Nullable Throwable refusal) {
        input(() -> {
            if (credential != null) {
                protocol.credential(credential, this);
            } else {
                end(Ending.rejected(
                        refusal != null ? refusal : new SyncException("the application gave no credentials")));
            }
        });
    }

    /** @param why without the message of the application's code, which may hold what it was about to supply */
    private void noCredential(String why) {
        input(() -> end(Ending.retry(new SyncException("the application's credentials could not be had: " + why))));
    }

    @Override
    public void connected() {
        good();
    }

    @Override
    public void negotiated(Set<Capability> capabilities) {
        good();
        negotiated = Set.copyOf(capabilities);
        source.negotiated();
        Set<Capability> missing = EnumSet.noneOf(Capability.class);
        missing.addAll(source.required());
        missing.removeAll(capabilities);
        if (!missing.isEmpty()) {
            end(Ending.rejected(new ConfigurationException("this connection does not have " + missing)));
        }
    }

    /** What this connection can do; null while nothing was said. */
    @Nullable
    Set<Capability> negotiated() {
        return negotiated;
    }

    /** Whether the application was told of the last refusal in this session. */
    boolean wasRefusalTold() {
        return refusalTold;
    }

    @Override
    public Draft draft(Subscription subscription) {
        return run(subscription).live().content().draft();
    }

    @Override
    public void commit(List<Subscription> subscriptions, @Nullable Object metadata) {
        Map<LiveQuery, RowCommit> commits = new LinkedHashMap<>();
        for (Subscription subscription : subscriptions) {
            LiveQuery live = run(subscription).live();
            RowCommit commit = live.content().close(metadata);
            if (commit != null) {
                commits.put(live, commit);
                if (!commit.after().verified()) {
                    live.unverified();
                }
            }
        }
        good();
        source.publish(commits);
        subscriptions.forEach(subscription -> run(subscription).live().showVerified());
    }

    private void good() {
        if (goodSince < 0) {
            goodSince = nanos();
            group.connected();
        }
    }

    @Override
    public void upToDate(Subscription subscription) {
        good();
        run(subscription).live().upToDate(now(), nanos());
    }

    @Override
    public void behind(Subscription subscription, Throwable reason) {
        run(subscription).live().behind(reason, now());
    }

    @Override
    public void progress(Subscription subscription, long rows, long bytes, double fraction) {
        run(subscription).live().progress(rows, bytes, fraction);
    }

    @Override
    public void verified(Subscription subscription, String upTo) {
        run(subscription).live().verified(upTo);
    }

    @Override
    public void verifiedUpTo(Subscription subscription, String upTo) {
        run(subscription).live().verifiedUpTo(upTo);
    }

    @Override
    public void condition(Subscription subscription, @Nullable String condition) {
        run(subscription).live().condition(condition);
    }

    @Override
    public void sent(Call call) {
        ((PendingCall) call).markSent();
    }

    @Override
    public void reply(Call call, @Nullable Object result) {
        PendingCall pending = (PendingCall) call;
        good();
        group.answered(pending);
        pending.succeed(result);
    }

    @Override
    public void refuse(Call call, Throwable reason) {
        PendingCall pending = (PendingCall) call;
        group.answered(pending);
        pending.fail(reason);
    }

    @Override
    public void end(Subscription subscription, Ending why, @Nullable Object carry) {
        Run run = run(subscription);
        if (run.isEnded()) {
            return;
        }
        run.markEnded();
        runs.remove(run);
        ended.add(new Ended(run, why, carry));
    }

    @Override
    public void end(Ending why) {
        for (Run run : List.copyOf(runs)) {
            end(run, why, null);
        }
        ending = why;
    }

    @Override
    public void notice(Object notice) {
        source.notice(notice);
    }

    @Override
    public void fault(Subscription subscription, String what, String where) {
        source.faulted(run(subscription).live(), what, where);
    }

    @Override
    public @Nullable Checkpoint checkpoint(Subscription subscription) {
        return run(subscription).live().content().checkpoint();
    }
}
