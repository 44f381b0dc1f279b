package dev.tributary.engine;

import dev.tributary.Option;
import java.util.List;

/** The options that every source knows, whatever its transport. */
final class EngineOptions {

    static final Option<Long> MAX_TRANSACTION = Option.size(
            "maxTransaction",
            "bytes of rows that an open transaction or a first load may hold; by default a quarter of the heap");

    static final Option<Integer> CHANGES_BUFFER =
            Option.number("changesBuffer", 1, "commits that wait for a slow subscriber of changes(); by default 256");

    static final List<Option<?>> ALL = List.of(MAX_TRANSACTION, CHANGES_BUFFER);

    private EngineOptions() {}

    static long defaultMaxTransaction() {
        return Runtime.getRuntime().maxMemory() / 4;
    }
}
