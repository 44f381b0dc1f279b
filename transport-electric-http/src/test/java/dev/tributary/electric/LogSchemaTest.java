package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ColumnType;
import dev.tributary.ProtocolException;
import dev.tributary.RowSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's description of the columns. */
class LogSchemaTest {

    private static LogSchema parse(String header, Map<String, Function<ColumnInfo, ColumnType>> types) {
        return LogSchema.parse(header, new LogSchema.Reading(ColumnNames.unchanged(), types), List.of());
    }

    private static LogSchema parse(String header) {
        return parse(header, Map.of());
    }

    @Test
    @Tag("E46")
    void columnsKeepTheServersOrderAndTheirProperties() {
        RowSchema schema = parse(
                        "{\"z\":{\"type\":\"int4\",\"pk_index\":1,\"not_null\":true},\"a\":{\"type\":\"text\",\"dims\":2,"
                                + "\"not_null\":false},\"k\":{\"pk_index\":0,\"type\":\"numeric\",\"precision\":5,\"scale\":2,\"odd\":{\"x\":[1]}}}")
                .rowSchema();

        assertThat(schema).hasToString("(z int4, a text[][], k numeric(5,2))");
        assertThat(schema.keyShape()).isEqualTo("(k numeric(5,2), z int4)");
        assertThat(schema.columns().get(0).nullable()).isFalse();
        assertThat(schema.columns().get(1).nullable()).isTrue();
        assertThat(schema.columns().get(2).nullable()).isTrue();
    }

    @Test
    @Tag("E46")
    void namesMayHaveAnyLetters() {
        String header = "{\"größe 日本\":{\"type\":\"text\"}}";
        String latin = new String(header.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        assertThat(parse(latin).names()).containsExactly("größe 日本");
    }

    @ParameterizedTest
    @Tag("L10")
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"a\":7}",
                "{\"a\":{\"type\":\"x\"}",
                "{\"a\":{\"type\":\"x\"}} {}",
                "nonsense",
                "",
                "7",
                "{\"a\":{\"type\":\"x\",\"pk_index\":\"first\"}}",
                "{\"a\":{\"type\":\"x\",\"dims\":1.5}}",
                "{\"a\":{\"dims\":1}}",
                "{\"a\":null}"
            })
    void malformedDescriptionsAreTypedErrors(String header) {
        assertThatThrownBy(() -> parse(header))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("the electric-schema header ");
    }

    @Test
    @Tag("L10")
    void theirMessagesShowTheBeginning() {
        assertThatThrownBy(() -> parse("[" + "1".repeat(199)))
                .hasMessage("the electric-schema header is no object of columns: '[" + "1".repeat(199) + "'");
        assertThatThrownBy(() -> parse("[" + "1".repeat(200)))
                .hasMessage("the electric-schema header is no object of columns: '[" + "1".repeat(199) + "…'");
        assertThatThrownBy(() -> parse("{\"a\":{\"dims\":1}}"))
                .hasMessage("the electric-schema header gives column 'a' no type");
    }

    @Test
    @Tag("L10")
    void thereAreNotWithoutEndManyColumns() {
        StringBuilder header = new StringBuilder("{\"c0\":{\"type\":\"text\"}");
        for (int i = 1; i < LogSchema.MAX_COLUMNS; i++) {
            header.append(",\"c").append(i).append("\":{\"type\":\"text\"}");
        }
        assertThat(parse(header + "}").names()).hasSize(LogSchema.MAX_COLUMNS);
        assertThatThrownBy(() -> parse(header + ",\"more\":{\"type\":\"text\"}}"))
                .isInstanceOf(ProtocolException.class);
        assertThat(parse("{\"a\":{\"type\":\"text\",\"dims\":99}}").rowSchema())
                .hasToString("(a text" + "[]".repeat(16) + ")");
    }

    @Test
    @Tag("E17")
    void rowsThatAreHeldKeepTheirSchemaIfItIsTheSame() {
        RowSchema held = parse(Reply.SCHEMA).rowSchema();

        assertThat(parse(Reply.SCHEMA).holding(held).rowSchema()).isSameAs(held);
        assertThat(parse("{\"id\":{\"type\":\"int4\"},\"v\":{\"type\":\"text\"}}")
                        .holding(held))
                .isNull();
    }

    @Test
    @Tag("E50")
    void savedRowsDoNotKnowOnesOwnTypes() {
        Map<String, Function<ColumnInfo, ColumnType>> own = Map.of("money", info -> new OwnMoney());
        String scalar = "{\"id\":{\"type\":\"int4\"},\"m\":{\"type\":\"money\"}}";
        String array = "{\"id\":{\"type\":\"int4\"},\"m\":{\"type\":\"money\",\"dims\":1}}";
        for (String header : List.of(scalar, array)) {
            RowSchema saved = parse(header).rowSchema();
            RowSchema inProcess = parse(header, own).rowSchema();
            assertThat(saved).isEqualTo(inProcess);

            assertThat(parse(header, own).holding(saved)).as("plain texts").isNull();
            assertThat(parse(header, own).holding(inProcess)).isNotNull();
            assertThat(parse(header, Map.of("other", info -> new OwnMoney())).holding(saved))
                    .isNotNull();
        }
    }

    private static final class OwnMoney implements ColumnType {

        @Override
        public String name() {
            return "money";
        }

        @Override
        public Object decode(byte[] bytes, int offset, int length) {
            return length;
        }

        @Override
        public byte[] encode(Object value) {
            return new byte[0];
        }

        @Override
        public Class<?> javaType() {
            return Integer.class;
        }
    }

    @Test
    @Tag("E50")
    void onlyTextsThatMayBeNullCanBeColumnsThatWereNotDescribed() {
        LogSchema said = parse(Reply.SCHEMA);
        RowSchema held = parse("{\"id\":{\"type\":\"int4\",\"not_null\":true,\"pk_index\":0},\"v\":{\"type\":\"text\"},"
                        + "\"a\":{\"type\":\"text\"},\"b\":{\"type\":\"text\",\"not_null\":true},\"c\":{\"type\":\"int4\"},"
                        + "\"d\":{\"type\":\"text\",\"pk_index\":1}}")
                .rowSchema();

        assertThat(said.undescribed(held)).containsExactly("a");
        assertThat(said.describedColumns()).isEqualTo(2);
    }
}
