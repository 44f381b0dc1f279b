package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.Query;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a query may say. */
class ShapeQueryTest {

    private static Map<String, String> request(String query) {
        return ShapeQuery.of(Query.parse(query)).request(ColumnNames.unchanged());
    }

    @Test
    @Tag("E4")
    void theTextFormIsReadAndSent() {
        assertThat(request(
                        "public.items?where=price>$1 AND a=$2&columns=id,price&params[1]=10&params[2]=x&replica=full"))
                .isEqualTo(Map.of(
                        "table", "public.items",
                        "where", "price>$1 AND a=$2",
                        "columns", "id,price",
                        "params[1]", "10",
                        "params[2]", "x",
                        "replica", "full",
                        "log", "full"));
        assertThat(request("items?log=changes_only&offset=-1"))
                .isEqualTo(Map.of("table", "items", "log", "changes_only"));
    }

    @Test
    void aProxyMayNameTheTable() {
        assertThat(request("?where=a=1")).isEqualTo(Map.of("where", "a=1", "log", "full"));
        assertThat(ShapeQuery.of(Query.of("")).shown()).isEqualTo("shape");
        assertThat(ShapeQuery.of(Query.of("items")).shown()).isEqualTo("items");
    }

    @Test
    void modesAreKnown() {
        assertThat(ShapeQuery.of(Query.parse("t")).start()).isEqualTo("-1");
        assertThat(ShapeQuery.of(Query.parse("t?offset=now")).start()).isEqualTo("now");
        assertThat(ShapeQuery.of(Query.parse("t")).beginsWithoutRows()).isFalse();
        assertThat(ShapeQuery.of(Query.parse("t?offset=now")).beginsWithoutRows())
                .isTrue();
        assertThat(ShapeQuery.of(Query.parse("t?log=changes_only")).beginsWithoutRows())
                .isTrue();
        assertThat(ShapeQuery.of(Query.parse("t?log=full")).beginsWithoutRows()).isFalse();
        assertThat(ShapeQuery.of(Query.parse("t?replica=full")).isFull()).isTrue();
        assertThat(ShapeQuery.of(Query.parse("t?replica=default")).isFull()).isFalse();
    }

    @ParameterizedTest
    @Tag("E8")
    @ValueSource(strings = {"0_0", "42_7", "0_inf", "x", ""})
    void anOffsetElsewhereIsRefusedBecauseItLacksTheHandle(String offset) {
        assertThatThrownBy(() -> request("items?offset=" + offset))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("offset is -1 or now, got '" + offset + "'")
                .hasMessageContaining("handle");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "items?wher=x | unknown parameter 'wher'; did you mean where?",
                "items?column=x | unknown parameter 'column'; did you mean columns?",
                "items?param[1]=x | unknown parameter 'param[1]'; did you mean params[1]?",
                "items?xyzzy=1 | unknown parameter 'xyzzy'; there are where, params[1], columns, replica, log, offset",
                "items?replica=half | replica is default or full, got 'half'",
                "items?log=some | log is full or changes_only, got 'some'",
                "items?where=a&where=b | parameter 'where' is given twice",
                "items?params[0]=a | the 1 params are numbered from 1 without a gap, but there is params[0]",
                "items?params[1]=a&params[3]=b | the 2 params are numbered from 1 without a gap, but there is params[3]",
            })
    void whatCannotBeMeantIsRefused(String query, String message) {
        assertThatThrownBy(() -> new ElectricTransport().query(query))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("query '" + query + "': " + message);
    }

    @Test
    @Tag("E4")
    void theBuilderQuotesColumnsAndNumbersParams() {
        Query query = Electric.shape("items")
                .where("price > $1 AND id = $2")
                .params(10, new BigInteger("9223372036854775808"))
                .columns("id", "we\"ird", "a,b")
                .fullReplica()
                .build();

        assertThat(ShapeQuery.of(query).request(ColumnNames.unchanged()))
                .isEqualTo(Map.of(
                        "table", "items",
                        "where", "price > $1 AND id = $2",
                        "params[1]", "10",
                        "params[2]", "9223372036854775808",
                        "columns", "\"id\",\"we\"\"ird\",\"a,b\"",
                        "replica", "full",
                        "log", "full"));
    }

    @Test
    @Tag("E4")
    void theBuilderTakesListsAndMaps() {
        assertThat(Electric.shape("t")
                        .params(List.of("a", "b"))
                        .columns(List.of("x"))
                        .build())
                .isEqualTo(Query.parse("t?params[1]=a&params[2]=b&columns=\"x\""));
        assertThat(Electric.shape("t")
                        .params(Map.of(2, "b", 1, "a"))
                        .changesOnly()
                        .build())
                .isEqualTo(Query.parse("t?params[1]=a&params[2]=b&log=changes_only"));
        assertThat(Electric.shape("t").fromNow().build()).isEqualTo(Query.parse("t?offset=now"));
        assertThatThrownBy(() -> Electric.shape("t").params(Map.of(2, "b")).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("without a gap");
        assertThatThrownBy(() -> Electric.shape("t").where("a").where("b").build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("given twice");
    }
}
