/**
 * A backend in memory for tests of applications: {@link dev.tributary.testkit.MemoryBackend}. Free of any test framework.
 */
@NullMarked
package dev.tributary.testkit;

import org.jspecify.annotations.NullMarked;
