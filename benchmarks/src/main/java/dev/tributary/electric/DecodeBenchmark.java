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
import org.openjdk.jmh.infra.Blackhole;

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

    /** Three chunks. */
    @State(Scope.Benchmark)
    public static class Some {
        final List<byte[]> chunks = Items.chunks(SOME, Items.CHUNK_BYTES);
        final ItemDecoder decoder = new ItemDecoder();
    }

    /** A table of a million rows. */
    @State(Scope.Benchmark)
    public static class Million {
        final List<byte[]> chunks = Items.chunks(MILLION, Items.CHUNK_BYTES);
        final ItemDecoder decoder = new ItemDecoder();
    }

    /** Jackson's token scan of whole {@code byte[]} bodies: the bound. */
    @Benchmark
    @OperationsPerInvocation(SOME)
    public int scan(Some some) throws IOException {
        return scan(some.chunks);
    }

    private static int scan(List<byte[]> chunks) throws IOException {
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

    /** The same scan by the non-blocking parser in pieces, which is what a stream needs. */
    @Benchmark
    @OperationsPerInvocation(SOME)
    public int scanInPieces(Some some) throws IOException {
        int tokens = 0;
        for (byte[] chunk : some.chunks) {
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
    public void rows(Some some, Blackhole sink) {
        for (byte[] chunk : some.chunks) {
            sink.consume(some.decoder.decode(chunk));
        }
    }

    /** The scan of a million rows. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 6)
    @Measurement(iterations = 9)
    public int scanMillion(Million million) throws IOException {
        return scan(million.chunks);
    }

    /** Bytes to the first committed view of a million rows. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 6)
    @Measurement(iterations = 9)
    public FirstLoad viewMillion(Million million) {
        FirstLoad load = new FirstLoad(million.decoder.schema());
        for (byte[] chunk : million.chunks) {
            million.decoder.rows(chunk, load::put);
        }
        return load.commit();
    }
}
