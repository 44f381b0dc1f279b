/** The SODP transport. */
@NullMarked
package dev.tributary.sodp;

import org.jspecify.annotations.NullMarked;
