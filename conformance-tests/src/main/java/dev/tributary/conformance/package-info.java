/**
 * The laws of a transport, to take up in its tests: implement {@link dev.tributary.conformance.TransportConformance} with
 * a {@link dev.tributary.conformance.TransportDriver}; nothing else is to be written. A failure names the law, says what
 * was found and where to look, and shows the shortest program that breaks it with its seed.
 */
@NullMarked
package dev.tributary.conformance;

import org.jspecify.annotations.NullMarked;
