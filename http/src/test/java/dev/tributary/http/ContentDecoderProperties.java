package dev.tributary.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.spi.Head;
import dev.tributary.spi.WireEnd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ContentDecoderProperties {

    private static final int FLAG_CHECK = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;

    @Property(tries = 300)
    void gzipGivesBackWhatWentIn(
            @ForAll @Size(max = 3) List<@IntRange(max = 200_000) Integer> members, @ForAll long seed) throws Exception {
        Random random = new Random(seed);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (int length : members) {
            byte[] member = content(random, length);
            plain.writeBytes(member);
            packed.writeBytes(gzip(member, random));
        }
        assertThat(decode("gzip", cut(random, packed.toByteArray()))).isEqualTo(plain.toByteArray());
    }

    @Property(tries = 200)
    void deflateGivesBackWhatWentInWithAndWithoutHeader(
            @ForAll @IntRange(max = 200_000) int length, @ForAll boolean raw, @ForAll long seed) throws Exception {
        Random random = new Random(seed);
        byte[] plain = content(random, length);
        assertThat(decode("deflate", cut(random, deflate(plain, raw)))).isEqualTo(plain);
    }

    @Property(tries = 200)
    void plainContentIsCopiedAndTinyBuffersBecomeOnePiece(
            @ForAll @IntRange(max = 300_000) int length, @ForAll long seed) throws Exception {
        Random random = new Random(seed);
        byte[] plain = content(random, length);
        List<ByteBuffer> buffers = new ArrayList<>();
        cut(random, plain).forEach(buffers::addAll);
        ContentDecoder decoder = new PlainContent();
        decoder.feed(buffers);
        int pieces = 0;
        int sum = 0;
        for (ByteBuffer piece = decoder.next(); piece != null; piece = decoder.next()) {
            assertThat(piece.array()).isEqualTo(Arrays.copyOfRange(plain, sum, sum + piece.remaining()));
            sum += piece.remaining();
            pieces++;
        }
        assertThat(sum).isEqualTo(length);
        assertThat(pieces).isEqualTo((length + 65535) / 65536);
    }

    @Tag("L10")
    @Property(tries = 300)
    void anyTruncatedGzipIsFound(@ForAll @IntRange(min = 1, max = 5_000) int length, @ForAll long seed)
            throws Exception {
        Random random = new Random(seed);
        byte[] packed = gzip(content(random, length), random);
        byte[] part = Arrays.copyOf(packed, 1 + random.nextInt(packed.length - 1));
        assertThatThrownBy(() -> decode("gzip", cut(random, part)))
                .isInstanceOf(WireFault.class)
                .hasMessageContaining("ends too early");
    }

    @Tag("L10")
    @Property(tries = 300)
    void damageNeverPassesUnseen(@ForAll @IntRange(min = 1, max = 2_000) int length, @ForAll long seed) {
        Random random = new Random(seed);
        byte[] plain = content(random, length);
        // Not in the fixed header, where time and system mean nothing, nor in the optional parts without a check.
        byte[] packed = gzipPlainly(plain);
        int at = 10 + random.nextInt(packed.length - 10);
        packed[at] ^= (byte) (1 << random.nextInt(8));
        try {
            assertThat(decode("gzip", cut(random, packed))).isEqualTo(plain);
        } catch (WireFault e) {
            assertThat(e.end("x").kind()).isIn(WireEnd.Kind.MALFORMED, WireEnd.Kind.BROKEN);
        }
    }

    @Tag("L10")
    @Example
    void aBombComesInPiecesOnly() throws Exception {
        ContentDecoder decoder = decoder("gzip");
        decoder.feed(List.of(ByteBuffer.wrap(gzipPlainly(new byte[64 << 20])).asReadOnlyBuffer()));
        long sum = 0;
        for (ByteBuffer piece = decoder.next(); piece != null; piece = decoder.next()) {
            assertThat(piece.capacity()).isLessThanOrEqualTo(64 * 1024);
            sum += piece.remaining();
        }
        decoder.finish();
        assertThat(sum).isEqualTo(64 << 20);
    }

    @Tag("L10")
    @Example
    void contentThatIsNoGzipSaysWhoMayHaveDoneIt() {
        assertThatThrownBy(() ->
                        decode("gzip", List.of(List.of(ByteBuffer.wrap("[{}]".getBytes(StandardCharsets.US_ASCII))))))
                .hasMessageContaining("a proxy may have decompressed it");
    }

    @Tag("L10")
    @Example
    void bytesAfterTheEndAreRefused() {
        byte[] packed = Arrays.copyOf(gzipPlainly("abc".getBytes(StandardCharsets.US_ASCII)), 40);
        assertThatThrownBy(() -> decode("gzip", List.of(List.of(ByteBuffer.wrap(packed)))))
                .hasMessageContaining("follow the end");
        byte[] deflated = deflate("abc".getBytes(StandardCharsets.US_ASCII), false);
        byte[] longer = Arrays.copyOf(deflated, deflated.length + 1);
        assertThatThrownBy(() -> decode("deflate", List.of(List.of(ByteBuffer.wrap(longer)))))
                .hasMessageContaining("follow the end");
    }

    @Example
    void anEmptyBodyIsEmptyInAnyCoding() throws Exception {
        for (String coding : List.of("gzip", "x-gzip", "deflate", "identity", "br", "")) {
            assertThat(decode(coding, List.of())).isEmpty();
        }
    }

    @Tag("L10")
    @Example
    void anUnknownCodingIsNamed() {
        assertThatThrownBy(() -> decode("br", List.of(List.of(ByteBuffer.wrap(new byte[] {1})))))
                .hasMessageContaining("'br'");
        assertThatThrownBy(() -> decode("gzip, gzip", List.of(List.of(ByteBuffer.wrap(new byte[] {1})))))
                .hasMessageContaining("'gzip, gzip'");
    }

    @Tag("L10")
    @Example
    void aDictionaryIsRefused() {
        Deflater deflater = new Deflater();
        deflater.setDictionary("abc".getBytes(StandardCharsets.US_ASCII));
        byte[] packed = run(deflater, "abcabc".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> decode("deflate", List.of(List.of(ByteBuffer.wrap(packed)))))
                .hasMessageContaining("dictionary");
    }

    private static ContentDecoder decoder(String coding) {
        return ContentCodings.decoder(new Head(200, Map.of("Content-Encoding", List.of(coding))));
    }

    private static byte[] decode(String coding, List<List<ByteBuffer>> items) throws WireFault {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ContentDecoder decoder = decoder(coding)) {
            for (List<ByteBuffer> item : items) {
                decoder.feed(item);
                for (ByteBuffer piece = decoder.next(); piece != null; piece = decoder.next()) {
                    assertThat(piece.hasRemaining()).isTrue();
                    out.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
                }
            }
            decoder.finish();
        }
        return out.toByteArray();
    }

    private static byte[] content(Random random, int length) {
        byte[] bytes = new byte[length];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        } else {
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) ('a' + random.nextInt(4));
            }
        }
        return bytes;
    }

    /** Cuts into items of buffers, empty and tiny ones too. */
    private static List<List<ByteBuffer>> cut(Random random, byte[] bytes) {
        List<List<ByteBuffer>> items = new ArrayList<>();
        int largest = 1 + random.nextInt(random.nextBoolean() ? 5 : 20_000);
        int at = 0;
        List<ByteBuffer> item = new ArrayList<>();
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, random.nextInt(largest + 1));
            item.add(ByteBuffer.wrap(bytes, at, length).slice().asReadOnlyBuffer());
            at += length;
            if (random.nextInt(3) == 0) {
                items.add(item);
                item = new ArrayList<>();
            }
        }
        items.add(item);
        return items;
    }

    private static byte[] deflate(byte[] plain, boolean raw) {
        return run(new Deflater(Deflater.DEFAULT_COMPRESSION, raw), plain);
    }

    private static byte[] run(Deflater deflater, byte[] plain) {
        deflater.setInput(plain);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    private static byte[] gzipPlainly(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    /** With a random choice of the header's optional parts. */
    private static byte[] gzip(byte[] plain, Random random) {
        int flags = random.nextInt(32) & (FLAG_CHECK | FLAG_EXTRA | FLAG_NAME | FLAG_COMMENT);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, (byte) flags, 1, 2, 3, 4, 0, 3});
        if ((flags & FLAG_EXTRA) != 0) {
            int length = random.nextInt(3) * 150;
            out.write(length);
            out.write(length >> 8);
            out.writeBytes(new byte[length]);
        }
        if ((flags & FLAG_NAME) != 0) {
            out.writeBytes("name\0".getBytes(StandardCharsets.US_ASCII));
        }
        if ((flags & FLAG_COMMENT) != 0) {
            out.writeBytes("\0".getBytes(StandardCharsets.US_ASCII));
        }
        if ((flags & FLAG_CHECK) != 0) {
            little(out, crc(out.toByteArray()), 2);
        }
        out.writeBytes(deflate(plain, true));
        little(out, crc(plain), 4);
        little(out, plain.length, 4);
        return out.toByteArray();
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private static void little(ByteArrayOutputStream out, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >>> 8 * i));
        }
    }
}
