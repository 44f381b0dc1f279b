package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tributary.Checkpoint;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.conformance.Allocated;
import dev.tributary.spi.Head;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What stands in headers of answers, and in bodies of errors. An input is the text of one header, byte by byte. */
class HeadFuzz {

    private static final long FREE_BYTES = 4L << 20;
    private static final int MOST_MESSAGE = 1_000;
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    @FuzzTest
    void header(byte[] input) {
        String header = new String(input, StandardCharsets.ISO_8859_1);
        Allocated.atMost(FREE_BYTES + 5_000L * input.length, () -> understood(header));
    }

    private static void understood(String header) {
        schema(header);
        position(header);
        assertThat(new Head(503, Map.of("retry-after", List.of(header))).retryAfter(NOW))
                .isBetween(Duration.ZERO, Duration.ofDays(36_500));
        BigInteger lsn = Lsn.parse(header);
        assertThat(lsn == null || lsn.signum() >= 0).isTrue();
        assertThat(ErrorText.of(ResponseHead.utf8(header))).hasSizeLessThan(MOST_MESSAGE);
    }

    private static void schema(String header) {
        try {
            LogSchema schema =
                    LogSchema.parse(header, new LogSchema.Reading(ColumnNames.unchanged(), Map.of()), List.of("more"));
            assertThat(schema.names()).hasSameSizeAs(schema.rowSchema().columns());
            assertThat(schema.describedColumns()).isPositive();
            // Saved views name their types, and find the same columns again.
            for (int i = 0; i < schema.describedColumns(); i++) {
                String name = schema.rowSchema().columns().get(i).type().name();
                assertThat(PgTypes.named(name).name()).isEqualTo(name);
            }
            assertThat(schema.holding(schema.rowSchema())).isNotNull();
        } catch (ProtocolException | RejectedException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(MOST_MESSAGE);
        }
    }

    private static void position(String header) {
        ResponseHead head = ResponseHead.of(
                new Head(200, Map.of("electric-handle", List.of(header), "electric-offset", List.of(header))));
        assertThat(head.missing(false)).contains("electric-schema");
        ShapePosition position = ShapePosition.start(null, ShapeQuery.BEGINNING).after(head);
        Checkpoint checkpoint = position.toCheckpoint();
        ShapePosition.from(checkpoint)
                .ifPresent(back -> assertThat(back.offset()).isEqualTo(position.offset()));
        ShapePosition.isStreamed(position.offset());
        ShapePosition.from(Checkpoint.of(header.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
