package dev.tributary.testkit.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault does what it says, and no more. */
class SodpFaultsTest {

    private long now = 1_000_000;
    private final SodpModel model = new SodpModel(SodpOptions.of(SodpDialect.RUST), () -> now, new SplittableRandom(1));

    private RecordingPeer watching() {
        model.set("k", Map.of("n", 0));
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.watch("k").take();
        return peer;
    }

    private void change() {
        model.patch("k", Map.of("n", model.version("k") + 1));
    }

    @Test
    void cutsInsideAndBehindAFrame() {
        RecordingPeer inside = watching();
        model.faults().next(SodpFault.cut(7));
        change();
        assertThat(inside.heard).containsExactly("cut at 7");
        assertThat(inside.session().isOpen()).isFalse();

        RecordingPeer behind = watching();
        model.faults().nth(2, SodpFrame.DELTA, SodpFault.cutBehind());
        change();
        change();
        change();
        assertThat(behind.heard).hasSize(3).last().isEqualTo("end");

        RecordingPeer reset = watching();
        model.faults().next(SodpFault.reset());
        change();
        assertThat(reset.heard).containsExactly("reset");
    }

    @Test
    void aSilentConnectionIsDeadInBothDirections() {
        RecordingPeer peer = watching();
        model.faults().next(SodpFault.silence());
        change();
        change();
        peer.call("state.set", "state", "k", "value", "lost");
        assertThat(peer.heard).isEmpty();
        assertThat(model.value("k")).isEqualTo(Map.of("n", 3L));
        assertThat(peer.session().isOpen()).isTrue();
        advance(60_000);
        assertThat(peer.heard).isEmpty();
        assertThat(peer.session().isOpen()).as("the server has missed a pong").isFalse();
    }

    @Test
    void framesComeLaterInOrderOrOvertaken() {
        RecordingPeer peer = watching();
        model.faults().next(SodpFault.delay(100));
        change();
        change();
        assertThat(peer.heard).isEmpty();
        advance(100);
        assertThat(versions(peer.take())).containsExactly("2", "3");

        model.faults().next(SodpFault.late(100));
        change();
        change();
        assertThat(versions(peer.take())).containsExactly("5");
        advance(100);
        assertThat(versions(peer.take())).containsExactly("4");
        assertThat(model.faults().pending()).isZero();
        assertThat(model.faults().struck()).isEqualTo(2);
    }

    @Test
    void framesAreLostDoubledAndWrong() {
        RecordingPeer peer = watching();
        model.faults().next(SodpFault.drop());
        change();
        model.faults().next(SodpFault.duplicate());
        change();
        model.faults().next(SodpFault.version(version -> version + 100));
        change();
        model.faults().next(SodpFault.withoutField("ops"));
        change();
        assertThat(versions(peer.heard)).containsExactly("3", "3", "104", "5");
        assertThat(peer.heard.get(3)).isEqualTo("[4,10,0,{\"version\":5}]");
    }

    @Test
    void aReplayGetsAHole() {
        RecordingPeer peer = watching();
        change();
        change();
        change();
        peer.session().closed();
        RecordingPeer again = RecordingPeer.connect(model);
        again.take();
        model.faults().add(new SodpFaultRule(SodpEvent::replayed, 1, 1, SodpFault.drop()));
        again.send(SodpFrame.RESUME, 1000, "state", "k", "since_version", 1);
        assertThat(versions(again.take())).containsExactly("2", "4", "4");
    }

    @Test
    void requestsAreRefusedInPlaceOfBeingCarriedOut() {
        RecordingPeer peer = watching();
        model.faults().when(event -> event.isAsked(SodpFrame.CALL), 1, SodpFault.error(429, "rate limit exceeded"));
        peer.call("state.set", "state", "k", "value", 1);
        assertThat(peer.take()).containsExactly("[7,0,0,{\"code\":429,\"message\":\"rate limit exceeded\"}]");
        model.faults().when(event -> event.isAsked(SodpFrame.CALL), 1, SodpFault.fatalError(401, "token expired"));
        peer.call("state.set", "state", "k", "value", 1);
        assertThat(peer.take()).containsExactly("[7,0,0,{\"code\":401,\"message\":\"token expired\"}]", "end");
        assertThat(model.value("k")).isEqualTo(Map.of("n", 0L));
    }

