package dev.tributary.spacetimedb;

import dev.tributary.Column;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spacetimedb.types.TableSchema;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Writes to one table as the owner of a database can make them, of rows with keys that are set aside for it. */
final class RandomSql {

    static final int FIRST_KEY = 10_000;
    static final int LAST_KEY = 10_019;

    private static final Set<String> KEYS = Set.of("i16", "u16", "i32", "u32", "i64", "u64");
    private static final Set<String> SMALL = Set.of("i8", "u8");
    private static final int MOST_SMALL = 100;

    private final TableSchema table;
    private final SplittableRandom random;

    private RandomSql(TableSchema table, SplittableRandom random) {
        this.table = table;
        this.random = random;
    }

    /** One for each table that can be written like this. */
    static List<RandomSql> of(DatabaseSchema schema, SplittableRandom random) {
        return schema.tables().stream()
                .filter(RandomSql::isWritable)
                .map(table -> new RandomSql(table, random))
                .toList();
    }

    private static boolean isWritable(TableSchema table) {
        List<Column> columns = table.layout().schema().columns();
        return table.kind() == TableSchema.Kind.TABLE
                && table.isPublic()
                && table.hasPrimaryKey()
                && columns.size() > 1
                && columns.stream().allMatch(RandomSql::isWritable);
    }

    private static boolean isWritable(Column column) {
        String type = column.type().name();
        return KEYS.contains(type)
                || !column.isKey()
                        && (SMALL.contains(type)
                                || Set.of("bool", "string", "f64").contains(type));
    }

    String name() {
        return table.name();
    }

    String key() {
        return table.layout().schema().keyColumns().get(0).name();
    }

    /** An integer column by which rows come into a query and leave it; the key where there is no other. */
    String selector() {
        return columns().stream()
                .filter(column -> !column.isKey()
                        && (KEYS.contains(column.type().name())
                                || SMALL.contains(column.type().name())))
                .map(Column::name)
                .findFirst()
                .orElse(key());
    }

    private List<Column> columns() {
        return table.layout().schema().columns();
    }

    /** Of a row that is there, or is not. */
    String write() {
        int key = FIRST_KEY + random.nextInt(LAST_KEY - FIRST_KEY + 1);
        return switch (random.nextInt(4)) {
            case 0 -> "DELETE FROM " + name() + " WHERE " + key() + " = " + key;
            case 1 -> {
                List<Column> others =
                        columns().stream().filter(column -> !column.isKey()).toList();
                Column changed = others.get(random.nextInt(others.size()));
                yield "UPDATE " + name() + " SET " + changed.name() + " = " + literal(changed, key) + " WHERE " + key()
                        + " = " + key;
            }
            default ->
                "INSERT INTO " + name() + " ("
                        + columns().stream().map(Column::name).collect(Collectors.joining(", ")) + ") VALUES ("
                        + columns().stream().map(column -> literal(column, key)).collect(Collectors.joining(", "))
                        + ")";
        };
    }

    private String literal(Column column, int key) {
        if (column.isKey()) {
            return Integer.toString(key);
        }
        return switch (column.type().name()) {
            case "bool" -> Boolean.toString(random.nextBoolean());
            case "string" -> "'" + "é🙂 tea".substring(random.nextInt(4)).strip() + random.nextInt(MOST_SMALL) + "'";
            case "f64" -> random.nextInt(MOST_SMALL) + "." + (1 + random.nextInt(9));
            default -> Integer.toString(random.nextInt(MOST_SMALL));
        };
    }

    /** All rows that this may have made go away. */
    List<String> cleanUp() {
        return List.of(
                "DELETE FROM " + name() + " WHERE " + key() + " >= " + FIRST_KEY + " AND " + key() + " <= " + LAST_KEY);
    }
}
