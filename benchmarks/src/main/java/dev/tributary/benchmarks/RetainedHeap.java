package dev.tributary.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tributary.electric.ItemDecoder;
import dev.tributary.engine.FirstLoad;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jol.info.GraphLayout;

/** What the rows of a view keep in the heap, beside the same values as maps of strings in a {@code HashMap}. */
public final class RetainedHeap {

    private static final int ROWS = 1_000_000;
    private static final int COUNTED = 20_000;
    private static final JsonFactory JSON = new JsonFactory();

    private RetainedHeap() {}

    /** Prints bytes for each row, as used heap after collection and as JOL counts the objects. */
    public static void main(String[] args) {
        // Else JOL refuses records, and the engine has some.
        System.setProperty("jol.magicFieldOffset", "true");
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : ROWS;
        FirstLoad counted = view(COUNTED);
        Map<String, Map<String, @Nullable String>> countedMaps = maps(COUNTED);
        double view = measure("view, used heap", rows, () -> view(rows));
        double maps = measure("maps, used heap", rows, () -> maps(rows));
        System.out.printf("view / maps: %.3f%n", view / maps);
        long viewSize = GraphLayout.parseInstance(counted).totalSize();
        long mapSize = GraphLayout.parseInstance(countedMaps).totalSize();
        System.out.printf(
                "counted object by object (%,d rows): view %d, maps %d bytes a row, ratio %.3f%n",
                COUNTED, viewSize / COUNTED, mapSize / COUNTED, (double) viewSize / mapSize);
    }

    private interface Made {
        Object make();
    }

    private static double measure(String what, int rows, Made made) {
        long before = used();
        Object kept = made.make();
        long after = used();
        Reference.reachabilityFence(kept);
        double perRow = (double) (after - before) / rows;
        System.out.printf("%s: %.1f bytes a row%n", what, perRow);
        return perRow;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static FirstLoad view(int rows) {
        ItemDecoder decoder = new ItemDecoder();
        FirstLoad load = new FirstLoad(decoder.schema());
        Items.forEachChunk(rows, Items.CHUNK_BYTES, chunk -> decoder.rows(chunk, load::put));
        return load.commit();
    }

    private static Map<String, Map<String, @Nullable String>> maps(int rows) {
        Map<String, Map<String, @Nullable String>> maps = new HashMap<>();
        Items.forEachChunk(rows, Items.CHUNK_BYTES, chunk -> readMaps(chunk, maps));
        return maps;
    }

    /** The string of the row's own id is its key: nothing is held twice. */
    private static void readMaps(byte[] chunk, Map<String, Map<String, @Nullable String>> maps) {
        try (JsonParser parser = JSON.createParser(chunk)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.START_OBJECT && "value".equals(parser.currentName())) {
                    Map<String, @Nullable String> row = new LinkedHashMap<>();
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        String column = parser.currentName();
                        row.put(column, parser.nextTextValue());
                    }
                    String id = row.get("id");
                    if (id == null) {
                        throw new IllegalStateException("a row without a key");
                    }
                    maps.put(id, row);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
