package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.Query;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/** What may be pushed, what is the same, and what an echo of it may look like; queries and signals as values. */
class ValuesProperties {

    /** A value, and another that is the same in other objects. */
    private record Twice(@Nullable Object one, @Nullable Object other) {}

    @Provide
    Arbitrary<Twice> values() {
        Arbitrary<Twice> leaf = Arbitraries.oneOf(
                Arbitraries.longs().map(number -> new Twice(number, number)),
                Arbitraries.doubles().map(number -> new Twice(number, number)),
                Arbitraries.strings().alpha().ofMaxLength(3).map(text -> new Twice(text, text + "")),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(3).map(bytes -> new Twice(bytes, bytes.clone())),
                Arbitraries.just(new Twice(null, null)),
                Arbitraries.of(true, false).map(truth -> new Twice(truth, truth)));
        return Arbitraries.recursive(
                () -> leaf,
                inner -> Arbitraries.oneOf(
                        inner.list()
                                .ofMaxSize(3)
                                .map(list -> new Twice(
                                        list.stream().map(Twice::one).toList().isEmpty()
                                                ? List.of()
                                                : Collections.unmodifiableList(Arrays.asList(list.stream()
                                                        .map(Twice::one)
                                                        .toArray())),
                                        Arrays.asList(
                                                list.stream().map(Twice::other).toArray()))),
                        inner.list().ofMaxSize(3).map(list -> {
                            Map<String, @Nullable Object> one = new HashMap<>();
                            Map<String, @Nullable Object> other = new LinkedHashMap<>();
                            for (int i = 0; i < list.size(); i++) {
                                one.put("k" + i, list.get(i).one());
                                other.put("k" + i, list.get(i).other());
                            }
                            return new Twice(one, other);
                        })),
                0,
                3);
    }

    @Property(tries = 300)
    @Tag("D24")
    void aValueIsTheSameAsItsCopyAndIsNotWhatDiffersInOnePlace(@ForAll("values") Twice value) {
        Object copy = Values.checked(value.one());
        assertThat(Values.same(copy, value.other())).isTrue();
        assertThat(Values.isEcho(copy, value.other())).isTrue();
        for (Object wrapped : new Object[] {"else", -77L, List.of("else"), Map.of("else", 1L), new byte[9]}) {
            assertThat(Values.same(Arrays.asList(copy), Arrays.asList(wrapped))).isFalse();
            assertThat(Values.same(wrapped, value.other())).isFalse();
            assertThat(Values.isEcho(wrapped, value.other())).isFalse();
        }
        assertThat(Values.same(Arrays.asList(copy), List.of())).isFalse();
        assertThat(Values.same(List.of(), Arrays.asList(copy))).isFalse();
        assertThat(Values.same(Arrays.asList(copy, 1L), Arrays.asList(value.other(), 2L)))
                .isFalse();
        assertThat(Values.same(Collections.singletonMap("a", copy), Map.of())).isFalse();
        assertThat(Values.same(Collections.singletonMap("a", copy), Collections.singletonMap("b", value.other())))
                .as("another name, even for null")
                .isFalse();
    }

    @Property(tries = 200)
    @Tag("D40")
    void jsonCarriesAllButBytesAndFloatsThatAreNoNumbers(@ForAll("values") Twice value) {
        assertThat(Values.fitsJson(value.one())).isEqualTo(!holdsWhatJsonCannotCarry(value.one()));
    }

