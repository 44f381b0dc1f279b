package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tributary.LimitExceededException;
import dev.tributary.MappingException;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.conformance.Allocated;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Bodies of a shape, whatever a server or somebody between sends. The first byte of an input says how its body is cut, the
 * others are the body.
 */
class BodyFuzz {

    private static final String COLUMNS = "{\"b\":{\"type\":\"bool\"},\"id\":{\"type\":\"int4\",\"not_null\":true,"
            + "\"pk_index\":0},\"n\":{\"type\":\"text\",\"not_null\":true},\"v\":{\"type\":\"numeric\"},"
            + "\"a\":{\"type\":\"text\",\"dims\":1},\"j\":{\"type\":\"jsonb\"},\"t\":{\"type\":\"timestamptz\"}}";
    private static final long MOST_BYTES = 1 << 20;
    private static final long FREE_BYTES = 4L << 20;
    private static final int MOST_MESSAGE = 1_000;

    private final LogSchema schema =
            LogSchema.parse(COLUMNS, new LogSchema.Reading(ColumnNames.unchanged(), Map.of()), List.of());

    /** It becomes a chunk, the same however it is cut, or a typed error; what a row holds is read or refused. */
    @FuzzTest
    void body(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] body = Arrays.copyOfRange(input, 1, input.length);
        Allocated.atMost(FREE_BYTES + 2_000L * body.length, () -> outcome(body, body.length));
        String whole = outcome(body, body.length);
        assertThat(outcome(body, 1)).isEqualTo(whole);
        Random cuts = new Random(input[0]);
        assertThat(outcome(body, 1 + cuts.nextInt(64))).isEqualTo(whole);
        assertThat(outcome(body, 1 + cuts.nextInt(1 + body.length))).isEqualTo(whole);
    }

    private String outcome(byte[] body, int most) {
        ChunkDecoder decoder = new ChunkDecoder(schema, true, "items", text -> text, MOST_BYTES);
        try {
            for (int from = 0; from < body.length; from += most) {
                decoder.feed(ByteBuffer.wrap(body, from, Math.min(most, body.length - from)));
            }
            return shown(decoder.end());
        } catch (ProtocolException | LimitExceededException e) {
            assertThat(e).hasMessageStartingWith("items: ");
            assertThat(e.getMessage()).hasSizeLessThan(MOST_MESSAGE);
            return "refused";
        } catch (RejectedException e) {
            assertThat(e).hasMessageContaining("subquery");
            return "rejected";
        }
    }

    private static String shown(Chunk chunk) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < chunk.size(); i++) {
            text.append(chunk.kind(i)).append(shown(chunk.row(i)));
            Row before = chunk.before(i);
            if (before != null) {
                text.append(" from ").append(shown(before));
            }
        }
        return text + " " + chunk.operations() + chunk.omitted() + chunk.txids() + chunk.lastOffset()
                + chunk.isUpToDate() + chunk.globalLsn() + chunk.snapshotEnd() + chunk.messages()
                + chunk.isMustRefetch() + chunk.undescribedColumns() + chunk.bytes();
    }

    private static String shown(Row row) {
        StringBuilder text = new StringBuilder(row.keyText()).append(row);
        for (int i = 0; i < row.schema().columns().size(); i++) {
            if (row.has(i)) {
                text.append(' ').append(value(row, i));
            }
        }
        return text.toString();
    }

    private static Object value(Row row, int column) {
        try {
            return String.valueOf(row.get(column));
        } catch (MappingException e) {
            assertThat(e.getMessage()).hasSizeLessThan(MOST_MESSAGE);
            return "refused";
        }
    }
}
