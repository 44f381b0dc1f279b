/** The DriftDB transport. */
@NullMarked
package dev.tributary.driftdb;

import org.jspecify.annotations.NullMarked;
