package dev.tributary.sodp;

import static dev.tributary.sodp.Packed.map;
import static dev.tributary.sodp.Scene.op;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.sodp.Scene.FakeSubscription;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A token that says when it ends is renewed before the server cuts the connection. */
class ExpiryTest {

    static String token(String claims) {
        String middle = Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        return "head." + middle + ".signature";
    }

    private static String ending(Scene scene, Duration in) {
        return token("{\"sub\":\"ada\",\"exp\":" + scene.out.now().plus(in).getEpochSecond() + "}");
    }

    private static Scene scene(SodpDialect dialect) {
        return new Scene(dialect).authenticated();
    }

    private static void begin(Scene scene, String token) {
        scene.open().receive(FrameType.HELLO, 0, scene.helloBody(true));
        scene.credential(token).receive(FrameType.AUTH_OK, 0, map("sub", "ada"));
        scene.sent();
    }

    @Test
    @Tag("S5")
    @Tag("S29")
    void aNewConnectionIsMadeShortlyBeforeTheTokenEnds() {
        Scene scene = scene(SodpDialect.RUST);
        FakeSubscription view = scene.subscribe("k");
        begin(scene, ending(scene, Duration.ofMinutes(5)));
        scene.init(10, "k", 1, map("a", 1));
        scene.advance(Duration.ofMinutes(4));
        assertThat(scene.out.ends).isEmpty();
        scene.advance(Duration.ofSeconds(45));
        assertThat(scene.ended().kind()).isEqualTo(Ending.Kind.CONTINUE);
        assertThat(scene.content(view).ends.get(0).carry()).isInstanceOf(Held.class);
        assertThat(scene.wire().closeCode).isEqualTo(1000);
    }

    @Test
    @Tag("S34")
    @Tag("S37")
    void callsThatWereSentAreWaitedForAndLaterOnesLeftToTheNextConnection() {
        Scene scene = scene(SodpDialect.RUST);
        scene.subscribe("k");
        begin(scene, ending(scene, Duration.ofMinutes(5)));
        scene.init(10, "k", 1, map("a", 1));
        Call sent = scene.call(Invocation.set("k", 1L));
        String id = scene.sentOne().callId();
        scene.advance(Duration.ofSeconds(275));
        assertThat(scene.out.ends).isEmpty();
        Call later = scene.call(Invocation.set("k", 2L));
        assertThat(scene.sent()).isEmpty();
        scene.delta(10, "k", 2, op("UPDATE", "/", 1)).result(id, true, map("version", 2));
        assertThat(scene.out.replies).containsKey(sent);
        assertThat(scene.out.sentCalls).doesNotContain(later);
        assertThat(scene.ended().kind()).isEqualTo(Ending.Kind.CONTINUE);
    }

    @Test
    @Tag("S34")
    void anAnswerThatDoesNotComeIsNotWaitedForLongerThanTheTokenLasts() {
        Scene scene = scene(SodpDialect.RUST);
        scene.subscribe("k");
        begin(scene, ending(scene, Duration.ofMinutes(5)));
        scene.init(10, "k", 1, map("a", 1));
        scene.call(Invocation.set("k", 1L));
        scene.advance(Duration.ofSeconds(298));
        assertThat(scene.ended().kind()).isEqualTo(Ending.Kind.CONTINUE);
    }

    @Test
    @Tag("S29")
    void theSameTokenAgainIsLeftToTheServer() {
        Scene scene = scene(SodpDialect.RUST);
        scene.subscribe("k");
        String token = ending(scene, Duration.ofMinutes(5));
        begin(scene, token);
        scene.init(10, "k", 1, map("a", 1)).advance(Duration.ofSeconds(275));
        assertThat(scene.out.ends).hasSize(1);
        scene.reconnectSilently();
        begin(scene, token);
        scene.init(10, "k", 1, map("a", 1)).advance(Duration.ofSeconds(24));
        assertThat(scene.out.ends).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = SodpDialect.class,
            names = {"TYPESCRIPT", "GO"})
    @Tag("S29")
    void serversThatDoNotLookAgainAreLeftAlone(SodpDialect dialect) {
        Scene scene = scene(dialect);
        scene.subscribe("k");
        begin(scene, ending(scene, Duration.ofMinutes(5)));
        scene.init(10, "k", 1, map("a", 1)).advance(Duration.ofMinutes(4));
        assertThat(scene.out.timers).doesNotContainKey(Timers.RENEW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "opaque", "a.b.c", "a.!!!.c", "..",
            })
    @Tag("S6")
    void aTokenThatSaysNothingIsNoFault(String token) {
        assertThat(TokenExpiry.of(token)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"exp\":\"1700000000\"}",
                "{\"exp\":-5}",
                "{\"exp\":999999999999999999999}",
                "{\"in\":{\"exp\":1700000000}}",
                "{\"in\":[{\"exp\":1700000000}]}",
                "{\"a\":\"\\\",\\\"exp\\\":1700000000\"}",
                "{\"a\":\"exp\",\"b\":1700000000}",
                "{\"a\":\"\\",
                "{\"exp\":",
                "\"exp\":1700000000",
            })
    @Tag("S6")
    void onlyTheClaimItselfCounts(String claims) {
        assertThat(TokenExpiry.of(token(claims))).isNull();
    }

    @Property
    @net.jqwik.api.Tag("S6")
    void theClaimIsFoundWhateverStandsBeside(
            @ForAll @LongRange(min = 0, max = 9_999_999_999L) long seconds,
            @ForAll @StringLength(max = 20) String beside,
            @ForAll boolean first) {
        String text = "\"other\": [\"" + beside.replace("\\", "\\\\").replace("\"", "\\\"") + "\", {\"exp\": 3}]";
        String expiry = "\"exp\" : " + seconds;
        String claims = "{" + (first ? expiry + "," + text : text + "," + expiry) + "}";
        assertThat(TokenExpiry.of(token(claims))).isEqualTo(Instant.ofEpochSecond(seconds));
    }

    @Property
    @net.jqwik.api.Tag("S6")
    void noTokenDoesHarm(@ForAll String claims, @ForAll String token) {
        TokenExpiry.of(token(claims));
        TokenExpiry.of(token);
    }
}
