/** JMH and whole-process comparisons. */
@NullMarked
package dev.tributary.benchmarks;

import org.jspecify.annotations.NullMarked;
