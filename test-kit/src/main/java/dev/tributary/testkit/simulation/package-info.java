/**
 * A world without threads, sockets and clocks: virtual time, a seed, and wires whose far end is a callback. The engine
 * and the transports run in it as they are; the same seed gives the same run, line by line.
 */
@NullMarked
package dev.tributary.testkit.simulation;

import org.jspecify.annotations.NullMarked;
