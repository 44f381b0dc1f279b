/** The {@code tributary} command. */
@NullMarked
package dev.tributary.cli;

import org.jspecify.annotations.NullMarked;
