package dev.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Values as they are typed. */
class JsonArgumentTest {

    @Property(tries = 300)
    void whatIsPrintedCanBeTypedAgain(@ForAll("values") Object value) throws Exception {
        assertThat(JsonArgument.parse("VALUE", Values.json(value))).isEqualTo(value);
    }

    @Provide
    Arbitrary<Object> values() {
        return values(2);
    }

    private static Arbitrary<Object> values(int levels) {
        Arbitrary<String> texts = Arbitraries.strings().ofMaxLength(6);
        Arbitrary<Object> scalars = Arbitraries.oneOf(
                texts.asGeneric(),
                Arbitraries.longs().asGeneric(),
                Arbitraries.doubles().asGeneric(),
                Arbitraries.of(true, false).asGeneric());
        if (levels == 0) {
            return scalars;
        }
        Arbitrary<Object> inner = values(levels - 1);
        return Arbitraries.oneOf(
                scalars,
                inner.list().ofMaxSize(3).asGeneric(),
                Arbitraries.maps(texts, inner).ofMaxSize(3).asGeneric());
    }

    @Test
    void numbersAreExact() {
        assertThat(JsonArgument.parse("VALUE", "18446744073709551615"))
                .isEqualTo(new BigInteger("18446744073709551615"));
        assertThat(JsonArgument.parse("VALUE", "5")).isEqualTo(5L);
        assertThat(JsonArgument.parse("VALUE", "[0.1,null,{\"a\":{}}]"))
                .isEqualTo(Arrays.asList(0.1, null, Map.of("a", Map.of())));
    }

    @Test
    void deepDocumentsAreWritten() throws Exception {
        Object value = List.of();
        for (int i = 0; i < 100_000; i++) {
            value = List.of(value);
        }
        assertThat(Values.json(value)).hasSize(200_002);
    }
}
