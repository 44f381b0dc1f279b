package dev.tributary.cli;

import dev.tributary.Registration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The wish that the command should end: Ctrl-C, or the test that runs it. */
final class Stop {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean requested;

    /** Hears the wish, also when it was uttered before. */
    Registration listen(Runnable listener) {
        listeners.add(listener);
        if (requested) {
            listener.run();
        }
        return () -> listeners.remove(listener);
    }

    /**
     * Asks the command to end.
     *
     * @return whether it hears this and will end by itself
     */
    boolean request() {
        requested = true;
        listeners.forEach(Runnable::run);
        return !listeners.isEmpty();
    }
}
