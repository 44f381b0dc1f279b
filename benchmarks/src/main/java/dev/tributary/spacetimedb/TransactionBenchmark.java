package dev.tributary.spacetimedb;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One transaction that changes 1,000 rows of a view, from its bytes to a same-thread listener. */
@NullMarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TransactionBenchmark {

    /** How many rows the view has. */
    @Param({"10000", "100000", "1000000"})
    public int rows;

    private @Nullable ChangedView view;

    /** A benchmark; JMH sets how many rows. */
    public TransactionBenchmark() {}

    /** Fills the view. */
    @Setup
    public void fill() throws IOException {
        view = new ChangedView(rows);
    }

    /** The next transaction. */
    @Benchmark
    public @Nullable Object change() {
        return Objects.requireNonNull(view).change();
    }

    /** What was measured must have happened. */
    @TearDown
    public void check() {
        Objects.requireNonNull(view).check();
    }
}
