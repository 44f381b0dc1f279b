/** The Electric HTTP protocol as a transport. */
@NullMarked
package dev.tributary.electric;

import org.jspecify.annotations.NullMarked;
