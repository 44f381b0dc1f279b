package dev.tributary.sodp;

import org.jspecify.annotations.Nullable;

/**
 * One of the changes that were missed while there was no connection, as the server replays them before it tells the
 * whole value. Told only where all of them lead from the value that was held to that one.
 *
 * <p>No snapshot ever shows such a state, for nothing in the protocol proves that it existed: a server that lost its log
 * gives versions out again, and its changes may lead to the right value from a wrong one.
 *
 * @param meta what stands beside the value; always {@linkplain WatchMeta#replayed replayed}
 * @param value the document after this change; null also where the key did not exist
 */
public record MissedStep(WatchMeta meta, @Nullable Object value) {}