    private static boolean holdsWhatJsonCannotCarry(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.values().stream().anyMatch(ValuesProperties::holdsWhatJsonCannotCarry);
        }
        if (value instanceof List<?> list) {
            return list.stream().anyMatch(ValuesProperties::holdsWhatJsonCannotCarry);
        }
        return value instanceof byte[] || (value instanceof Double number && !Double.isFinite(number));
    }

    @Example
    @Tag("D40")
    @Tag("D9")
    void whatTheServerMakesOfANumberIsItsEcho() {
        assertThat(Values.fitsJson(Double.NaN)).isFalse();
        assertThat(Values.fitsJson(Float.POSITIVE_INFINITY)).isFalse();
        assertThat(Values.fitsJson(List.of(1L, Map.of("a", new byte[0])))).isFalse();
        assertThat(Values.isEcho(1.0, 1L)).as("JSON has one kind of number").isTrue();
        assertThat(Values.isEcho(1L, 1.0)).isTrue();
        assertThat(Values.isEcho(0.1, 0.1f)).as("shortened").isTrue();
        assertThat(Values.isEcho(0.1f, 0.1)).isTrue();
        assertThat(Values.isEcho(1.5, 1L)).isFalse();
        assertThat(Values.isEcho(1L, 2L)).isFalse();
        assertThat(Values.isEcho((1L << 53) + 1, 1L << 53))
                .as("whole numbers are exact")
                .isFalse();
        assertThat(Values.isEcho(List.of(1.0), List.of(1L))).isTrue();
        assertThat(Values.same(1.0, 1L)).isFalse();
        assertThat(Values.same(new byte[] {1}, new byte[] {2})).isFalse();
        assertThat(Values.same(new byte[] {1}, "1")).isFalse();
    }

    @Example
    @Tag("D10")
    void textsAndNumbersHaveTheirBounds() {
        BigInteger least = BigInteger.valueOf(Long.MIN_VALUE);
        BigInteger most = new BigInteger("18446744073709551615");
        assertThat(Values.checked(least)).isEqualTo(Long.MIN_VALUE);
        assertThat(Values.checked(most)).isEqualTo(most);
        assertThat(Values.checked(BigInteger.valueOf(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
        assertThat(Values.checked(BigInteger.ONE.shiftLeft(63))).isEqualTo(BigInteger.ONE.shiftLeft(63));
        for (BigInteger beyond : List.of(least.subtract(BigInteger.ONE), most.add(BigInteger.ONE))) {
            assertThatThrownBy(() -> Values.checked(beyond)).isInstanceOf(ConfigurationException.class);
        }
        for (String text : List.of("", "a", "\ud83d\ude00", "a\ud83d\ude00\ud83d\ude00b")) {
            assertThat(Values.checked(text)).isEqualTo(text);
        }
        Map.of("\ud83d", 0, "\ude00", 0, "ab\ud83d", 2, "\ud83dx", 0, "\ud83d\ude00\ude00", 2, "\ud83d\ud83d\ude00", 0)
                .forEach((text, at) -> assertThatThrownBy(() -> Values.checked(List.of(text)))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessage("value[0]: a surrogate without its partner at character " + at));
        Object deep = 1L;
        for (int i = 0; i < Values.MOST_DEPTH; i++) {
            deep = List.of(deep);
        }
        assertThat(Values.checked(deep)).isEqualTo(deep);
        Object deeper = List.of(deep);
        assertThatThrownBy(() -> Values.checked(deeper)).hasMessageContaining("126");
        assertThatThrownBy(() -> Values.checked(Map.of("x".repeat(41), new Object())))
                .hasMessageContaining("value." + "x".repeat(40) + "…");
        assertThatThrownBy(() -> Values.checked(Map.of("x".repeat(40), new Object())))
                .hasMessageContaining("value." + "x".repeat(40) + ":");
        assertThatThrownBy(() -> Values.checked(Map.of(1L, 1L))).hasMessageContaining("java.lang.Long");
    }

    @Example
    @Tag("D14")
    void aQueryThatIsNoneIsRefusedByName() {
        assertThat(StreamQuery.of(Query.parse("k"))).isEqualTo(new StreamQuery("k", StreamQuery.Form.LATEST, 0L));
        assertThat(StreamQuery.of(Query.parse("k?as=log&replay=17")).floor()).isEqualTo(17L);
        assertThat(StreamQuery.of(Query.parse("k?as=log&replay=18446744073709551615"))
                        .floor())
                .isEqualTo(-1L);
        assertThat(StreamQuery.of(Query.parse("k?as=log&replay=none")).floor()).isNull();
        assertThat(StreamQuery.of(Query.parse("k?as=presence")).floor()).isNull();
        assertThat(StreamQuery.of(Query.parse("?as=room")).form()).isEqualTo(StreamQuery.Form.ROOM);
        Map.of(
                        "k?as=list", "as=list",
                        "k?is=log", "unknown parameter 'is'",
                        "k?as=log&as=log", "given twice",
                        "k?as=log&replay=-1", "replay=-1",
                        "k?replay=3", "as=log alone",
                        "k?as=room", "?as=room")
                .forEach((query, why) -> assertThatThrownBy(() -> StreamQuery.of(Query.parse(query)))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining(why));
    }

    @Example
    @Tag("D41")
    void aSignalIsWrittenAndReadBackAndAnythingElseIsNone() {
        for (Signal signal :
                List.of(new Signal.Offer("o"), new Signal.Answer("a"), new Signal.Candidate(Map.of("c", 1L)))) {
            assertThat(Signal.of(signal.toValue())).isEqualTo(signal);
        }
        assertThat(Signal.of(new Signal.Candidate(null).toValue())).isEqualTo(new Signal.Candidate(null));
        for (Object none : List.of(
                "offer",
                Map.of("sdp", "o"),
                Map.of("type", "offer"),
                Map.of("type", "answer", "sdp", 1L),
                Map.of("type", "candidate"),
                Map.of("type", "else", "sdp", "o"))) {
            assertThat(Signal.of(none)).isNull();
        }
    }
}
