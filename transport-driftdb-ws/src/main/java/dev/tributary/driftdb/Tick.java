package dev.tributary.driftdb;

import dev.tributary.spi.Output;

/** The tag of a timer, and what happens when it is due. Compared by identity: keep one for each timer. */
@FunctionalInterface
interface Tick {

    void due(Output out);
}
