package dev.tributary.engine;

import dev.tributary.Row;
import dev.tributary.Snapshot;
import dev.tributary.electric.ItemDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reads of random rows by key, and what a snapshot and a commit of one row cost: see it with {@code -prof gc}. */
@NullMarked
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms4g", "-Xmx4g"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadBenchmark {

    private static final int ASKED = 1 << 16;

    /** The rows of the view. */
    @Param("1000000")
    public int rows;

    private final ItemDecoder decoder = new ItemDecoder();
    private FirstLoad load = new FirstLoad(decoder.schema());
    private Map<String, Row> map = Map.of();
    private io.vavr.collection.Map<String, Row> vavr = io.vavr.collection.HashMap.empty();
    private final Row[] asked = new Row[ASKED];
    private final Row[] changes = new Row[ASKED];
    private final String[] askedTexts = new String[ASKED];
    private final Long[] askedNumbers = new Long[ASKED];
    private final Random random = new Random(7);
    private int next;

    /** Fills the view and both maps; the keys that are asked for are other objects than those that they hold. */
    @Setup
    public void setUp() {
        load = new FirstLoad(decoder.schema());
        map = new HashMap<>();
        Row[] items = decoder.items(rows);
        for (Row row : items) {
            load.put(row);
            map.put(row.keyText(), row);
        }
        load.commit();
        vavr = io.vavr.collection.HashMap.ofAll(map);
    }

    /** Other keys in each iteration, or the caches would know them all. */
    @Setup(Level.Iteration)
    public void choose() {
        for (int i = 0; i < ASKED; i++) {
            long id = 1L + random.nextInt(rows);
            asked[i] = decoder.schema().key(id);
            changes[i] = decoder.change(id, String.valueOf(i));
            askedTexts[i] = String.valueOf(id);
            askedNumbers[i] = id;
        }
    }

    private int next() {
        return next++ & (ASKED - 1);
    }

    /** By a packed key, as commits and derived views look rows up. */
    @Benchmark
    public @Nullable Row view() {
        return load.get(asked[next()]);
    }

    /** As the application does it: the key is packed first. */
    @Benchmark
    public @Nullable Row viewByValue() {
        return load.snapshot().get(askedNumbers[next()]);
    }

    /** From a {@code HashMap} by strings. */
    @Benchmark
    public @Nullable Row hashMap() {
        return map.get(askedTexts[next()]);
    }

    /** From vavr's persistent map by strings. */
    @Benchmark
    public @Nullable Row vavr() {
        return vavr.get(askedTexts[next()]).getOrNull();
    }

    /** Taking a snapshot. */
    @Benchmark
    public Snapshot<Row> snapshot() {
        return load.snapshot();
    }

    /** A commit that changes one column of one row, without a listener. */
    @Benchmark
    public FirstLoad commitOne() {
        load.patch(changes[next()]);
        return load.commit();
    }
}
