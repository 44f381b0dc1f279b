package dev.tributary.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * The rows that everything here is measured with: eight columns, about 300 bytes each as Electric sends them. The same
 * number of rows is always the same bytes.
 */
public final class Items {

    /** What Electric says of the columns. */
    public static final String SCHEMA = "{\"id\":{\"type\":\"int8\",\"pk_index\":0,\"not_null\":true},"
            + "\"name\":{\"type\":\"text\",\"not_null\":true},"
            + "\"price\":{\"type\":\"numeric\",\"precision\":10,\"scale\":2},"
            + "\"in_stock\":{\"type\":\"bool\",\"not_null\":true},"
            + "\"tags\":{\"type\":\"text\",\"dims\":1},"
            + "\"updated_at\":{\"type\":\"timestamptz\",\"not_null\":true},"
            + "\"note\":{\"type\":\"text\"},"
            + "\"qty\":{\"type\":\"int4\"}}";

    /** The size at which Electric ends a chunk. */
    public static final int CHUNK_BYTES = 10 << 20;

    private static final String[] KINDS = {
        "Desk lamp", "Oak table", "Notebook", "Café cup", "Wool blanket", "Kettle", "Bicycle bell", "Vase"
    };
    private static final String[] TAGS = {"{}", "{new}", "{new,sale}", "{garden}", "{blue,eco}", "{sale,garden,eco}"};

    private final SplittableRandom random = new SplittableRandom(7);
    private final StringBuilder text = new StringBuilder();
    private long id;

    private Items() {}

    /** All chunks of a snapshot of so many rows. */
    public static List<byte[]> chunks(int rows, int chunkBytes) {
        List<byte[]> chunks = new ArrayList<>();
        forEachChunk(rows, chunkBytes, chunks::add);
        return chunks;
    }

    /** One chunk after the other. */
    public static void forEachChunk(int rows, int chunkBytes, Consumer<byte[]> use) {
        Items items = new Items();
        for (int done = 0; done < rows; ) {
            items.text.setLength(0);
            items.text.append('[');
            do {
                items.append();
                done++;
            } while (done < rows && items.text.length() < chunkBytes);
            items.text.setCharAt(items.text.length() - 1, ']');
            use.accept(items.text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void append() {
        id++;
        text.append("{\"key\":\"\\\"public\\\".\\\"items\\\"/\\\"")
                .append(id)
                .append("\\\"\",\"value\":{\"id\":\"")
                .append(id)
                .append("\",\"name\":\"")
                .append(KINDS[random.nextInt(KINDS.length)])
                .append(' ')
                .append(id)
                .append("\",\"price\":\"")
                .append(1 + random.nextInt(500))
                .append('.')
                .append(10 + random.nextInt(90))
                .append("\",\"in_stock\":\"")
                .append(random.nextInt(5) != 0)
                .append("\",\"tags\":\"")
                .append(TAGS[random.nextInt(TAGS.length)])
                .append("\",\"updated_at\":\"2026-")
                .append(10 + random.nextInt(3))
                .append('-')
                .append(10 + random.nextInt(19))
                .append(" 12:")
                .append(10 + random.nextInt(50))
                .append(':')
                .append(10 + random.nextInt(50))
                .append(".25+00\",\"note\":\"checked by shelf ")
                .append(random.nextInt(40))
                .append("\",\"qty\":");
        if (random.nextInt(10) == 0) {
            text.append("null");
        } else {
            text.append('"').append(random.nextInt(500)).append('"');
        }
        text.append("},\"headers\":{\"relation\":[\"public\",\"items\"],\"operation\":\"insert\"}},");
    }
}
