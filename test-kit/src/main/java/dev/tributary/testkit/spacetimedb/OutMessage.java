package dev.tributary.testkit.spacetimedb;

import org.jspecify.annotations.Nullable;

/**
 * A message for a client.
 *
 * @param commit the transaction whose state it shows, 0 for none
 */
record OutMessage(ServerMessageKind kind, long commit, Encoding encoding) {

    /** Makes the bytes of it. */
    interface Encoding {

        byte[] bytes(@Nullable RowDamage damage);
    }
}
