package dev.tributary.websocket;

import static dev.tributary.websocket.Rig.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.spi.WireEnd;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a server ends a connection, and what is told of it. */
@WithEachClient
class EndsTest {

    private final TestedClient client;

    @AutoClose
    private final Rig rig;

    EndsTest(TestedClient client) {
        this.client = client;
        this.rig = new Rig(client.word);
    }

    @Tag("L10")
    @Test
    void aTruncatedFrameIsBroken() throws Exception {
        assumeTrue(client.noticesEveryEnd);
        Semaphore heardIt = new Semaphore(0);
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            peer.write(Frame.text("good"));
            peer.write(Frame.bytes(0x81, 0, 10, new byte[] {'a', 'b'}));
            heardIt.acquire();
        })) {
            RecordingListener heard = rig.open(server.uri()).ask().listener();
            assertThat(heard.awaitMessage().text()).isEqualTo("good");
            heardIt.release();
            heard.awaitEnd(WireEnd.Kind.BROKEN);
        }
    }

    @Tag("L10")
    @Test
    void aResetWithinAFrameIsBroken() throws Exception {
        assumeTrue(client.noticesEveryEnd);
        Semaphore heardIt = new Semaphore(0);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            peer.write(Frame.text("good"));
            peer.write(Frame.bytes(0x81, 0, 10, new byte[] {'a', 'b'}));
            heardIt.acquire();
            peer.reset();
        })) {
            RecordingListener heard = rig.open(server.uri()).listener();
            assertThat(heard.awaitMessage().text()).isEqualTo("good");
            heardIt.release();
            heard.awaitEnd(WireEnd.Kind.BROKEN);
        }
    }

    @Tag("L10")
    @Test
    void anEndWithoutACloseFrameIsBroken() throws Exception {
        assumeTrue(client.noticesEveryEnd);
        Semaphore heardIt = new Semaphore(0);
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            peer.write(Frame.text("good"));
            heardIt.acquire();
        })) {
            RecordingListener heard = rig.open(server.uri()).ask().listener();
            assertThat(heard.awaitMessage().text()).isEqualTo("good");
            heardIt.release();
            heard.awaitEnd(WireEnd.Kind.BROKEN);
        }
    }

    @Tag("L10")
    @Test
    void aCloseFrameBringsCodeAndReasonAfterTheLastMessageAndIsAnswered() throws Exception {
        CompletableFuture<Frame> answer = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            peer.write(Frame.concat(Frame.text("why"), Frame.close(4001, "slow"), Frame.text("never")));
            answer.complete(peer.next());
        })) {
            RecordingListener heard = rig.open(server.uri()).listener();
            WireEnd end = heard.awaitEnd(WireEnd.Kind.CLOSED);
            assertThat(end.code()).isEqualTo(4001);
            assertThat(end.reason()).contains("4001").contains("slow");
            assertThat(heard.awaitMessage().text()).isEqualTo("why");
            assertThat(heard.messages).isEmpty();
            assertThat(await(answer).opcode()).isEqualTo(Frame.CLOSE);
        }
    }

    @Tag("L10")
    @Test
    void aCloseFrameWithoutACodeIs1005() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(Frame.of(Frame.CLOSE, true, new byte[0]))) {
            assertThat(rig.open(server.uri())
                            .listener()
                            .awaitEnd(WireEnd.Kind.CLOSED)
                            .code())
                    .isEqualTo(1005);
        }
    }

    @Tag("L10")
    @Test
    void theEndWaitsForWhatCameBeforeIt() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(Frame.text("why"), Frame.close(4001, ""))) {
            Rig.Heard wire = rig.open(Rig.target(server.uri()), new RecordingListener(), 0);
            wire.listener().awaitHead();
            assertThat(wire.listener().end).isNotDone();
            wire.connection().request(1);
            assertThat(wire.listener().awaitMessage().text()).isEqualTo("why");
            wire.listener().awaitEnd(WireEnd.Kind.CLOSED);
        }
    }
}
