package dev.tributary.sodp;

import dev.tributary.spi.Output;
import java.util.function.Consumer;

/**
 * Somebody waits until a copy shows a version.
 *
 * @param what the call, to find it again when nobody waits any more
 * @param ownWrite whether it is the answer to a write, which has succeeded whatever the copy shows
 */
record VersionWait(Object what, long version, boolean ownWrite, Consumer<Output> then) {}
