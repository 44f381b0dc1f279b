package dev.tributary.testkit.driftdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.testkit.driftdb.DriftValue.Member;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DriftValueProperties {

    private static final BigInteger LEAST = BigInteger.ONE.shiftLeft(63).negate();
    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    @Property
    void cborKeepsEveryValue(@ForAll("values") DriftValue value) throws BadMessageException {
        assertThat(CborReader.value(CborWriter.write(value))).isEqualTo(value);
    }

    @Property
    void cborCutShortIsRefused(@ForAll("values") DriftValue value) {
        byte[] whole = CborWriter.write(new DriftValue.Array(List.of(value, value)));
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);
        assertThatThrownBy(() -> CborReader.value(cut)).isInstanceOf(BadMessageException.class);
    }

    /** What was once written as JSON is written the same again, but for singles, which may become other doubles. */
    @Property
    void jsonIsStableOnceWritten(@ForAll("jsonValues") DriftValue value) {
        String once = value.json();
        assertThat(DriftValue.json(once).json()).isEqualTo(once);
    }

    @Property
    void doublesThatAreNoSinglesAreExactInJson(@ForAll double value) {
        if (!isSingle(value)) {
            assertThat(DriftValue.json(new DriftValue.Float(value).json())).isEqualTo(new DriftValue.Float(value));
        }
    }

    @Property
    void singlesAreTheSameSingleInJson(@ForAll float value) {
        String text = new DriftValue.Float(value).json();
        assertThat(Float.parseFloat(text)).isEqualTo(value);
        assertThat(new BigDecimal(text).stripTrailingZeros().precision()).isLessThanOrEqualTo(9);
    }

    @Example
    void everyHalfIsReadAndWritten() {
        for (int bits = 0; bits < 65_536; bits++) {
            double value = HalfFloat.toDouble((short) bits);
            if (Double.isNaN(value)) {
                assertThat(HalfFloat.of(value)).isEqualTo(0x7e00);
            } else {
                assertThat(HalfFloat.of(value)).isEqualTo(bits);
            }
        }
        assertThat(HalfFloat.of(65_504.5)).isEqualTo(-1);
        assertThat(HalfFloat.of(65_536)).isEqualTo(-1);
        assertThat(HalfFloat.of(0x1p-25)).isEqualTo(-1);
    }

    @Provide
    Arbitrary<DriftValue> values() {
        return tree(
                Arbitraries.oneOf(
                        plain(), Arbitraries.bytes().list().ofMaxSize(40).map(DriftValue.Bytes::new)),
                true);
    }

    @Provide
    Arbitrary<DriftValue> jsonValues() {
        Arbitrary<DriftValue> stable =
                plain().filter(value -> !(value instanceof DriftValue.Float number && isSingle(number.value())));
        return tree(stable, false);
    }

    private static boolean isSingle(double value) {
        return (float) value == value;
    }

    private static Arbitrary<DriftValue> plain() {
        return Arbitraries.oneOf(
                Arbitraries.just(DriftValue.NULL),
                Arbitraries.of(true, false).map(DriftValue.Bool::new),
                Arbitraries.bigIntegers().between(LEAST, MOST).map(DriftValue.Int::new),
                Arbitraries.doubles().map(DriftValue.Float::new),
                Arbitraries.floats().map(single -> new DriftValue.Float(single)),
                text());
    }

    private static Arbitrary<DriftValue> text() {
        return Arbitraries.strings()
                .withCharRange('\0', '\ud7ff')
                .ofMaxLength(30)
                .map(DriftValue.Text::new);
    }

    private static Arbitrary<DriftValue> tree(Arbitrary<DriftValue> leaves, boolean anyKey) {
        return Arbitraries.recursive(
                () -> leaves,
                inner -> Arbitraries.oneOf(
                        inner.list().ofMaxSize(4).map(DriftValue.Array::new),
                        Combinators.combine(anyKey ? leaves : text(), inner)
                                .as(Member::new)
                                .list()
                                .ofMaxSize(4)
                                .map(DriftValue.Map::new)),
                0,
                3);
    }
}
