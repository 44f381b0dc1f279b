package dev.tributary.engine;

import dev.tributary.Row;
import dev.tributary.electric.ItemDecoder;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The first load of a million rows beside filling a {@code HashMap} with them. */
@NullMarked
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms4g", "-Xmx4g"})
@Warmup(iterations = 8)
@Measurement(iterations = 12)
public class ViewBenchmark {

    private static final int ROWS = 1_000_000;

    /** Whether rows come in the order of their keys, as from a table that was filled in that order. */
    @Param({"sequential", "shuffled"})
    public String order = "";

    private final ItemDecoder decoder = new ItemDecoder();
    private Row[] rows = {};
    private String[] keys = {};

    /** Makes rows and keys. */
    @Setup
    public void setUp() {
        List<Row> items = Arrays.asList(decoder.items(ROWS));
        if (order.equals("shuffled")) {
            Collections.shuffle(items, new Random(7));
        }
        rows = items.toArray(new Row[0]);
        keys = items.stream().map(Row::keyText).toArray(String[]::new);
    }

    /** Into the view, commit included. */
    @Benchmark
    public FirstLoad view() {
        FirstLoad load = new FirstLoad(decoder.schema());
        for (Row row : rows) {
            load.put(row);
        }
        return load.commit();
    }

    /** The same rows into a {@code HashMap} by strings. */
    @Benchmark
    public Map<String, Row> hashMap() {
        Map<String, Row> map = new HashMap<>();
        for (int i = 0; i < rows.length; i++) {
            map.put(keys[i], rows[i]);
        }
        return map;
    }

    /** The same rows into vavr's persistent map. */
    @Benchmark
    public io.vavr.collection.Map<String, Row> vavr() {
        io.vavr.collection.Map<String, Row> map = io.vavr.collection.HashMap.empty();
        for (int i = 0; i < rows.length; i++) {
            map = map.put(keys[i], rows[i]);
        }
        return map;
    }
}
