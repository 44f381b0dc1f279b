package dev.tributary.testkit.electric;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A believable {@code items} table and a repeatable stream of changes to it. */
public final class SampleData {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'.25+00'").withZone(ZoneOffset.UTC);
    private static final long FIRST_SECOND = 1_767_225_600L;
    private static final List<String> KINDS =
            List.of("Desk lamp", "Oak table", "Notebook", "Café cup", "Wool blanket", "Kettle", "Bicycle bell", "Vase");
    private static final List<String> TAGS = List.of("new", "sale", "garden", "\"hand made\"", "blue", "eco");
    private static final int MAX_OPERATIONS = 4;
    private static final int MAX_ROWS_PER_COMMIT = 10_000;

    private final SplittableRandom random;
    private final List<Long> ids = new ArrayList<>();
    private long nextId = 1;
    private long seconds = FIRST_SECOND;

    /** A source of data that depends on the seed alone. */
    public SampleData(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The definition of the table. */
    public static TableSpec items() {
        return TableSpec.of(
                "items",
                Column.of("id", "int8").primaryKey(0),
                Column.of("name", "text").required(),
                Column.of("price", "numeric").with("precision", 10).with("scale", 2),
                Column.of("in_stock", "bool").required(),
                Column.of("tags", "text").array(1),
                Column.of("updated_at", "timestamptz").required(),
                Column.of("note", "text"),
                Column.of("qty", "int4"));
    }

    /** Creates the table with {@code rows} rows, in transactions of bounded size. */
    public void create(ElectricModel model, int rows) {
        model.createTable(items());
        for (int done = 0; done < rows; done += MAX_ROWS_PER_COMMIT) {
            int count = Math.min(MAX_ROWS_PER_COMMIT, rows - done);
            model.commit(tx -> {
                for (int i = 0; i < count; i++) {
                    insert(tx);
                }
            });
        }
    }

    /** Commits one transaction of a few inserts, updates and deletes. */
    public Commit step(ElectricModel model) {
        return model.commit(this::fill);
    }

    /** Fills one transaction of a few inserts, updates and deletes. */
    public void fill(Transaction tx) {
        seconds += 1 + random.nextInt(90);
        int operations = 1 + random.nextInt(MAX_OPERATIONS);
        for (int i = 0; i < operations; i++) {
            int dice = random.nextInt(10);
            if (ids.isEmpty() || dice < 3) {
                insert(tx);
            } else if (dice < 9) {
                update(tx);
            } else {
                delete(tx);
            }
        }
    }

    private void insert(Transaction tx) {
        long id = nextId++;
        ids.add(id);
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        row.put("id", String.valueOf(id));
        row.put("name", KINDS.get(random.nextInt(KINDS.size())) + " " + id);
        row.put("price", price());
        row.put("in_stock", random.nextInt(5) == 0 ? "f" : "t");
        row.put("tags", tags());
        row.put("updated_at", time());
        row.put("note", random.nextInt(3) == 0 ? "checked by shelf " + random.nextInt(40) : null);
        row.put("qty", random.nextInt(10) == 0 ? null : String.valueOf(random.nextInt(500)));
        tx.insert("items", row);
    }

    private void update(Transaction tx) {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        row.put("id", String.valueOf(ids.get(random.nextInt(ids.size()))));
        switch (random.nextInt(4)) {
            case 0 -> row.put("price", price());
            case 1 -> row.put("in_stock", random.nextBoolean() ? "t" : "f");
            case 2 -> row.put("tags", tags());
            default -> row.put("qty", String.valueOf(random.nextInt(500)));
        }
        row.put("updated_at", time());
        tx.update("items", row);
    }

    private void delete(Transaction tx) {
        int index = random.nextInt(ids.size());
        Long last = ids.remove(ids.size() - 1);
        Long id = index < ids.size() ? ids.set(index, last) : last;
        tx.delete("items", Map.of("id", id.toString()));
    }

    private String price() {
        return BigDecimal.valueOf(99 + random.nextInt(50_000), 2).toString();
    }

    private String time() {
        return TIME.format(Instant.ofEpochSecond(seconds));
    }

    private String tags() {
        List<String> chosen = new ArrayList<>();
        for (String tag : TAGS) {
            if (random.nextInt(3) == 0) {
                chosen.add(tag);
            }
        }
        return "{" + String.join(",", chosen) + "}";
    }
}
