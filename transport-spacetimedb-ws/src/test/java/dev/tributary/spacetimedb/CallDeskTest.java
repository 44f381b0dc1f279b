package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spacetimedb.codec.Payload;
import dev.tributary.spacetimedb.codec.ServerMessage;
import dev.tributary.spacetimedb.codec.ServerMessage.Outcome;
import dev.tributary.spacetimedb.codec.Subprotocol;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spi.Call;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What answers to calls become from v2 on, where values and errors have types. */
class CallDeskTest {

    /** The reducer {@code nothing} gives a text and fails with a number. */
    private static final DatabaseSchema SCHEMA = DatabaseSchema.parse("{\"sections\":[{\"Typespace\":{\"types\":[]}},"
            + "{\"Reducers\":[{\"source_name\":\"nothing\",\"params\":{\"elements\":[]},\"visibility\":{\"ClientCallable\":"
            + "[]},\"ok_return_type\":{\"String\":[]},\"err_return_type\":{\"U8\":[]}}]}]}");

    private static final ConnectionInfo SELF = new ConnectionInfo(
            new Identity(BigInteger.ONE), new ConnectionId(BigInteger.TEN), ProtocolVersion.V2_BSATN, "t0ken", false);

    private final Told told = new Told();
    private final CallDesk desk = new CallDesk();
    private final Link link = new Link(new Told.Opened(null, 0), Subprotocol.V2_BSATN, 1);
    private long id;

    private Call send(String reducer, boolean silent) {
        Wish.Reducer wish = new Wish.Reducer(reducer, Arguments.bsatn(new byte[0]), silent);
        Call call = new Told.Asked(wish);
        desk.sendReducer(call, wish, link, SCHEMA, told);
        id++;
        return call;
    }

    private void answer(Outcome outcome, Payload value, String error) {
        ServerMessage.ReducerResult message = new ServerMessage.ReducerResult(id, 1_000_001, outcome, value, error);
        desk.answer(message, desk.event(message, SELF), link, told);
    }

    private Object result(String reducer, Outcome outcome, Payload value) {
        Call call = send(reducer, false);
        assertThat(link.hasRoom()).isFalse();
        answer(outcome, value, null);
        assertThat(link.hasRoom()).isTrue();
        return told.replies.get(call);
    }

    private static Payload bytes(int... bytes) {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        return Payload.of(all);
    }

    private Object valueOf(String reducer, Payload value) {
        ReducerOutcome.Committed committed = (ReducerOutcome.Committed) result(reducer, Outcome.COMMITTED, value);
        assertThat(committed.timestamp()).isEqualTo(Instant.ofEpochSecond(1, 1_000));
        return committed.value();
    }

    @Test
    @Tag("T35")
    void whatAReducerReturnsIsOfItsTypeOrItsBytes() {
        assertThat(valueOf("nothing", bytes(2, 0, 0, 0, 'h', 'i'))).isEqualTo("hi");
        assertThat(valueOf("nothing", null)).isNull();
        assertThat(valueOf("nothing", bytes())).isNull();
        assertThat(valueOf("unknown", bytes())).isNull();
        assertThat(valueOf("unknown", bytes(1, 2))).isEqualTo(new byte[] {1, 2});
        // It was committed, which matters more than that its value cannot be read.
        assertThat(valueOf("nothing", bytes(9, 0, 0, 0, 'h'))).isEqualTo(new byte[] {9, 0, 0, 0, 'h'});
    }

    @Test
    @Tag("T41")
    void whatAReducerFailsWithIsOfItsTypeOrItsBytes() {
        assertThat(result("nothing", Outcome.FAILED, bytes(7)))
                .isInstanceOfSatisfying(ReducerOutcome.Failed.class, failed -> {
                    assertThat(failed.reason()).isEqualTo("7");
                    assertThat(((Number) failed.error()).intValue()).isEqualTo(7);
                });
        assertThat(result("nothing", Outcome.FAILED, null)).isEqualTo(new ReducerOutcome.Failed("", null));
        assertThat(result("unknown", Outcome.FAILED, bytes(1, 2)))
                .isInstanceOfSatisfying(ReducerOutcome.Failed.class, failed -> {
                    assertThat(failed.reason()).contains("2 bytes").contains("not known");
                    assertThat(failed.error()).isEqualTo(new byte[] {1, 2});
                });
        assertThat(result("nothing", Outcome.FAILED, bytes(1, 2)))
                .isInstanceOfSatisfying(ReducerOutcome.Failed.class, failed -> {
                    assertThat(failed.reason()).contains("the error");
                    assertThat(failed.error()).isEqualTo(new byte[] {1, 2});
                });
        assertThat(result("nothing", Outcome.OUT_OF_ENERGY, null)).isEqualTo(new ReducerOutcome.OutOfEnergy());
    }

    @Test
    @Tag("T38")
    void theAnswerToACallThatWasOnlySentIsIgnoredAndMakesRoom() {
        Call call = send("nothing", true);
        assertThat(told.replies).containsOnlyKeys(call);
        assertThat(link.hasRoom()).isFalse();
        answer(Outcome.FAILED, bytes(7), null);
        assertThat(link.hasRoom()).isTrue();
        // An answer that is of no call makes none.
        send("nothing", false);
        id++;
        answer(Outcome.COMMITTED, null, null);
        assertThat(link.hasRoom()).isFalse();
    }

    @Test
    @Tag("T39")
    void whatAProcedureReturnsThatTheSchemaDoesNotHaveIsItsBytes() {
        Wish.Procedure wish = new Wish.Procedure("unknown", Arguments.bsatn(new byte[0]));
        Call call = new Told.Asked(wish);
        desk.sendProcedure(call, wish, link, SCHEMA, told);
        assertThat(link.hasRoom()).isFalse();
        desk.answer(
                new ServerMessage.ProcedureResult(
                        1, Outcome.COMMITTED, Payload.of("hi".getBytes(StandardCharsets.UTF_8)), null, 0, 1_500_000),
                link,
                told);
        assertThat(link.hasRoom()).isTrue();
        assertThat(told.replies.get(call)).isInstanceOfSatisfying(ProcedureOutcome.Returned.class, returned -> {
            assertThat(returned.value()).isEqualTo(new byte[] {'h', 'i'});
            assertThat(returned.duration()).isEqualTo(Duration.ofMillis(1_500));
        });
    }
}
