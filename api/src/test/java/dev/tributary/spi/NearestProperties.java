package dev.tributary.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The name that is offered is the nearest, if it is near at all. */
class NearestProperties {

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars('a', 'b', 'c').ofMaxLength(7);
    }

    @Property(tries = 300)
    void offersTheNearestOrAll(
            @ForAll("names") String wrong, @ForAll("names") String one, @ForAll("names") String two) {
        List<String> known = List.of(one, two);
        String nearest = known.stream()
                .min(Comparator.comparingInt(name -> distance(wrong, name)))
                .orElseThrow();
        boolean near = distance(wrong, nearest) <= Math.max(2, wrong.length() / 3);
        assertThat(Nearest.hint(wrong, known))
                .isEqualTo(
                        near
                                ? "; did you mean '" + nearest + "'?"
                                : "; known are " + known.stream().sorted().toList());
    }

    /** By definition, without any table. */
    private static int distance(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.length() + b.length();
        }
        int replaced = distance(a.substring(1), b.substring(1)) + (a.charAt(0) == b.charAt(0) ? 0 : 1);
        return Math.min(replaced, 1 + Math.min(distance(a.substring(1), b), distance(a, b.substring(1))));
    }

    @Example
    void aLongNameMayBeFurtherOff() {
        assertThat(Nearest.hint("maxTransaction", List.of("mxTrnsctn"))).contains("known are");
        assertThat(Nearest.hint("maxTransaction", List.of("mxTrnsaction"))).contains("did you mean");
        assertThat(Nearest.hint("maxTransaction", List.of("mxTrnsction", "a"))).contains("did you mean");
        assertThat(Nearest.hint("maxTransaction", List.of("mxTrnsctio"))).contains("did you mean");
        assertThat(Nearest.hint("x", List.of())).isEqualTo("; known are []");
    }
}
