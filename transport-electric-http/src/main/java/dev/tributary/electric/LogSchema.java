package dev.tributary.electric;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tributary.Column;
import dev.tributary.ColumnType;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.RowSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one log: as the server names them, and as the rows have them. The first description is good for as long
 * as the log lives.
 *
 * <p>A column that the server sends without having described it is a text that may be null, behind the others.
 */
final class LogSchema {

    /** A table of Postgres has at most 1,600 columns. */
    static final int MAX_COLUMNS = 2_000;

    /** No array of the server has more; it counts none beyond. */
    private static final int MOST_DIMENSIONS = 16;

    private static final int MOST_SHOWN = 200;

    private static final Pattern PRECISION = Pattern.compile("\\d{1,6}");
    private static final Pattern SCALE = Pattern.compile("-?\\d{1,6}");

    private static final JsonFactory JSON = new JsonFactory();

    private final List<ColumnInfo> described;
    private final List<String> names;
    private final RowSchema rowSchema;
    private final Map<String, Integer> places = new HashMap<>();
    private final boolean[] booleans;
    private final boolean custom;

    private LogSchema(List<ColumnInfo> described, List<String> names, RowSchema rowSchema, boolean custom) {
        this.described = described;
        this.names = names;
        this.rowSchema = rowSchema;
        this.custom = custom;
        this.booleans = new boolean[names.size()];
        for (int i = 0; i < names.size(); i++) {
            places.put(names.get(i), i);
            booleans[i] = i < described.size() && PgTypes.isBoolean(described.get(i));
        }
    }

    /** How the application wants columns named and read. */
    record Reading(ColumnNames names, Map<String, Function<ColumnInfo, ColumnType>> types) {}

    /**
     * Reads the server's description.
     *
     * @param extra columns that came without being described
     * @throws ProtocolException when the header is malformed
     * @throws RejectedException when two columns get one name
     */
    static LogSchema parse(String header, Reading reading, Collection<String> extra) {
        List<ColumnInfo> described = describe(ResponseHead.utf8(header));
        List<Column> columns = new ArrayList<>();
        List<String> names = new ArrayList<>();
        boolean custom = false;
        for (ColumnInfo info : described) {
            ColumnType type = PgTypes.of(info, reading.types());
            custom |= reading.types().containsKey(info.type());
            columns.add(new Column(reading.names().decode(info.name()), type, !info.notNull(), info.keyIndex()));
            names.add(info.name().intern());
        }
        for (String name : extra) {
            if (names.contains(name)) {
                continue;
            }
            columns.add(new Column(reading.names().decode(name), PgTypes.text("text"), true, -1));
            names.add(name.intern());
        }
        try {
            return new LogSchema(described, names, RowSchema.of(columns), custom);
        } catch (IllegalArgumentException e) {
            throw new RejectedException("the column names of the server do not map one to one: " + e.getMessage(), e);
        }
    }

    private static List<ColumnInfo> describe(String json) {
        List<ColumnInfo> columns = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(json)) {
            expect(parser.nextToken() == JsonToken.START_OBJECT, json);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                expect(parser.nextToken() == JsonToken.START_OBJECT && columns.size() < MAX_COLUMNS, json);
                columns.add(column(name, parser));
            }
            expect(parser.nextToken() == null && !columns.isEmpty(), json);
        } catch (IOException | NumberFormatException e) {
            throw new ProtocolException("the electric-schema header is malformed: " + e.getMessage(), e);
        }
        return columns;
    }

    private static ColumnInfo column(String name, JsonParser parser) throws IOException {
        Map<String, String> modifiers = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String property = parser.currentName();
            if (parser.nextToken().isScalarValue()) {
                modifiers.put(property, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        @Nullable String type = modifiers.remove("type");
        @Nullable String dimensions = modifiers.remove("dims");
        @Nullable String keyIndex = modifiers.remove("pk_index");
        @Nullable String notNull = modifiers.remove("not_null");
        if (type == null) {
            throw wrong(name, "no type");
        }
        int depth = dimensions == null ? 0 : Integer.parseInt(dimensions);
        if (depth < 0) {
            throw wrong(name, depth + " dimensions");
        }
        if (type.equals("numeric")) {
            checkNumeric(name, modifiers);
        }
        return new ColumnInfo(
                name,
                type,
                Math.min(depth, MOST_DIMENSIONS),
                "true".equals(notNull),
                keyIndex == null ? -1 : Integer.parseInt(keyIndex),
                modifiers);
    }

    /** They become part of the type's name, and are read from it. */
    private static void checkNumeric(String column, Map<String, String> modifiers) {
        checkNumber(column, "precision", modifiers.getOrDefault("precision", "0"), PRECISION);
        checkNumber(column, "scale", modifiers.getOrDefault("scale", "0"), SCALE);
    }

    private static void checkNumber(String column, String what, String digits, Pattern form) {
        if (!form.matcher(digits).matches()) {
            throw wrong(column, "the " + what + " '" + shown(digits) + "'");
        }
    }

    private static ProtocolException wrong(String column, String what) {
        return new ProtocolException("the electric-schema header gives column '" + shown(column) + "' " + what);
    }

    private static String shown(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }

    private static void expect(boolean holds, String json) {
        if (!holds) {
            throw new ProtocolException("the electric-schema header is no object of columns: '" + shown(json) + "'");
        }
    }

    RowSchema rowSchema() {
        return rowSchema;
    }

    /** The columns' names as the server spells them, interned. */
    String[] names() {
        return names.toArray(new String[0]);
    }

    /** The place of a column by the server's name, or -1. */
    int find(String name) {
        return places.getOrDefault(name, -1);
    }

    /** Which columns hold truth values. */
    boolean[] booleans() {
        return booleans.clone();
    }

    /** From here on columns were not described. */
    int describedColumns() {
        return described.size();
    }

    /** The columns that rows held before have beyond those described, if they can be such that came undescribed. */
    List<String> undescribed(RowSchema held) {
        return held.columns().stream()
                .filter(column -> rowSchema.find(column.name()) < 0 && column.nullable())
                .filter(column -> !column.isKey() && column.type().name().equals("text"))
                .map(Column::name)
                .toList();
    }

    /**
     * The same columns for rows that are held already; null when those have others. Rows are of one schema only when it
     * is the very same object.
     */
    @Nullable
    LogSchema holding(RowSchema held) {
        if (!rowSchema.equals(held) || (custom && !sameTypes(held))) {
            return null;
        }
        return new LogSchema(described, names, held, custom);
    }

    /** A saved view cannot know types that the application brought: it holds plain ones of the same names. */
    private boolean sameTypes(RowSchema held) {
        for (int i = 0; i < names.size(); i++) {
            if (!reader(rowSchema.columns().get(i).type())
                    .equals(reader(held.columns().get(i).type()))) {
                return false;
            }
        }
        return true;
    }

    private static Class<?> reader(ColumnType type) {
        return type instanceof ArrayType array ? reader(array.element()) : type.getClass();
    }

    @Override
    public String toString() {
        return rowSchema.toString();
    }
}
