package dev.tributary.testkit.electric;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The shapes alive, and the source of handles. */
final class ShapeRegistry {

    private static final int HASHES = 1 << 27;

    private final LongSupplier clock;
    private final RandomGenerator random;
    private final Map<ShapeDefinition, Shape> byDefinition = new LinkedHashMap<>();
    private final Map<String, Shape> byHandle = new HashMap<>();
    private long lastMicros;

    ShapeRegistry(LongSupplier clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    @Nullable
    Shape find(ShapeDefinition definition) {
        return byDefinition.get(definition);
    }

    @Nullable
    Shape find(String handle) {
        return byHandle.get(handle);
    }

    void add(Shape shape) {
        byDefinition.put(shape.definition(), shape);
        byHandle.put(shape.handle(), shape);
    }

    void remove(Shape shape) {
        byDefinition.remove(shape.definition());
        byHandle.remove(shape.handle());
    }

    List<Shape> all() {
        return List.copyOf(byDefinition.values());
    }

    List<Shape> of(TableName table) {
        return byDefinition.values().stream()
                .filter(shape -> shape.definition().table().equals(table))
                .toList();
    }

    /** A handle never given before: a hash of what is asked for and a time in microseconds. */
    String newHandle(ShapeDefinition definition, TableSpec spec) {
        long micros = clock.getAsLong() * 1000 + random.nextInt(1000);
        lastMicros = Math.max(lastMicros + 1, micros);
        String identity = definition + ShapeEncoder.schema(spec, definition.columns());
        return Math.floorMod(identity.hashCode(), HASHES) + "-" + lastMicros;
    }
}
