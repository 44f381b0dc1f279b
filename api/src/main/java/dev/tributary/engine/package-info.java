/**
 * The engine: one serial queue per source, sessions, back-off, drafts, commits, views, listeners. Not exported; how
 * it works is told in {@code docs/architecture.md}.
 */
@NullMarked
package dev.tributary.engine;

import org.jspecify.annotations.NullMarked;
