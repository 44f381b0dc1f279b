package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ProtocolException;
import dev.tributary.conformance.Allocated;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Messages in pieces. */
class AssemblerProperties {

    @Property(tries = 60)
    @Tag("S10")
    void everyMessageIsTheSumOfItsPieces(
            @ForAll @Size(min = 1, max = 4)
                    List<@Size(min = 1, max = 5) List<@IntRange(max = 40_000) Integer>> messages,
            @ForAll long seed) {
        Assembler assembler = new Assembler(1 << 20);
        Random random = new Random(seed);
        for (List<Integer> sizes : messages) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            for (int i = 0; i < sizes.size(); i++) {
                byte[] piece = new byte[sizes.get(i)];
                random.nextBytes(piece);
                assertThat(assembler.pending()).isEqualTo(whole.size());
                whole.writeBytes(piece);
                ByteBuffer bytes = ByteBuffer.wrap(piece).asReadOnlyBuffer();
                byte[] message = assembler.add(bytes, i == sizes.size() - 1);
                assertThat(bytes.hasRemaining()).isFalse();
                if (i < sizes.size() - 1) {
                    assertThat(message).isNull();
                } else {
                    assertThat(message).isEqualTo(whole.toByteArray());
                }
            }
            assertThat(assembler.pending()).isZero();
        }
    }

    @Property(tries = 60)
    @Tag("S10")
    @Tag("S45")
    void theBoundIsOfAllPiecesTogether(
            @ForAll @IntRange(min = 1, max = 100_000) int most, @ForAll @IntRange(max = 100) int part) {
        int first = (int) ((long) most * part / 100);
        Assembler fits = new Assembler(most);
        assertThat(fits.add(ByteBuffer.allocate(first), false)).isNull();
        assertThat(fits.add(ByteBuffer.allocate(most - first), true)).hasSize(most);
        Assembler outgrown = new Assembler(most);
        assertThat(outgrown.add(ByteBuffer.allocate(first), false)).isNull();
        assertThatThrownBy(() -> outgrown.add(ByteBuffer.allocate(most - first + 1), true))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(String.valueOf(most))
                .hasMessageContaining(SodpOptions.MAX_MESSAGE.name());
    }

    @Example
    @Tag("S45")
    void manySmallPiecesAreNotCopiedEachTime() {

        int piece = 16;
        byte[] bytes = new byte[piece];
        Assembler assembler = new Assembler(1 << 24);
        long before = Allocated.bytes();
        for (int used = 0; used < (1 << 20); used += piece) {
            assembler.add(ByteBuffer.wrap(bytes), false);
        }
        assertThat(Allocated.bytes() - before).as("for a mebibyte in pieces").isLessThan(16L << 20);
    }
}
