package dev.tributary.spacetimedb.codec;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * One variant of what the server may say.
 *
 * @param name as {@code v1.json} and errors call it
 * @param needed what must be known before its rows are told
 * @param tell makes the record of what was collected
 */
record Message(
        String name,
        MessageKind kind,
        List<Slot> needed,
        Shape.Product body,
        BiConsumer<Collected, ServerMessages> tell) {}
