package dev.tributary.sodp;

import static dev.tributary.sodp.Packed.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
import dev.tributary.Credential;
import dev.tributary.RejectedException;
import dev.tributary.sodp.Packed.Sent;
import dev.tributary.sodp.Scene.FakeSubscription;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WireEnd;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a connection begins, and how it ends. */
class ConnectionTest {

    private static final byte[] HEARTBEAT = {(byte) 0x94, 0x09, 0x00, 0x00, (byte) 0xc0};

    @ParameterizedTest
    @EnumSource(SodpDialect.class)
    @Tag("S1")
    @Tag("S4")
    void nothingIsSentBeforeHelloAndNoAuthWhereNoneIsWanted(SodpDialect dialect) {
        Scene scene = new Scene(dialect);
        scene.subscribe("k");
        scene.call(Invocation.set("k", 1L));
        scene.open();
        assertThat(scene.sent()).isEmpty();
        scene.hello();
        assertThat(scene.sent())
                .extracting(Sent::type)
                .containsExactly(FrameType.WATCH, FrameType.CALL)
                .doesNotContain(FrameType.AUTH);
    }

    @ParameterizedTest
    @EnumSource(SodpDialect.class)
    @Tag("S1")
    @Tag("S5")
    @Tag("S42")
    void nothingButAuthAndHeartbeatsIsSentBeforeAuthOk(SodpDialect dialect) {
        Scene scene = new Scene(dialect).authenticated();
        scene.subscribe("k");
        Call call = scene.call(Invocation.set("k", 1L));
        Call asked = scene.wish(new Wish.AskServer(), null);
        scene.open().receive(HEARTBEAT);
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.HEARTBEAT);
        scene.receive(FrameType.HELLO, 0, scene.helloBody(true));
        assertThat(scene.sent()).isEmpty();
        assertThat(scene.out.credentialsAsked).hasSize(1);
        scene.receive(HEARTBEAT).credential("t0ken").receive(HEARTBEAT);
        List<Sent> sent = scene.sent();
        assertThat(sent)
                .extracting(Sent::type)
                .containsExactly(FrameType.HEARTBEAT, FrameType.AUTH, FrameType.HEARTBEAT);
        assertThat(sent.get(1).body()).isEqualTo(map("token", "t0ken"));
        assertThat(sent.get(1).seq()).isEqualTo(1);
        scene.receive(FrameType.AUTH_OK, 0, map("sub", "ada"));
        assertThat(scene.sent()).extracting(Sent::type).containsExactly(FrameType.WATCH, FrameType.CALL);
        assertThat(scene.out.sentCalls).containsExactly(call);
        assertThat(((SodpServer) scene.out.replies.get(asked)).subject()).isEqualTo("ada");
    }

    @Test
    @Tag("S2")
    void strangeHellosAreAccepted() {
        for (Map<String, Object> body : List.<Map<String, Object>>of(
                map("auth", false, "version", "0.1"),
                map("auth", false, "capabilities", map("rate_limit_writes", null, "rate_limit_watches", null)),
                map("zzz", List.of(1), "capabilities", map("future", map("a", 1)), "version", "1.9", "auth", false),
                map("protocol", "sodp", "auth", false, "server", null, "capabilities", null, "version", null))) {
            Scene scene = new Scene(SodpDialect.STANDARD);
            scene.subscribe("k");
            scene.open().receive(FrameType.HELLO, 0, body);
            assertThat(scene.out.ends).isEmpty();
            assertThat(scene.sentOne().type()).isEqualTo(FrameType.WATCH);
        }
    }

    @Test
    @Tag("S2")
    void aForeignProtocolOrALaterMajorVersionIsRefusedForGood() {
        for (Map<String, Object> body : List.<Map<String, Object>>of(
                map("protocol", "mqtt", "auth", false, "version", "1.0"),
                map("protocol", "sodp", "auth", false, "version", "2.0"),
                map("auth", false, "version", "99999999999999999999.1"))) {
            Scene scene = new Scene(SodpDialect.STANDARD);
            scene.subscribe("k");
            scene.open().receive(FrameType.HELLO, 0, body);
            assertThat(scene.ended().kind()).isEqualTo(Ending.Kind.REJECTED);
            assertThat(scene.ended().reason()).isInstanceOf(RejectedException.class);
            assertThat(scene.wire().closed).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(SodpDialect.class)
    @Tag("S2")
    void theServerIsKnownByItsHello(SodpDialect dialect) {
        Scene scene = new Scene(dialect).limit("rate_limit_writes", 7).limit("rate_limit_watches", null);
        scene.subscribe("k");
        Call asked = scene.wish(new Wish.AskServer(), null);
        scene.live();
        SodpServer server = (SodpServer) scene.out.replies.get(asked);
        assertThat(server.dialect()).isEqualTo(dialect);
        assertThat(server.writesPerSecond()).hasValue(7);
        assertThat(server.watchesPerSecond()).isEmpty();
        assertThat(server.resume()).isEqualTo(dialect != SodpDialect.GO);
        assertThat(scene.out.negotiated.contains(Capability.LOSSLESS)).isEqualTo(dialect != SodpDialect.GO);
        assertThat(scene.out.negotiated.contains(Capability.PRESENCE)).isEqualTo(dialect != SodpDialect.GO);
        assertThat(scene.out.negotiated.contains(Capability.RESUME)).isEqualTo(dialect != SodpDialect.GO);
    }

    @Test
    @Tag("S2")
    void theDialectCanBeGiven() {
        Scene scene = new Scene(SodpDialect.STANDARD).set(SodpOptions.DIALECT, "go");
        scene.subscribe("k");
        Call asked = scene.wish(new Wish.AskServer(), null);
        scene.live();
        assertThat(((SodpServer) scene.out.replies.get(asked)).dialect()).isEqualTo(SodpDialect.GO);
    }

    @Test
    @Tag("S3")
    void helloAndAuthOkHaveTimeouts() {
        Scene scene = new Scene(SodpDialect.RUST).authenticated();
        scene.subscribe("k");
        scene.open().advance(Duration.ofSeconds(11));
        assertThat(scene.ended().kind()).isEqualTo(Ending.Kind.RETRY);
        assertThat(scene.ended().reason()).hasMessageContaining("HELLO");
        Scene second = new Scene(SodpDialect.RUST).authenticated();
        second.subscribe("k");
        second.open().receive(FrameType.HELLO, 0, second.helloBody(true)).credential("t");
        second.advance(Duration.ofSeconds(16));
        assertThat(second.ended().kind()).isEqualTo(Ending.Kind.RETRY);
        assertThat(second.wire().closed).isTrue();
    }

    @Test
    @Tag("S3")
    @Tag("S55")
    void anyErrorBeforeAuthOkEndsTheAttemptThoughTheServerKeepsTheSocket() {
        for (long code : new long[] {400, 401, 403}) {
            Scene scene = new Scene(SodpDialect.GO).authenticated();
            FakeSubscription view = scene.subscribe("k");
            scene.open().receive(FrameType.HELLO, 0, scene.helloBody(true)).credential("s3cret");
            scene.error(0, code, "bad token s3cret");
            assertThat(scene.ended().kind()).isEqualTo(Ending.Kind.REAUTHENTICATE);
            assertThat(scene.ended().reason()).isInstanceOf(SodpException.class);
            assertThat(scene.ended().reason().toString()).doesNotContain("s3cret");
            assertThat(scene.wire().closed).isTrue();
            assertThat(scene.content(view).ends).hasSize(1);
            // The bare end of the connection that follows is none of a network.
            scene.drop();
            assertThat(scene.out.ends).hasSize(1);
        }
    }

    @Test
    @Tag("S55")
    void aTokenThatExpiresWhileLiveIsARefusedToken() {
        Scene scene = new Scene(SodpDialect.RUST).authenticated();
        scene.subscribe("k");
        scene.open().receive(FrameType.HELLO, 0, scene.helloBody(true)).credential("t");
        scene.receive(FrameType.AUTH_OK, 0, map("sub", "ada")).absent(10, "k");
        scene.error(0, 401, "token expired");
        assertThat(scene.ended().kind()).isEqualTo(Ending.Kind.REAUTHENTICATE);
    }

    @Test
    @Tag("S6")
    void aMissingTokenIsAClearError() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        scene.subscribe("k");
        scene.open().receive(FrameType.HELLO, 0, scene.helloBody(true));
        assertThat(scene.ended().kind()).isEqualTo(Ending.Kind.REJECTED);
        assertThat(scene.ended().reason())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("token");
        Scene second = new Scene(SodpDialect.TYPESCRIPT).authenticated();
        second.subscribe("k");
        second.open().receive(FrameType.HELLO, 0, second.helloBody(true));
        second.protocol().credential(Credential.NONE, second.out);
        assertThat(second.ended().kind()).isEqualTo(Ending.Kind.REJECTED);
    }

    @Test
    @Tag("S9")
    void addressesOfAllSchemesAreUnderstood() {
        assertThat(address("sodp://host/a?audit=1s")).isEqualTo("sodp+ws://host:7777/a?audit=1s");
        assertThat(address("sodps://host:9")).isEqualTo("sodp+wss://host:9");
        assertThat(address("sodps://[::1]")).isEqualTo("sodp+wss://[::1]:7777");
        assertThat(address("ws://host/path")).isEqualTo("sodp+ws://host/path");
        assertThat(address("sodp+wss://host")).isEqualTo("sodp+wss://host");
    }

    private static String address(String text) {
        return SodpSourceBuilder.addressOf(URI.create(text)).toString();
    }

    @Test
    @Tag("S9")
    @Tag("L8")
    void headersGoWithTheHandshakeAndAreNotPrinted() {
        Scene scene = new Scene(SodpDialect.RUST).set(SodpOptions.HEADERS, Map.of("x-proxy", "s3cret"));
        scene.subscribe("k");
        assertThat(scene.wire().target.credentials()).containsEntry("x-proxy", "s3cret");
        assertThat(scene.wire().target.toString()).doesNotContain("s3cret");
        assertThat(scene.wire().target.uri()).hasToString("ws://localhost:7777/sync");
        assertThat(scene.wire().target.subprotocols()).isEmpty();
        assertThat(scene.wire().target.pingAfter()).isEqualTo(Duration.ofSeconds(20));
        assertThat(scene.wire().target.deadlines().idle()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aRefusedHandshakeIsTriedAgainUnlessItIsForbidden() {
        for (int status : new int[] {503, 429, 403}) {
            Scene scene = new Scene(SodpDialect.GO);
            scene.subscribe("k");
            scene.protocol().opened(scene.wire(), new Head(status, Map.of()), scene.out);
            scene.protocol().ended(scene.wire(), WireEnd.complete(), scene.out);
            assertThat(scene.ended().kind()).isEqualTo(status == 403 ? Ending.Kind.REJECTED : Ending.Kind.RETRY);
            assertThat(scene.ended().reason()).hasMessageContaining(String.valueOf(status));
        }
    }

    @Test
    @Tag("S10")
    void fragmentsArePutTogetherUpToABound() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT).set(SodpOptions.MAX_MESSAGE, 2_000L);
        FakeSubscription view = scene.subscribe("k");
        scene.live();
        byte[] init = Packed.frame(
                FrameType.STATE_INIT,
                10,
                1,
                map("state", "k", "version", 1, "value", "x".repeat(1000), "initialized", true));
        for (int at = 0; at < init.length; at += 100) {
            int length = Math.min(100, init.length - at);
            scene.protocol()
                    .data(
                            scene.wire(),
                            Protocol.DataKind.BINARY,
                            ByteBuffer.wrap(init, at, length),
                            at + length == init.length,
                            scene.out);
        }
        assertThat(scene.value(view)).isEqualTo("x".repeat(1000));
        assertThat(scene.content(view).progress).isNotEmpty();
        for (int i = 0; i < 21 && scene.out.ends.isEmpty(); i++) {
            scene.protocol().data(scene.wire(), Protocol.DataKind.BINARY, ByteBuffer.allocate(100), false, scene.out);
        }
        assertThat(scene.ended().kind()).isEqualTo(Ending.Kind.RETRY);
        assertThat(scene.ended().reason()).hasMessageContaining("2000 bytes").hasMessageContaining("maxMessage");
    }

    @Test
    @Tag("S10")
    void textAndUnreadableFramesAreReportedAndDoNotEndTheConnection() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 1, map("a", 1));
        scene.sent();
        scene.protocol().data(scene.wire(), Protocol.DataKind.TEXT, ByteBuffer.wrap(new byte[] {65}), true, scene.out);
        assertThat(scene.content(view).faults).singleElement().asString().contains("text message");
        assertThat(scene.sent()).isEmpty();
        // It may have been a change: the copy is not trusted until it is read anew.
        scene.receive(new byte[] {(byte) 0x94, 0x04});
        assertThat(scene.out.ends).isEmpty();
        assertThat(scene.content(view).isLive).isFalse();
        assertThat(scene.sent()).extracting(Sent::type).containsExactly(FrameType.UNWATCH, FrameType.WATCH);
        scene.init(11, "k", 2, map("a", 2));
        assertThat(scene.value(view)).isEqualTo(map("a", 2L));
        assertThat(scene.content(view).isLive).isTrue();
        scene.receive(new byte[] {(byte) 0xc1}).receive(new byte[] {(byte) 0x91});
        assertThat(scene.ended().kind()).as("a peer that speaks something else").isEqualTo(Ending.Kind.RETRY);
    }

    @Test
    @Tag("S13")
    void unknownFrameTypesAreIgnored() {
        Scene scene = new Scene(SodpDialect.RUST);
        FakeSubscription view = scene.subscribe("k");
        scene.live();
        scene.receive(0x0e, 5, null).receive(0xff, 0, map("a", 1)).receive(8, 10, map("seq", 1));
        scene.init(10, "k", 1, 5);
        assertThat(scene.value(view)).isEqualTo(5L);
        assertThat(scene.content(view).faults).isEmpty();
    }

    @Test
    @Tag("S13")
    @Tag("S42")
    void heartbeatsAreAnsweredAndNeverBegun() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        scene.subscribe("k");
        scene.live().absent(10, "k");
        scene.sent();
        scene.advance(Duration.ofMinutes(5));
        assertThat(scene.sent()).isEmpty();
        scene.receive(HEARTBEAT);
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.HEARTBEAT);
        assertThat(scene.wire().raw.get(scene.wire().raw.size() - 1)).isEqualTo(HEARTBEAT);
    }

    @Test
    @Tag("S8")
    void theConnectionIsClosedWithAThousand() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        scene.subscribe("k");
        scene.live().error(0, 401, "invalid token");
        assertThat(scene.wire().closeCode).isEqualTo(1000);
    }

    @Test
    @Tag("S1")
    void whatIsNoHelloEndsTheAttempt() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        scene.subscribe("k");
        scene.open().absent(10, "k");
        assertThat(scene.ended().kind()).isEqualTo(Ending.Kind.RETRY);
        assertThat(scene.ended().reason()).hasMessageContaining("HELLO");
    }

    @Test
    @Tag("S13")
    void framesAreNumberedFromOneOnEachConnection() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        scene.subscribe("a");
        scene.live();
        scene.call(Invocation.set("a", 1L));
        assertThat(scene.sent()).extracting(Sent::seq).containsExactly(1L, 2L);
        scene.drop().reconnect();
        assertThat(scene.sent()).extracting(Sent::seq).containsExactly(1L);
    }
}
