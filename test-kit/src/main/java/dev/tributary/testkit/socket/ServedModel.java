package dev.tributary.testkit.socket;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A model that a server gives to its clients, and that others use meanwhile: one thread at a time, under the monitor of
 * the model, which the server's handler takes too and notifies.
 *
 * @param <M> the model
 */
public final class ServedModel<M> {

    private final M model;
    private final SocketServer server;

    public ServedModel(M model, SocketServer server) {
        this.model = model;
        this.server = server;
    }

    /** Uses the model; nothing else happens to it meanwhile. */
    public void with(Consumer<M> use) {
        query(m -> {
            use.accept(m);
            return true;
        });
    }

    /** Asks the model something; nothing else happens to it meanwhile. */
    public <T> T query(Function<M, T> question) {
        T answer;
        synchronized (model) {
            answer = question.apply(model);
            model.notifyAll();
        }
        server.wake();
        return answer;
    }

    /** Moves the manual clock on, stopping at every deadline on the way. */
    public void advance(Duration time) {
        ServerClock clock = server.clock();
        SocketHandler handler = server.handler();
        if (!clock.isManual()) {
            throw new IllegalStateException("the server runs on the real clock");
        }
        synchronized (model) {
            long target = clock.millis() + time.toMillis();
            OptionalLong next = handler.nextDeadline();
            while (next.isPresent() && next.getAsLong() <= target) {
                clock.set(Math.max(clock.millis(), next.getAsLong()));
                handler.tick();
                next = handler.nextDeadline();
            }
            clock.set(target);
            model.notifyAll();
        }
        server.wake();
    }

    /**
     * Waits until the model is as asked.
     *
     * @return whether it came to that in time
     */
    public boolean await(Predicate<M> condition, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        synchronized (model) {
            while (!condition.test(model)) {
                long millis = (end - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                model.wait(millis);
            }
            return true;
        }
    }
}
