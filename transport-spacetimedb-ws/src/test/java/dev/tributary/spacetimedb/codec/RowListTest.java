package dev.tributary.spacetimedb.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import dev.tributary.conformance.Allocated;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Row lists as the specification shows them, and such as no server should send. */
class RowListTest {

    private final Recorder recorder = new Recorder();

    /** A v2 SubscribeApplied (1) of request 1, set 2, with one table "t" and these rows. */
    private static byte[] applied(String rowList) {
        return HexFormat.of()
                .parseHex("00" + "01" + "01000000" + "02000000" + "01000000" + "0100000074" + rowList.replace(" ", ""));
    }

    private List<String> read(String rowList) {
        Pieces.single(reader(Limits.DEFAULT), Subprotocol.V2_BSATN, applied(rowList));
        return recorder.rows().stream()
                .map(row -> HexFormat.of().formatHex(row.row().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
                .toList();
    }

    private FrameReader reader(Limits limits) {
        return FrameReader.of(Subprotocol.V2_BSATN, limits, recorder);
    }

    @Test
    @Tag("T24")
    void readsTheExampleOfTheSpecification() {
        assertThat(read("00 0600 0c000000 01000000ffff 020000000500")).containsExactly("01000000ffff", "020000000500");
    }

    @Test
    @Tag("T24")
    void readsEmptyListsAndRowsWithoutBytes() {
        assertThat(read("01 00000000 00000000")).isEmpty();
        assertThat(read("00 0600 00000000")).isEmpty();
        assertThat(read("01 03000000 0000000000000000 0000000000000000 0000000000000000 00000000"))
                .containsExactly("", "", "");
    }

    @Test
    @Tag("T24")
    void readsOffsetsWithAnEmptyRowAtTheEnd() {
        assertThat(read("01 03000000 0000000000000000 0100000000000000 0300000000000000 03000000 aabbcc"))
                .containsExactly("aa", "bbcc", "");
    }

    @ParameterizedTest
    @Tag("T22")
    @Tag("T24")
    @CsvSource({
        "a size of zero, 00 0000 00000000, fixed size 0",
        "a size that does not divide, 00 0400 06000000 010203040506, do not fill",
        "an unknown hint, 02 0000, unknown size hint 2",
        "an offset that goes back, "
                + "01 03000000 0000000000000000 0200000000000000 0100000000000000 03000000 aabbcc, before row 1",
        "an offset outside, 01 02000000 0000000000000000 0400000000000000 03000000 aabbcc, but only 3 bytes",
        "an offset beyond 32 bits, 01 02000000 0000000000000000 0000000001000000, begins outside",
        "an offset beyond 63 bits, 01 02000000 0000000000000000 00000000000000ff, begins outside",
        "bytes before the first row, 01 01000000 0100000000000000 03000000 aabbcc, before its first row",
        "bytes without a row, 01 00000000 03000000 aabbcc, no rows",
    })
    void refusesRowsThatCannotBe(String what, String rowList, String problem) {
        assertThatThrownBy(() -> read(rowList))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("rows of SubscribeApplied")
                .hasMessageContaining("byte ")
                .hasMessageContaining(problem);
        assertThat(recorder.messages()).as(what).isEmpty();
    }

    @Test
    @Tag("T22")
    void aRowBeyondTheBoundIsRefusedBeforeItIsHeld() {
        Limits limits = new Limits(1 << 20, 1 << 20, 1_000, 100, 100);
        byte[] message = applied("01 01000000 0000000000000000 65000000 aa");
        assertThatThrownBy(() -> reader(limits).data(Subprotocol.V2_BSATN.kind(), ByteBuffer.wrap(message), false))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("101 bytes")
                .hasMessageContaining("rowBytes");
    }

    @Test
    @Tag("T22")
    @Tag("L10")
    void promisesCostNothing() {
        // Rows by the thousand million or of 64 million bytes are announced, and a little comes.
        String little = "00".repeat(500);
        for (String promise : List.of("01 ffffffff", "01 01000000 0000000000000000 ffffff03" + little)) {
            long before = Allocated.bytes();
            assertThatThrownBy(() -> Pieces.whole(reader(Limits.DEFAULT), Subprotocol.V2_BSATN, applied(promise)))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("ends early, in rows");
            assertThat(Allocated.bytes() - before).isLessThan(1 << 20);
        }
        byte[] token = HexFormat.of().parseHex("00" + "00" + "00".repeat(48) + "ffffff03" + little);
        long before = Allocated.bytes();
        assertThatThrownBy(() -> Pieces.whole(reader(Limits.DEFAULT), Subprotocol.V2_BSATN, token))
                .hasMessageContaining("ends early, in token");
        assertThat(Allocated.bytes() - before).isLessThan(1 << 20);
    }

    @Test
    @Tag("T22")
    void wrongTagsAndTextsAreNamed() {
        // An option with tag 2; an outcome with tag 4; a text that is no UTF-8.
        assertThatThrownBy(() -> whole("00" + "03" + "02"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("request_id of SubscriptionError has the unknown tag 2 (before byte 2)");
        assertThatThrownBy(() -> whole("00" + "06" + "01000000" + "0000000000000000" + "04"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("outcome of ReducerResult has the unknown tag 4 (before byte 14)");
        assertThatThrownBy(() -> whole("00" + "03" + "01" + "01000000" + "02000000" + "c328"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("error of SubscriptionError is not UTF-8 (before byte 12)");
    }

    private void whole(String hex) {
        Pieces.whole(
                reader(Limits.DEFAULT), Subprotocol.V2_BSATN, HexFormat.of().parseHex(hex));
    }

    /** Rows must be told while they arrive, and hardly anything may be kept. */
    @Test
    @Tag("T11")
    @Tag("T16")
    void aHugeMessageIsNeverHeld() {
        int rowBytes = 240;
        int rows = 250_000;
        byte[] head = applied("00 f000" + HexFormat.of().toHexDigits(Integer.reverseBytes(rows * rowBytes)));
        long[] told = {0};
        Recorder counting = new Recorder();
        ServerMessages counter = new CountingMessages(counting, told);
        FrameReader reader = FrameReader.of(Subprotocol.V2_BSATN, Limits.DEFAULT, counter);
        reader.data(Subprotocol.V2_BSATN.kind(), ByteBuffer.wrap(head), false);
        ByteBuffer piece = ByteBuffer.wrap(new byte[4096]);
        long before = Allocated.bytes();
        long sent = 0;
        long all = (long) rows * rowBytes;
        while (sent < all) {
            piece.clear().limit((int) Math.min(piece.capacity(), all - sent));
            sent += piece.remaining();
            reader.data(Subprotocol.V2_BSATN.kind(), piece, sent == all);
            assertThat(told[0]).isEqualTo(sent / rowBytes);
        }
        assertThat(counting.messages()).hasSize(1);
        // The assertions themselves allocate; the message has 60 million bytes.
        assertThat(Allocated.bytes() - before).isLessThan(30L << 20);
    }

    @Test
    @Tag("T24")
    void theLargestFixedSizeIsRead() {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(applied("00 ffff feff0100"));
        message.writeBytes(new byte[2 * 0xFFFF]);
        Pieces.whole(reader(Limits.DEFAULT), Subprotocol.V2_BSATN, message.toByteArray());
        assertThat(recorder.rows()).hasSize(2).allMatch(row -> row.row().length() == 0xFFFF);
    }
}