    @Test
    void aResultIsLostThoughTheWriteIsNot() {
        RecordingPeer peer = watching();
        model.faults().nth(1, SodpFrame.RESULT, SodpFault.drop());
        peer.call("state.set", "state", "other", "value", 1);
        assertThat(peer.heard).isEmpty();
        assertThat(model.value("other")).isEqualTo(1L);
    }

    @Test
    void whatIsNoFrameIsSent() {
        RecordingPeer peer = watching();
        List<SodpFault> faults = List.of(
                SodpFault.unknownType(),
                SodpFault.notAnArray(),
                SodpFault.threeElements(),
                SodpFault.wrongTypes(),
                SodpFault.negativeStream(),
                SodpFault.hugeVersion(),
                SodpFault.negativeVersion(),
                SodpFault.hugeMap(),
                SodpFault.hugeArray(),
                SodpFault.hugeText(),
                SodpFault.longText(),
                SodpFault.neverUsedByte(),
                SodpFault.brokenText(),
                SodpFault.empty(),
                SodpFault.truncated(5),
                SodpFault.text("hello"),
                SodpFault.deep(3));
        for (SodpFault fault : faults) {
            model.faults().next(fault);
            change();
        }
        List<String> heard = peer.take();
        assertThat(heard).hasSameSizeAs(faults);
        assertThat(heard.get(0)).isEqualTo("[254,0,0,{}]");
        assertThat(heard.get(1)).isEqualTo("{\"a\":1}");
        assertThat(heard.get(3)).isEqualTo("[\"4\",\"10\",\"0\",{\"version\":\"1\"}]");
        assertThat(heard.get(4)).startsWith("[4,-10,");
        assertThat(heard.get(5)).contains("18446744073709551615");
        assertThat(heard.subList(7, 12)).allMatch(frame -> frame.startsWith("unreadable"));
        assertThat(heard.get(15)).isEqualTo("text hello");
        assertThat(heard.get(16)).contains("\"value\":[[[null]]]");
        assertThat(peer.session().isOpen()).isTrue();
    }

    @Test
    void aValueOfAnyDepthIsWritten() {
        RecordingPeer peer = watching();
        model.faults().next(SodpFault.deep(100_000));
        change();
        assertThat(peer.received.get(peer.received.size() - 1)).hasSizeGreaterThan(100_000);
    }

    @Test
    void upgradesAreRefusedAsOftenAsAsked() {
        model.faults().refuseUpgrade(503).resetUpgrade();
        assertThat(model.admit().status()).isEqualTo(503);
        assertThat(model.admit().isReset()).isTrue();
        assertThat(model.admit().isAccepted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aRestartForgetsOrRemembers(SodpDialect dialect) {
        SodpOptions options = SodpOptions.of(dialect);
        SodpModel server = new SodpModel(
                dialect == SodpDialect.RUST ? options.withLogOnDisk() : options, () -> now, new SplittableRandom(1));
        server.set("k", 1);
        RecordingPeer peer = RecordingPeer.connect(server);
        peer.take();
        if (dialect == SodpDialect.RUST) {
            server.restart(true);
            assertThat(server.value("k")).isEqualTo(1L);
        }
        server.restart(false);
        assertThat(server.exists("k")).isFalse();
        assertThat(peer.heard).containsExactly(dialect == SodpDialect.RUST ? "close 1005" : "end");
        assertThat(server.sessions()).isEmpty();
    }

    private void advance(long millis) {
        long end = now + millis;
        while (model.nextDeadline().orElse(Long.MAX_VALUE) <= end) {
            now = model.nextDeadline().getAsLong();
            model.tick();
        }
        now = end;
    }

    private static List<String> versions(List<String> frames) {
        return frames.stream()
                .map(frame -> frame.replaceAll(".*\"version\":(\\d+).*", "$1"))
                .toList();
    }
}
