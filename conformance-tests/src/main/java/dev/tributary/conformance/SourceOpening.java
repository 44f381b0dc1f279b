package dev.tributary.conformance;

import dev.tributary.SourceBuilder;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;

/** How the laws open a source. A driver of this kit's own tests puts a wrong engine between here and the right one. */
@FunctionalInterface
interface SourceOpening {

    /**
     * @param watching hears what the source does
     */
    SyncSource open(SourceBuilder builder, SourceListener watching);

    /** The opening of a driver: the plain one, unless it brings its own. */
    static SourceOpening of(TransportDriver driver) {
        return driver instanceof SourceOpening own
                ? own
                : (builder, watching) -> builder.listener(watching).open();
    }
}
