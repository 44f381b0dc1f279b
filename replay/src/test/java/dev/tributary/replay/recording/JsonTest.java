package dev.tributary.replay.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void treesAreComparedByMeaning() throws IOException {
        Object one = Json.parse("{\"a\":[1,null,true,\"x\"],\"b\":{\"c\":1.50}}");
        assertThat(Json.same(one, Json.parse("{\"b\":{\"c\":1.5},\"a\":[1.0,null,true,\"x\"]}")))
                .isTrue();
        assertThat(Json.same(one, Json.parse("{\"b\":{\"c\":1.5},\"a\":[null,1,true,\"x\"]}")))
                .isFalse();
        assertThat(Json.same(one, Json.parse("{\"a\":[1,null,true,\"x\"]}"))).isFalse();
        assertThat(Json.same(Json.parse("1"), Json.parse("\"1\""))).isFalse();
    }

    @Test
    void bigNumbersKeepTheirDigits() throws IOException {
        assertThat(Json.parse("18446744073709551616")).hasToString("18446744073709551616");
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        String text = "{\"a\":[1,null,true,\"x\\\"\\\\\\n\\u0001é🎉\"],\"b\":{}}";
        assertThat(Json.same(Json.parse(text), Json.parse(JsonTexts.write(Json.parse(text)))))
                .isTrue();
    }

    @Test
    void oneValueAndNoMore() {
        assertThatThrownBy(() -> Json.parse("1 2")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Json.parse("")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Json.parse("{\"a\":")).isInstanceOf(IOException.class);
    }
}
