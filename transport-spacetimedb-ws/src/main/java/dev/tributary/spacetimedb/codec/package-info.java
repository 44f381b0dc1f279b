/**
 * The messages of the four subprotocols, both ways, and nothing about their meaning. No I/O, no thread, no clock.
 *
 * <p>{@link dev.tributary.spacetimedb.codec.FrameReader} takes what a WebSocket brings, in pieces of any size, and tells
 * {@link dev.tributary.spacetimedb.codec.ServerMessages} each row as soon as its bytes are there, and each message once
 * it is whole. {@link dev.tributary.spacetimedb.codec.ClientMessages} writes requests, {@link
 * dev.tributary.spacetimedb.codec.Bundles} puts several into one WebSocket message where the subprotocol allows it.
 *
 * <p>How it works: {@code Grammar} says once how each message is built; {@code BsatnWalker} and {@code JsonWalker}
 * walk it and fill {@code Collected}, from which the record of the message is made at its end.
 */
@NullMarked
package dev.tributary.spacetimedb.codec;

import org.jspecify.annotations.NullMarked;
