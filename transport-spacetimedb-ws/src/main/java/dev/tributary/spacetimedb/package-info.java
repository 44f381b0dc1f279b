/** SpacetimeDB as a transport: {@code v1.json}, {@code v1.bsatn}, {@code v2.bsatn} and {@code v3.bsatn}. */
@NullMarked
package dev.tributary.spacetimedb;

import org.jspecify.annotations.NullMarked;
