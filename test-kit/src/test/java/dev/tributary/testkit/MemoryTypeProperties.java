package dev.tributary.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Values come back as they were; equal ones have equal bytes. */
class MemoryTypeProperties {

    @Provide
    Arbitrary<Object> values() {
        return Arbitraries.oneOf(
                Arbitraries.of(true, false).map(value -> (Object) value),
                Arbitraries.integers().map(value -> value),
                Arbitraries.longs().map(value -> value),
                Arbitraries.bigDecimals().map(BigDecimal::stripTrailingZeros),
                Arbitraries.doubles().map(value -> value + 0.0),
                Arbitraries.strings()
                        .excludeChars('\ufffe')
                        .filter(MemoryTypeProperties::isText)
                        .map(value -> value),
                Arbitraries.longs().map(value -> new UUID(value, ~value)),
                Arbitraries.longs().between(-1L << 40, 1L << 40).map(Instant::ofEpochMilli));
    }

    private static boolean isText(String value) {
        return value.chars().noneMatch(c -> Character.isSurrogate((char) c));
    }

    @Property(tries = 300)
    void valuesComeBack(@ForAll("values") Object value) {
        MemoryType type = MemoryType.of(value);
        byte[] bytes = type.encode(value);
        assertThat(type.decode(bytes, 0, bytes.length)).isEqualTo(value);
        assertThat(type.javaType().isInstance(value)).isTrue();
    }

    @Example
    void oneNumberHasOneForm() {
        assertThat(MemoryType.DECIMAL.encode(new BigDecimal("1.50")))
                .isEqualTo(MemoryType.DECIMAL.encode(new BigDecimal("1.5")));
        assertThat(MemoryType.DOUBLE.encode(-0.0)).isEqualTo(MemoryType.DOUBLE.encode(0.0));
        assertThat(MemoryType.LONG.encode(42)).isEqualTo(MemoryType.LONG.encode(42L));
        assertThat(MemoryType.INT.encode(42L)).isEqualTo(MemoryType.INT.encode(42));
        assertThatThrownBy(() -> MemoryType.INT.encode(1L << 40)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MemoryType.BOOL.encode("yes")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MemoryType.LONG.decode(new byte[3], 0, 3))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
