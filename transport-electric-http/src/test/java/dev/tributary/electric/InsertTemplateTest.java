package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;

/** What templates read is what the parser reads. */
class InsertTemplateTest {

    private static final String COLUMNS = "{\"b\":{\"type\":\"bool\"},\"id\":{\"type\":\"int4\",\"not_null\":true,"
            + "\"pk_index\":0},\"n\":{\"type\":\"text\",\"not_null\":true},\"v\":{\"type\":\"text\"}}";

    private static final List<String> TEXTS = List.of(
            "\"\"",
            "\"plain\"",
            "\"日本 🎉 é\"",
            "\"\\\" \\\\ \\/ \\b\\f\\n\\r\\t\"",
            "\"\\u00fc \\ud83c\\udf89\"",
            "\"}},{\"",
            "\"null\"",
            "\"{\\\"a\\\":[1]}\"");

    private static LogSchema schema() {
        return LogSchema.parse(COLUMNS, new LogSchema.Reading(ColumnNames.unchanged(), Map.of()), List.of());
    }

    private static String row(SplittableRandom random, int id) {
        String truth =
                List.of("null", "\"true\"", "\"false\"", "\"t\"", "\"odd\"").get(random.nextInt(5));
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        String other = random.nextInt(4) == 0 ? "null" : TEXTS.get(random.nextInt(TEXTS.size()));
        return "{\"key\":\"\\\"public\\\".\\\"t\\\"/\\\"" + id + "\\\"\",\"value\":{\"b\":" + truth + ",\"id\":\"" + id
                + "\",\"n\":" + (random.nextInt(200) == 0 ? "null" : text) + ",\"v\":" + other
                + "},\"headers\":{\"operation\":\"" + (random.nextInt(20) == 0 ? "update" : "insert") + "\"}}";
    }

    private static byte[] body(List<byte[]> messages, String comma) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < messages.size(); i++) {
            body.writeBytes((i == 0 ? "[" : comma).getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(messages.get(i));
        }
        body.write(']');
        return body.toByteArray();
    }

    private static String outcome(byte[] body, int longestPiece, SplittableRandom random) {
        ChunkDecoder decoder = new ChunkDecoder(schema(), false, "t", text -> text, Long.MAX_VALUE);
        try {
            for (int at = 0; at < body.length; ) {
                int length = Math.min(body.length - at, 1 + random.nextInt(longestPiece));
                decoder.feed(ByteBuffer.wrap(body, at, length));
                at += length;
            }
            Chunk chunk = decoder.end();
            List<String> rows = new ArrayList<>();
            for (int i = 0; i < chunk.size(); i++) {
                rows.add(chunk.kind(i) + chunk.row(i).toString());
            }
            return (chunk.messages() + " " + rows).replace(", {", ",{");
        } catch (ProtocolException e) {
            return "refused";
        }
    }

    /** A blank after the comma is what no template knows. */
    @Property(tries = 2_000)
    @Tag("L10")
    void rowsAreThoseThatTheParserReads(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> messages = new ArrayList<>();
        int count = 1 + random.nextInt(40);
        for (int i = 0; i < count; i++) {
            messages.add(row(random, random.nextInt(1_000)).getBytes(StandardCharsets.UTF_8));
        }
        if (random.nextBoolean()) {
            byte[] damaged = messages.get(random.nextInt(count));
            byte[] marks = "\"\\{}[]:,nu 1".getBytes(StandardCharsets.US_ASCII);
            int dice = random.nextInt(256);
            damaged[random.nextInt(damaged.length)] =
                    dice < 128 ? marks[dice % marks.length] : (byte) random.nextInt(256);
        }
        String parsed = outcome(body(messages, ", "), 10_000, random);

        assertThat(outcome(body(messages, ","), 1 + random.nextInt(2_000), random))
                .isEqualTo(parsed);
    }

    @Test
    void aPlaceInTheBodyCountsWhatTemplatesRead() {
        StringBuilder body = new StringBuilder("[");
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 50; i++) {
            body.append(row(random, i).replace("update", "insert")).append(',');
        }
        int length = body.toString().getBytes(StandardCharsets.UTF_8).length;
        body.append("{\"key\":\"k\",\"headers\":{\"operation\":\"odd\"}}]");
        ChunkDecoder decoder = new ChunkDecoder(schema(), false, "t", text -> text, Long.MAX_VALUE);

        assertThatThrownBy(() -> {
                    decoder.feed(ByteBuffer.wrap(body.toString().getBytes(StandardCharsets.UTF_8)));
                    decoder.end();
                })
                .hasMessageContaining("(message 50, byte " + (length + 41));
    }
}
