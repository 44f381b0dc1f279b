/**
 * An embedded reference server of the Electric HTTP shape API: {@link dev.tributary.testkit.electric.ElectricModel} is
 * the pure, deterministic behaviour, {@link dev.tributary.testkit.electric.ElectricServer} puts it behind real sockets.
 */
@NullMarked
package dev.tributary.testkit.electric;

import org.jspecify.annotations.NullMarked;
