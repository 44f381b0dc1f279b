/**
 * What a transport implements: a {@link dev.tributary.spi.TransportProvider} whose
 * {@link dev.tributary.spi.Protocol} is a pure state machine. No application needs this package.
 */
@NullMarked
package dev.tributary.spi;

import org.jspecify.annotations.NullMarked;
