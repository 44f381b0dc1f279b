package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.spi.Ending;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of columns here and there. */
@Tag("E52")
class ColumnNamesTest {

    private static final ColumnNames CAMEL = ColumnNames.snakeToCamel();

    @ParameterizedTest
    @CsvSource({
        "user_id, userId",
        "user__id, user_Id",
        "_private_key_, _privateKey_",
        "__, __",
        "USER_ID, userId",
        "id, id",
        "a_b_c, aBC",
        "a_1, a_1",
        "über_größe, überGröße",
    })
    void snakeBecomesCamel(String snake, String camel) {
        assertThat(CAMEL.decode(snake)).isEqualTo(camel);
    }

    @ParameterizedTest
    @CsvSource({
        "userId, user_id",
        "userID, user_id",
        "parseHTMLString, parse_html_string",
        "userHTTPSURL, user_httpsurl",
        "_privateKey_, _private_key_",
        "id, id",
        "aBC, a_bc",
    })
    void camelBecomesSnake(String camel, String snake) {
        assertThat(CAMEL.encode(camel)).isEqualTo(snake);
    }

    @Test
    void unchangedNamesAreUnchanged() {
        assertThat(ColumnNames.unchanged().decode("a_b")).isEqualTo("a_b");
        assertThat(ColumnNames.unchanged().encode("aB")).isEqualTo("aB");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "userId = $1 AND isOpen | USERID = $1 AND ISOPEN",
                "\"userId\" = 'userId' | \"userId\" = 'userId'",
                "note = 'it''s userId' OR note = E'x' | NOTE = 'it''s userId' OR NOTE = E'x'",
                "lower(userName) like 'a%' and x IS not NULL | lower(USERNAME) like 'a%' and X IS not NULL",
                "coalesce (a, b) BETWEEN 1 AND 2e5 | coalesce (A, B) BETWEEN 1 AND 2e5",
                "a::text = b | A::text = B",
                "date > date '2024-01-31' and timestamp = 1 | DATE > date '2024-01-31' and TIMESTAMP = 1",
                "t.userId in ($1, $22) | T.USERID in ($1, $22)",
                "überName = 1 | ÜBERNAME = 1",
                "a = '$1 \\ x' | A = '$1 \\ x'",
                "a = 'open | A = 'open",
            })
    void onlyColumnsInFiltersAreRenamed(String sql, String renamed) {
        assertThat(SqlIdentifiers.rename(sql, name -> name.toUpperCase(Locale.ROOT)))
                .isEqualTo(renamed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id,userId | ID,USERID",
                "\"a\"\"b\", c  | \"A\"\"B\", C",
                "\"x,y\" | \"X,Y\"",
                "a b , c | A B, C",
            })
    void columnListsAreRenamed(String columns, String renamed) {
        assertThat(SqlIdentifiers.renameList(columns, name -> name.toUpperCase(Locale.ROOT)))
                .isEqualTo(renamed);
    }

    @Test
    void namesAreEncodedInTheRequestAndDecodedInRows() {
        Query query = Query.parse("items?where=itemId>1&columns=itemId,\"ownerName\"");
        assertThat(ShapeQuery.of(query).request(CAMEL))
                .isEqualTo(Map.of(
                        "table", "items",
                        "where", "item_id>1",
                        "columns", "item_id,\"owner_name\"",
                        "log", "full"));

        Scene scene =
                new Scene("items").set(ElectricOptions.COLUMN_NAMES, CAMEL).start();
        String schema = "{\"item_id\":{\"type\":\"int4\",\"pk_index\":0},\"owner_name\":{\"type\":\"text\"}}";
        String row = "{\"key\":\"k\",\"value\":{\"item_id\":\"1\",\"owner_name\":\"x\"},"
                + "\"headers\":{\"operation\":\"insert\"}}";
        scene.answer(Reply.caughtUp("h", "0_0", row).with("electric-schema", schema));
        String update = "{\"value\":{\"item_id\":\"1\",\"owner_name\":\"y\"},\"old_value\":{\"owner_name\":\"x\"},"
                + "\"key\":\"k\",\"headers\":{\"operation\":\"update\",\"lsn\":\"5\",\"op_position\":0}}";
        scene.answer(Reply.caughtUp("h", "5_0", update, Reply.UP_TO_DATE).with("electric-schema", schema));

        assertThat(scene.out.rows.values())
                .singleElement()
                .extracting(Row::toMap)
                .isEqualTo(Map.of("itemId", 1, "ownerName", "y"));
    }

    @Test
    void twoColumnsOfOneNameAreRefused() {
        Scene scene =
                new Scene("items").set(ElectricOptions.COLUMN_NAMES, CAMEL).start();
        String schema = "{\"a_b\":{\"type\":\"int4\",\"pk_index\":0},\"a_B\":{\"type\":\"text\"}}";

        scene.answer(Reply.caughtUp("h", "0_0").with("electric-schema", schema));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.REJECTED);
        assertThat(scene.lastEnd().ending().reason())
                .hasMessage("the column names of the server do not map one to one: two columns are named 'aB'");
    }
}
