package dev.tributary.electric;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import dev.tributary.benchmarks.Items;
import dev.tributary.engine.FirstLoad;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Bytes to rows, beside what the parser needs to go over the same bytes and take nothing. Time per row of about 300
 * bytes.
 */
@NullMarked
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms4g", "-Xmx4g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {

    private static final int SOME = 100_000;
    private static final int MILLION = 1_000_000;

    private static final JsonFactory JSON = new JsonFactory();

    /** The bodies of so many rows, and what is done with them. */
    public static class Bodies {

        final List<byte[]> chunks;
        final ItemDecoder decoder = new ItemDecoder();

        /** Makes the bodies. */
        public Bodies(int rows) {
            chunks = Items.chunks(rows, Items.CHUNK_BYTES);
        }

        /** Goes over them with Jackson's blocking parser, and takes nothing but the number of tokens. */
        public int scan() throws IOException {
            int tokens = 0;
            for (byte[] chunk : chunks) {
                try (JsonParser parser = JSON.createParser(chunk)) {
                    while (parser.nextToken() != null) {
                        tokens++;
                    }
                }
            }
            return tokens;
        }

        /** Decodes them, keeps the rows of one body at a time, and gives their number. */
        public int rows() {
            int rows = 0;
            for (byte[] chunk : chunks) {
                rows += decoder.decode(chunk).size();
            }
            return rows;
        }

        /** Decodes them into a first commit, and gives the number of rows. */
        public int view() {
            FirstLoad load = new FirstLoad(decoder.schema());
            for (byte[] chunk : chunks) {
                decoder.rows(chunk, load::put);
            }
            return load.commit().size();
        }
    }

    /** Three bodies. */
    @State(Scope.Benchmark)
    public static class Some {
        final Bodies bodies = new Bodies(SOME);
    }

    /** A table of a million rows. */
    @State(Scope.Benchmark)
    public static class Million {
        final Bodies bodies = new Bodies(MILLION);
    }

    /** Jackson's token scan of whole {@code byte[]} bodies: the bound. */
    @Benchmark
    @OperationsPerInvocation(SOME)
    public int scan(Some some) throws IOException {
        return some.bodies.scan();
    }

    /** The same scan by the non-blocking parser in pieces, which is what a stream needs. */
    @Benchmark
    @OperationsPerInvocation(SOME)
    public int scanInPieces(Some some) throws IOException {
        int tokens = 0;
        for (byte[] chunk : some.bodies.chunks) {
            try (JsonParser parser = JSON.createNonBlockingByteArrayParser()) {
                ByteArrayFeeder feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
                for (int at = 0; at < chunk.length; at += ItemDecoder.PIECE) {
                    feeder.feedInput(chunk, at, Math.min(chunk.length, at + ItemDecoder.PIECE));
                    while (parser.nextToken() != JsonToken.NOT_AVAILABLE) {
                        tokens++;
                    }
                }
            }
        }
        return tokens;
    }

    /** Bytes to rows, in pieces as from the network. */
    @Benchmark
    @OperationsPerInvocation(SOME)
    public int rows(Some some) {
        return some.bodies.rows();
    }

    /** The scan of a million rows. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 6)
    @Measurement(iterations = 9)
    public int scanMillion(Million million) throws IOException {
        return million.bodies.scan();
    }

    /** Bytes to the first committed view of a million rows. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 6)
    @Measurement(iterations = 9)
    public int viewMillion(Million million) {
        return million.bodies.view();
    }
}
