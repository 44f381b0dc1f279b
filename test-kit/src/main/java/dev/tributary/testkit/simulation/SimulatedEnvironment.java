package dev.tributary.testkit.simulation;

import dev.tributary.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time, a seed, and one thread: the caller's. What the engine, the listeners and the wires have to do waits in
 * queues until {@link #run}, {@link #advance} or {@link #runUntilQuiet} runs it; timers wait for virtual time. Nothing
 * here ever blocks, so whatever blocks must not be called in it: listen to a view, do not await it.
 *
 * <p>For one thread. {@link #beside} lets other threads in, those of real wires: what they bring waits at the door until
 * this one takes it, and time moves on only when they are quiet.
 */
public final class SimulatedEnvironment implements Environment {

    /** Who runs a task. */
    enum Lane {
        ENGINE,
        LISTENERS,
        WIRES
    }

    /** What has not come to rest after so many tasks at one instant, of its queues and of its timers, never will. */
    private static final int MOST_TASKS_AT_AN_INSTANT = 1_000_000;

    private final Instant start;
    private final SplittableRandom random;
    /** Apart from {@link #random}, so that what the wires draw does not change what the engine draws. */
    private final SplittableRandom wireRandom;

    private final List<Deque<Task>> queues = new ArrayList<>();
    private final TimerHeap timers = new TimerHeap();
    private final List<Throwable> failures = new ArrayList<>();
    private @Nullable List<String> log;
    private @Nullable RandomGenerator shuffle;
    private @Nullable Lane running;
    /** Written by the thread of the simulation only. */
    private volatile long nanos;

    private long sequence;
    private final AtomicInteger holds = new AtomicInteger();
    /** Tasks since time moved, or since the caller came back. */
    private int tasksAtThisInstant;

    /** How far the clock on the wall was set, forward or back. */
    private Duration set = Duration.ZERO;

    private final SimulatedWeather weather = new SimulatedWeather(this);

    /** What other threads brought. */
    private final Queue<Runnable> door = new ConcurrentLinkedQueue<>();

    private volatile @Nullable RealThreads others;
    private volatile Thread own = Thread.currentThread();

    private record Task(long number, Runnable action) {}

    /** An environment whose wall clock starts at the beginning of 2026. */
    public SimulatedEnvironment(long seed) {
        this(seed, Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** An environment whose wall clock starts at this moment. */
    public SimulatedEnvironment(long seed, Instant start) {
        this.start = start;
        this.random = new SplittableRandom(seed);
        this.wireRandom = new SplittableRandom(~seed);
        for (int lane = 0; lane < Lane.values().length; lane++) {
            queues.add(new ArrayDeque<>());
        }
    }

    /**
     * From now on draws, from the seed, which of the ready queues goes next; each queue stays in order. Without it,
     * tasks run in the order in which they were given.
     */
    public SimulatedEnvironment shuffled() {
        shuffle = random.split();
        return this;
    }

    /** From now on keeps a line for each thing that happens at the wires, and for each call of {@link #note}. */
    public SimulatedEnvironment logged() {
        log = new ArrayList<>();
        return this;
    }

    /** From now on these threads may call in, and time waits for them. The caller's thread runs the simulation. */
    public SimulatedEnvironment beside(RealThreads threads) {
        own = Thread.currentThread();
        others = threads;
        return this;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant now() {
        return trueNow().plus(set);
    }

    /** What the clock on the wall would show had nobody set it. Servers live by it: it is the clients' that is set. */
    public Instant trueNow() {
        return start.plusNanos(nanos);
    }

    /** Sets the clock on the wall by so much, forward or back; virtual time stands still. */
    public void setClock(Duration by) {
        set = set.plus(by);
    }

    /** What happens to all wires in virtual time, whatever their server does. */
    public SimulatedWeather weather() {
        return weather;
    }

    /** How much virtual time went by. */
    public Duration elapsed() {
        return Duration.ofNanos(nanos);
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    /** Randomness for something else in the simulation, from the same seed; what it draws changes nothing here. */
    public RandomGenerator splitRandom() {
        return wireRandom.split();
    }

    RandomGenerator wireRandom() {
        return wireRandom;
    }

    @Override
    public Executor engine() {
        return task -> enqueue(Lane.ENGINE, task);
    }

    @Override
    public Executor listeners() {
        return task -> enqueue(Lane.LISTENERS, task);
    }

    /** Where the wires run: neither engine nor listeners. */
    Executor wires() {
        return task -> enqueue(Lane.WIRES, task);
    }

    /** Runs a task of the world outside as soon as the simulation runs. From any thread. */
    public void arrive(Runnable task) {
        enqueue(Lane.WIRES, task);
    }

    private void enqueue(Lane lane, Runnable task) {
        Objects.requireNonNull(task, "task");
        RealThreads threads = others;
        if (threads == null || isOwn()) {
            queues.get(lane.ordinal()).add(new Task(sequence++, task));
        } else {
            knock(threads, () -> enqueue(lane, task));
        }
    }

    private boolean isOwn() {
        return Thread.currentThread().equals(own);
    }

    private void knock(RealThreads threads, Runnable entering) {
        door.add(entering);
        threads.wake();
    }

    private void letIn() {
        for (Runnable entering = door.poll(); entering != null; entering = door.poll()) {
            entering.run();
        }
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        RealThreads threads = others;
        if (threads == null) {
            return timers.add(task, dueAfter(delayNanos), sequence++, Lane.ENGINE);
        }
        return new SharedTimer(threads, task, dueAfter(delayNanos));
    }

    /** A timer that any thread may set and cancel; the heap is touched by the thread of the simulation only. */
    private final class SharedTimer implements Timer {

        private final RealThreads threads;
        private @Nullable Timer entry;

        SharedTimer(RealThreads threads, Runnable task, long due) {
            this.threads = threads;
            inside(() -> entry = timers.add(task, due, sequence++, Lane.ENGINE));
        }

        @Override
        public void cancel() {
            inside(() -> {
                if (entry != null) {
                    entry.cancel();
                }
            });
        }

        private void inside(Runnable action) {
            if (isOwn()) {
                action.run();
            } else {
                knock(threads, action);
            }
        }
    }

    /** Runs a task of the world outside after this virtual time, in a thread that is not the engine's. */
    public Timer after(Duration delay, Runnable task) {
        return timers.add(task, dueAfter(delay.toNanos()), sequence++, Lane.WIRES);
    }

    /** Runs a task of the world outside at this virtual time since the start, or now if that is over. */
    public Timer at(Duration sinceStart, Runnable task) {
        return after(Duration.ofNanos(Math.max(0, sinceStart.toNanos() - nanos)), task);
    }

    private long dueAfter(long delayNanos) {
        // A delay without end must not wrap around to the past.
        return Math.max(nanos, nanos + Math.min(Math.max(0, delayNanos), Long.MAX_VALUE - nanos));
    }

    @Override
    public boolean isEngineThread() {
        return (others == null || isOwn()) && running == Lane.ENGINE;
    }

    @Override
    public Hold hold() {
        holds.incrementAndGet();
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                holds.decrementAndGet();
            }
        };
    }

    /**
     * Runs all that is ready, and what that makes ready; time stands still.
     *
     * @return how many tasks ran
     * @throws IllegalStateException when there is no end of it, or when called from a task
     */
    public int run() {
        if (running != null) {
            throw new IllegalStateException("a task of the simulation cannot run the simulation");
        }
        tasksAtThisInstant = 0;
        return runReady();
    }

    private int runReady() {
        int count = 0;
        do {
            letIn();
            for (Lane lane = nextLane(); lane != null; lane = nextLane()) {
                if (++tasksAtThisInstant > MOST_TASKS_AT_AN_INSTANT) {
                    throw new IllegalStateException("no rest after " + tasksAtThisInstant + " tasks at " + elapsed());
                }
                runOne(lane);
                count++;
            }
        } while (isDisturbed());
        return count;
    }

    /** Waits until the other threads, if there are any, bring something or are quiet. */
    private boolean isDisturbed() {
        RealThreads threads = others;
        return threads != null && threads.awaitTask(() -> !door.isEmpty());
    }

    private @Nullable Lane nextLane() {
        if (shuffle != null) {
            List<Lane> ready = new ArrayList<>();
            for (Lane lane : Lane.values()) {
                if (!queues.get(lane.ordinal()).isEmpty()) {
                    ready.add(lane);
                }
            }
            return ready.isEmpty() ? null : ready.get(shuffle.nextInt(ready.size()));
        }
        Lane first = null;
        long least = Long.MAX_VALUE;
        for (Lane lane : Lane.values()) {
            Task head = queues.get(lane.ordinal()).peek();
            if (head != null && head.number() < least) {
                least = head.number();
                first = lane;
            }
        }
        return first;
    }

    private void runOne(Lane lane) {
        Task task = queues.get(lane.ordinal()).remove();
        running = lane;
        try {
            task.action().run();
        } catch (RuntimeException | Error e) {
            // A thread of an executor would die of it and report it; the caller finds it in failures().
            failures.add(e);
            note("task failed: " + e);
        } finally {
            running = null;
        }
    }

    /** Lets this much virtual time go by and runs everything that is due meanwhile, in order of time. */
    public void advance(Duration time) {
        long end = dueAfter(time.toNanos());
        run();
        while (timers.firstDue() <= end) {
            toFirstTimer();
        }
        nanos = end;
    }

    /**
     * Runs what is ready, moves the clock to the next timer and runs what that makes ready.
     *
     * @return false when nothing was ready and no timer is due within this time: nothing happened
     */
    public boolean step(Duration within) {
        if (run() > 0) {
            return true;
        }
        if (timers.isEmpty() || timers.firstDue() > dueAfter(within.toNanos())) {
            return false;
        }
        toFirstTimer();
        return true;
    }

    /** Moves virtual time on until the future is done or the time is over; no real time passes. */
    @Override
    public boolean await(CompletableFuture<?> future, Duration timeout) {
        long end = dueAfter(timeout.toNanos());
        run();
        while (!future.isDone() && !timers.isEmpty() && timers.firstDue() <= end) {
            toFirstTimer();
        }
        if (!future.isDone()) {
            nanos = end;
        }
        return future.isDone();
    }

    /**
     * Runs tasks and timers until nothing is ready and no timer is due within this time from now.
     *
     * @return how much virtual time went by
     */
    public Duration runUntilQuiet(Duration atMost) {
        long begin = nanos;
        long end = dueAfter(atMost.toNanos());
        run();
        while (!timers.isEmpty() && timers.firstDue() <= end) {
            toFirstTimer();
        }
        return Duration.ofNanos(nanos - begin);
    }

    private void toFirstTimer() {
        TimerHeap.Entry entry = timers.remove();
        if (entry.due() > nanos) {
            nanos = entry.due();
            tasksAtThisInstant = 0;
        }
        enqueue(entry.lane(), entry.task());
        runReady();
    }

    /** When the next timer is due, counted from now; empty when there is none. */
    public Optional<Duration> untilNextTimer() {
        return timers.isEmpty() ? Optional.empty() : Optional.of(Duration.ofNanos(timers.firstDue() - nanos));
    }

    /** What is left: all zero after everything that used this environment was closed. */
    public Pending pending() {
        int tasks = queues.stream().mapToInt(Deque::size).sum();
        RealThreads threads = others;
        int openWires = weather.openWires() + (threads == null ? 0 : threads.openWires());
        return new Pending(timers.size(Lane.ENGINE), tasks, holds.get(), openWires);
    }

    /** What tasks threw and nobody caught. Empty in a correct program. */
    public List<Throwable> failures() {
        return Collections.unmodifiableList(failures);
    }

    /** Adds a line to the log, if one is kept. */
    public void note(String line) {
        if (log != null) {
            log.add("%d.%06d %s".formatted(nanos / 1_000_000, nanos % 1_000_000, line));
        }
    }

    /** The lines since {@link #logged}; two runs of one seed give the same. */
    public List<String> log() {
        return log == null ? List.of() : Collections.unmodifiableList(log);
    }

    /** Whether {@link #note} keeps what it is told. */
    public boolean isLogged() {
        return log != null;
    }

    /**
     * What a simulation still holds.
     *
     * @param timers of {@link #schedule} that wait; those of the world outside do not count
     * @param tasks that are ready
     * @param holds on the environment
     * @param wires that are open
     */
    public record Pending(int timers, int tasks, int holds, int wires) {

        /** Whether nothing is left. */
        public boolean isNothing() {
            return timers == 0 && tasks == 0 && holds == 0 && wires == 0;
        }
    }
}
