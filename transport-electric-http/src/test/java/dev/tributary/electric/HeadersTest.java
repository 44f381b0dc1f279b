package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Credential;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the heads of answers must have. */
class HeadersTest {

    @Test
    @Tag("E16")
    void missingHeadersEndTheQueryAfterOneRequestAndAreAllNamed() {
        Scene scene = new Scene("items").start();

        scene.answer(Reply.status(200).text("<html>login</html>"));

        assertThat(scene.requests()).isEqualTo(1);
        assertThat(scene.ended()).isEqualTo(Ending.Kind.REJECTED);
        assertThat(scene.lastEnd().ending().reason())
                .isInstanceOf(ElectricException.class)
                .hasMessage("items: the answer of http://localhost:3000/v1/shape?log=full&offset=-1&table=items lacks"
                        + " the headers electric-handle, electric-offset, electric-schema. A proxy or CDN between most"
                        + " likely removes them or does not expose them, or the address is not that of an Electric"
                        + " server");
        assertThat(scene.last().closed).isTrue();
    }

    @Test
    @Tag("E16")
    void theHooksWishToRetryIsIgnored() {
        Scene scene = new Scene("items")
                .authenticated()
                .set(ElectricOptions.ERROR_HOOK, error -> Credential.NONE)
                .start();
        scene.credential(Credential.NONE);

        scene.answer(Reply.caughtUp("h", "0_0").without("electric-offset"));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.REJECTED);
        assertThat(((ElectricException) scene.lastEnd().ending().reason()).status())
                .isEqualTo(200);
    }

    @Test
    @Tag("E16")
    void liveAnswersNeedTheCursorAndNoSchema() {
        assertThat(ResponseHead.of(Reply.live("h", "0_inf", "1").head()).missing(true))
                .isEmpty();
        assertThat(ResponseHead.of(Reply.live("h", "0_inf", "1")
                                .without("electric-cursor")
                                .head())
                        .missing(true))
                .containsExactly("electric-cursor");
        assertThat(ResponseHead.of(Reply.caughtUp("h", "0_inf").head()).missing(false))
                .isEmpty();
        assertThat(ResponseHead.of(Reply.status(200).head()).missing(true))
                .containsExactly("electric-handle", "electric-offset", "electric-cursor");
        assertThat(ResponseHead.of(Reply.caughtUp(" ", "").head()).missing(false))
                .containsExactly("electric-handle", "electric-offset");
    }

    @Test
    @Tag("E16")
    void aLiveAnswerWithoutItsCursorEndsTheQuery() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.live("h1", "0_inf", "1", Reply.UP_TO_DATE).without("electric-cursor"));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.REJECTED);
        assertThat(scene.lastEnd().ending().reason()).hasMessageContaining("lacks the headers electric-cursor.");
    }

    @Test
    @Tag("E20")
    void namesAreMatchedWithoutRegardToCaseAndAnEmptyValueCounts() {
        ResponseHead head = ResponseHead.of(new Head(
                200,
                Map.of(
                        "Electric-Handle", List.of("h"),
                        "ELECTRIC-OFFSET", List.of("0_0"),
                        "Electric-Up-To-Date", List.of(""))));

        assertThat(head.handle()).isEqualTo("h");
        assertThat(head.offset()).isEqualTo("0_0");
        assertThat(head.upToDate()).isTrue();
        assertThat(ResponseHead.of(new Head(200, Map.of())).upToDate()).isFalse();
    }

    @Test
    void onlyTwoHundredsAreGood() {
        assertThat(ResponseHead.of(Reply.status(199).head()).isGood()).isFalse();
        assertThat(ResponseHead.of(Reply.status(200).head()).isGood()).isTrue();
        assertThat(ResponseHead.of(Reply.status(299).head()).isGood()).isTrue();
        assertThat(ResponseHead.of(Reply.status(300).head()).isGood()).isFalse();
    }

    @Test
    @Tag("E17")
    void theFirstSchemaWinsUntilTheLogIsGone() {
        Scene scene = new Scene("items").live();
        String other = "{\"id\":{\"type\":\"int8\",\"pk_index\":0},\"v\":{\"type\":\"text\"}}";
        scene.protocol().unsubscribe(scene.subscription(), scene.out);
        scene.nextSession();

        scene.answer(Reply.caughtUp("h1", "5_0", Reply.change("insert", 3, "x", 5, 0), Reply.UP_TO_DATE)
                .with("electric-schema", other));

        assertThat(scene.rows()).isEqualTo(Map.of(1, "one", 2, "two", 3, "x"));
        assertThat(scene.faults()).isEmpty();

        scene.answer(Reply.status(409).with("electric-handle", "h2"));
        scene.answer(Reply.caughtUp("h2", "0_0", Reply.row(1, "one")).with("electric-schema", other));
        scene.answer(Reply.caughtUp("h2", "0_inf", Reply.UP_TO_DATE).with("electric-schema", Reply.SCHEMA));

        assertThat(scene.rows()).isEqualTo(Map.of(1L, "one"));
    }

    @Test
    @Tag("E46")
    void headerBytesThatWereReadAsLatin1AreReadAsUtf8() {
        String raw = "{\"größe 日本\":{}}";
        String latin = new String(raw.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        assertThat(ResponseHead.utf8(latin)).isEqualTo(raw);
        assertThat(ResponseHead.utf8("größe")).as("no UTF-8 at all").isEqualTo("größe");
        assertThat(ResponseHead.utf8("日本 ü")).as("decoded already").isEqualTo("日本 ü");
        assertThat(ResponseHead.utf8("plain")).isEqualTo("plain");
    }
}
