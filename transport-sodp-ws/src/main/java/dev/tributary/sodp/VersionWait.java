package dev.tributary.sodp;

import dev.tributary.spi.Output;
import java.util.function.Consumer;

/**
 * Somebody waits until a copy shows a version.
 *
 * @param what the call, to find it again when nobody waits any more
 */
record VersionWait(Object what, long version, Consumer<Output> then) {}
