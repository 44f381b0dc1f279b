package dev.tributary.engine;

import java.util.concurrent.atomic.AtomicBoolean;

/** Lets the first of many through, on whatever threads they come. */
final class Once {

    private final AtomicBoolean done = new AtomicBoolean();

    boolean first() {
        return done.compareAndSet(false, true);
    }
}
