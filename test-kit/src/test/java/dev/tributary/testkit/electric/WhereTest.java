package dev.tributary.testkit.electric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhereTest {

    private static final TableSpec TABLE = TableSpec.of(
            "t",
            Column.of("id", "int8").primaryKey(0),
            Column.of("name", "text"),
            Column.of("price", "numeric"),
            Column.of("ok", "bool"),
            Column.of("Odd \"x", "text"),
            Column.of("nothing", "int4"),
            Column.of("at", "timestamptz"));
    private static final @Nullable String[] ROW = {"42", "O'Hara_50%", "10.50", "t", "q", null, "2024-02-29 10:00:00+00"
    };

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "unknown",
            value = {
                "id = 42|true",
                "id=42 AND name = 'O''Hara_50%'|true",
                "ID <> 42 OR price = 10.5|true",
                "price > 9|true",
                "price <= 10.4999|false",
                "-1 < id|true",
                "ok|true",
                "NOT ok|false",
                "ok = false|false",
                "ok = 't'|true",
                "\"Odd \"\"x\" = 'q'|true",
                "nothing = 1|unknown",
                "nothing = NULL|unknown",
                "nothing = 1 OR ok|true",
                "nothing = 1 AND NOT ok|false",
                "NOT nothing = 1|unknown",
                "nothing IS NULL|true",
                "id IS NOT NULL|true",
                "(nothing = 1) IS UNKNOWN|true",
                "id IN (1, 2, 42)|true",
                "id NOT IN (1, 2)|true",
                "id IN (1, NULL)|unknown",
                "id NOT IN (42, NULL)|false",
                "id BETWEEN 42 AND 50|true",
                "id NOT BETWEEN 1 AND 41|true",
                "name LIKE 'O''H%'|true",
                "name LIKE '%\\_50\\%'|true",
                "name LIKE '%\\_5_0'|false",
                "name ILIKE 'o''hara%'|true",
                "name NOT LIKE 'x%'|true",
                "id = $1|true",
                "at >= '2024-02-29T09:00:00Z'|true",
                "name < 'P' AND (id > 40 OR id < 3)|true"
            })
    void evaluates(String sql, @Nullable Boolean expected) {
        assertEquals(expected, Where.compile(sql, TABLE, Map.of(1, "42")).test(ROW), sql);
    }

    @Test
    void refuses() {
        refused("id", "At location 0: argument must be bool, not int8");
        refused("id = 'x'", "At location 5: invalid syntax for type int8: x");
        refused("id = 1 ORDER", "At location 22: syntax error at or near \"ORDER\"");
        refused("id IN (SELECT 1)", "At location 7: subqueries are not supported");
        refused("name = 'x", "At location 22: syntax error at unterminated quoted string");
        refused("upper(name, 1) = 'X'", "At location 0: unknown or unsupported function upper/2");
        refused("id ~ 1", "At location 18: syntax error at or near \"~\"");
        refused("id LIKE 'x'", "At location 3: Could not select an operator overload");
    }

    private static void refused(String sql, String message) {
        assertEquals(
                message,
                assertThrows(WhereException.class, () -> Where.compile(sql, TABLE, Map.of()))
                        .text());
    }
}
