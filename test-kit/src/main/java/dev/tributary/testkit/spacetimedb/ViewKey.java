package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A view as somebody sees it.
 *
 * @param sender null where it is the same for everyone
 */
record ViewKey(String view, @Nullable BigInteger sender) {}
