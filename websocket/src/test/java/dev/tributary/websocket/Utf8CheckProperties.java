package dev.tributary.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

class Utf8CheckProperties {

    /** Bytes at which something changes are more likely than others. */
    @Provide
    Arbitrary<List<Byte>> bytes() {
        Arbitrary<Byte> telling = Arbitraries.of(
                        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED,
                        0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF)
                .map(Integer::byteValue);
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(5, telling), net.jqwik.api.Tuple.of(1, Arbitraries.bytes()))
                .list()
                .ofMaxSize(8);
    }

    @Tag("L10")
    @Property(tries = 20_000)
    void itAgreesWithTheDecoderOfTheJdkHoweverTheBytesAreCut(@ForAll("bytes") List<Byte> list, @ForAll long seed) {
        byte[] bytes = new byte[list.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = list.get(i);
        }
        boolean expected;
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            expected = true;
        } catch (CharacterCodingException e) {
            expected = false;
        }
        Random random = new Random(seed);
        Utf8Check check = new Utf8Check();
        boolean good = true;
        for (int from = 0; good && from < bytes.length; ) {
            int to = from + 1 + random.nextInt(bytes.length - from);
            good = check.accept(bytes, from, to);
            from = to;
        }
        assertThat(good && check.isWhole()).isEqualTo(expected);
    }
}
