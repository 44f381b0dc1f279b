/**
 * A SpacetimeDB server to test against: a model of one database without threads and sockets, the same behind simulated
 * wires in virtual time, and on a real port. It shares no code with the transport.
 */
@NullMarked
package dev.tributary.testkit.spacetimedb;

import org.jspecify.annotations.NullMarked;
