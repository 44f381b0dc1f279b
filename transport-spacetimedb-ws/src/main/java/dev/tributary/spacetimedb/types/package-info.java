/** The types of a SpacetimeDB database: its schema, BSATN values, rows and arguments. Does no I/O. */
@NullMarked
package dev.tributary.spacetimedb.types;

import org.jspecify.annotations.NullMarked;
