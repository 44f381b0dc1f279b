package dev.tributary.spacetimedb;

import dev.tributary.Row;
import dev.tributary.benchmarks.Readings;
import dev.tributary.spacetimedb.codec.Subprotocol;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One row of first rows, from the bytes of a message that comes in pieces to a {@link Row}. */
@NullMarked
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(RowFormBenchmark.ROWS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowFormBenchmark {

    static final int ROWS = 20_000;

    /** A message, and who reads it again and again. */
    @State(Scope.Benchmark)
    public abstract static class Message {

        private @Nullable Row last;
        private long messages;
        private @Nullable Received received;
        private byte[] bytes = new byte[0];

        abstract Received receiver();

        abstract byte[] bytes();

        final void take(Row row) {
            last = row;
        }

        /** Makes the message. */
        @Setup
        public void make() {
            bytes = bytes();
            received = receiver();
        }

        final Object read() {
            messages++;
            Objects.requireNonNull(received).message(bytes);
            return Objects.requireNonNull(last);
        }

        /** What was measured must have happened. */
        @TearDown
        public void check() {
            long rows = Objects.requireNonNull(received).rows();
            Object id = Objects.requireNonNull(last).get("id");
            if (rows != messages * ROWS || !Long.valueOf(ROWS - 1).equals(id)) {
                throw new IllegalStateException(rows + " rows of " + messages + " messages, the last with id " + id);
            }
        }
    }

    /** BSATN. */
    public static class Bsatn extends Message {

        @Override
        Received receiver() {
            return new Received(Subprotocol.V2_BSATN, Readings.READING, this::take);
        }

        @Override
        byte[] bytes() {
            return Received.readings(ROWS);
        }
    }

    /** The same rows as JSON. */
    public static class Json extends Message {

        @Override
        Received receiver() {
            return new Received(Subprotocol.V1_JSON, Readings.READING, this::take);
        }

        @Override
        byte[] bytes() {
            return Received.json(ROWS);
        }
    }

    /** Rows of a fixed size. */
    public static class Fixed extends Message {

        @Override
        Received receiver() {
            return new Received(Subprotocol.V2_BSATN, Readings.TICK, this::take);
        }

        @Override
        byte[] bytes() {
            return Received.ticks(ROWS);
        }
    }

    /** A row of BSATN. */
    @Benchmark
    public Object bsatn(Bsatn message) {
        return message.read();
    }

    /** The same row of JSON. */
    @Benchmark
    public Object json(Json message) {
        return message.read();
    }

    /** A row of eight columns of fixed size, of BSATN. */
    @Benchmark
    public Object fixed(Fixed message) {
        return message.read();
    }
}
