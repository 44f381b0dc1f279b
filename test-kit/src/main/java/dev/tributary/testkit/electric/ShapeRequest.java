package dev.tributary.testkit.electric;

import org.jspecify.annotations.Nullable;

/**
 * A validated request for a shape.
 *
 * @param definition the shape
 * @param where its compiled filter
 * @param offset the position, null for {@code now}
 * @param offsetText the position as requested
 * @param handle the handle, null for a request from the start
 * @param live whether it waits for changes
 */
record ShapeRequest(
        ShapeDefinition definition,
        Where where,
        @Nullable LogOffset offset,
        String offsetText,
        @Nullable String handle,
        boolean live) {}
