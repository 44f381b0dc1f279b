/**
 * The wire adapter over {@code java.net.http}, written once for all HTTP transports. An application meets only
 * {@link dev.tributary.http.HttpOptions}.
 */
@NullMarked
package dev.tributary.http;

import org.jspecify.annotations.NullMarked;
