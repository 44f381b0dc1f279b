/**
 * An embedded reference server of SODP: {@link dev.tributary.testkit.sodp.SodpModel} is the pure, deterministic
 * behaviour in the dialects of the three real servers, {@link dev.tributary.testkit.sodp.SodpServer} puts it behind real
 * sockets.
 */
@NullMarked
package dev.tributary.testkit.sodp;

import org.jspecify.annotations.NullMarked;
