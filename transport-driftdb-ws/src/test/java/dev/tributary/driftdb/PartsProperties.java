package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The small parts alone: pieces of messages, numbers in order, the shortest spelling. */
class PartsProperties {

    @Property(tries = 60)
    @Tag("D6")
    void everyMessageIsTheSumOfItsPieces(
            @ForAll @Size(min = 1, max = 4) List<@Size(min = 1, max = 5) List<@IntRange(max = 3_000) Integer>> messages,
            @ForAll long seed) {
        Assembly assembly = new Assembly(1 << 20);
        Random random = new Random(seed);
        for (List<Integer> sizes : messages) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            for (int i = 0; i < sizes.size(); i++) {
                byte[] piece = new byte[sizes.get(i)];
                random.nextBytes(piece);
                whole.writeBytes(piece);
                byte[] message = assembly.add(ByteBuffer.wrap(piece).asReadOnlyBuffer(), i == sizes.size() - 1);
                if (i < sizes.size() - 1) {
                    assertThat(message).isNull();
                } else {
                    assertThat(message).isEqualTo(whole.toByteArray());
                }
            }
        }
    }

    @Property(tries = 60)
    @Tag("D10")
    void theBoundIsOfAllPiecesTogether(
            @ForAll @IntRange(min = 1, max = 50_000) int most, @ForAll @IntRange(max = 100) int part) {
        int first = (int) ((long) most * part / 100);
        Assembly assembly = new Assembly(most);
        assertThat(assembly.add(ByteBuffer.allocate(first), false)).isNull();
        assertThat(assembly.add(ByteBuffer.allocate(most - first), true)).hasSize(most);
        assertThat(assembly.add(ByteBuffer.allocate(first), false)).isNull();
        assertThatThrownBy(() -> assembly.add(ByteBuffer.allocate(most - first + 1), true))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(String.valueOf(most))
                .hasCauseInstanceOf(LimitExceededException.class);
        assertThat(assembly.add(ByteBuffer.allocate(most), true))
                .as("nothing of it is left")
                .hasSize(most);
    }

    @Example
    @Tag("D8")
    void everyHeadIsTheShortest() {
        Map<Long, String> numbers = Map.ofEntries(
                Map.entry(0L, "00"),
                Map.entry(23L, "17"),
                Map.entry(24L, "1818"),
                Map.entry(255L, "18ff"),
                Map.entry(256L, "190100"),
                Map.entry(65_535L, "19ffff"),
                Map.entry(65_536L, "1a00010000"),
                Map.entry(0xffff_ffffL, "1affffffff"),
                Map.entry(0x1_0000_0000L, "1b0000000100000000"),
                Map.entry(Long.MAX_VALUE, "1b7fffffffffffffff"),
                Map.entry(-1L, "20"),
                Map.entry(-24L, "37"),
                Map.entry(-25L, "3818"),
                Map.entry(-256L, "38ff"),
                Map.entry(-257L, "390100"),
                Map.entry(Long.MIN_VALUE, "3b7fffffffffffffff"));
        numbers.forEach((number, hex) -> assertThat(hex(number)).isEqualTo(hex));
        assertThat(hex(new BigInteger("18446744073709551615"))).isEqualTo("1bffffffffffffffff");
        assertThat(hex(null)).isEqualTo("f6");
        assertThat(hex(true)).isEqualTo("f5");
        assertThat(hex(false)).isEqualTo("f4");
        assertThat(hex("x".repeat(24))).startsWith("7818");
        assertThat(hex(new byte[] {1, 2})).isEqualTo("420102");
        assertThat(hex(List.of(1L, "a"))).isEqualTo("82016161");
        assertThat(hex(Map.of("a", List.of()))).isEqualTo("a1616180");
        assertThatThrownBy(() -> hex(new Object())).isInstanceOf(IllegalArgumentException.class);
    }

    private static String hex(Object value) {
        return HexFormat.of().formatHex(new CborOutput().value(value).toBytes());
    }

    @Property(tries = 200)
    @Tag("D7")
    void numbersAreASortedSetOfUnsignedOnes(
            @ForAll @Size(max = 60) List<@IntRange(min = -20, max = 20) Integer> steps) {
        Numbers numbers = new Numbers();
        TreeSet<Long> model = new TreeSet<>(Long::compareUnsigned);
        for (int step : steps) {
            // Negative ones are the largest; each third step takes one away again.
            if (Math.floorMod(step, 3) == 0) {
                numbers.remove(step);
                model.remove((long) step);
            } else {
                numbers.add(step);
                model.add((long) step);
            }
            numbers.add(step * 7L);
            model.add(step * 7L);
            check(numbers, model);
        }
        numbers.removeIf(number -> number % 2 == 0);
        model.removeIf(number -> number % 2 == 0);
        check(numbers, model);
        numbers.clear();
        assertThat(numbers.isEmpty()).isTrue();
        assertThat(numbers.contains(7)).isFalse();
    }

    private static void check(Numbers numbers, TreeSet<Long> model) {
        assertThat(numbers.toArray())
                .containsExactly(model.stream().mapToLong(Long::longValue).toArray());
        assertThat(numbers.size()).isEqualTo(model.size());
        assertThat(numbers.isEmpty()).isEqualTo(model.isEmpty());
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(numbers.contains(numbers.at(i))).isTrue();
        }
        for (long other = -21; other <= 21; other++) {
            assertThat(numbers.contains(other)).isEqualTo(model.contains(other));
        }
    }

    @Example
    @Tag("D35")
    void anUpdateCountsOnlyBehindTheWriteThatItWasMadeOf() {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry(10, Envelopes.state("set", "s", 1)));
        entries.add(new Entry(11, Envelopes.update("a", "a", 1, 10)));
        entries.add(new Entry(12, Envelopes.update("late", "b", 1, 10)));
        entries.add(new Entry(13, "no state"));
        entries.add(new Entry(14, Envelopes.update("c", "c", 1, 11)));
        Succession succession = Succession.of(entries);
        assertThat(succession.number()).isEqualTo(14);
        assertThat(succession.value()).isEqualTo("c");
        assertThat(succession.includes("a", 1)).isTrue();
        assertThat(succession.includes("b", 1)).isFalse();
        assertThat(succession.includes("c", 1)).isTrue();
        assertThat(succession.includes("c", 2)).isFalse();
        assertThat(succession.beginsAnew()).isTrue();
        entries.add(new Entry(15, Envelopes.update("again", "b", 2, 14)));
        List<Entry> folded = List.of(new Entry(14, succession.folded()), entries.get(entries.size() - 1));
        for (List<Entry> read : List.of(entries, folded)) {
            Succession next = Succession.of(read);
            assertThat(next.value()).isEqualTo("again");
            assertThat(next.number()).isEqualTo(15);
            assertThat(next.includes("a", 1))
                    .as("in it, or in what it was folded to")
                    .isTrue();
            assertThat(next.includes("b", 2)).isTrue();
        }
        assertThat(Succession.of(folded).beginsAnew()).isFalse();
        assertThat(Succession.of(List.of()).isEmpty()).isTrue();
        assertThat(Succession.of(folded).isEmpty()).isFalse();
        entries.add(new Entry(16, Map.of("v", "javascript", "i", "theirs")));
        assertThat(Succession.of(entries).value()).isEqualTo("javascript");
        assertThat(Succession.of(entries).includes("b", 2)).as("replaced").isFalse();
    }
}
