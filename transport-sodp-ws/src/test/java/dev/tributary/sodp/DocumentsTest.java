package dev.tributary.sodp;

import static dev.tributary.sodp.Packed.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What applications hand over. */
class DocumentsTest {

    enum Mood {
        CALM
    }

    record Player(String name, int hp, @Nullable Object pet) {}

    private static @Nullable Object of(@Nullable Object value) {
        return Documents.PLAIN.of(value);
    }

    @Test
    @Tag("S40")
    void recordsMapsCollectionsArraysEnumsAndPrimitivesBecomeDocuments() {
        assertThat(of(new Player("Al", 5, new Player("Rex", 1, null))))
                .isEqualTo(map("name", "Al", "hp", 5L, "pet", map("name", "Rex", "hp", 1L, "pet", null)));
        assertThat(of(Map.of("a", List.of(1, (short) 2, (byte) 3, 4L)))).isEqualTo(map("a", List.of(1L, 2L, 3L, 4L)));
        assertThat(of(new int[] {1, 2})).isEqualTo(List.of(1L, 2L));
        assertThat(of(new Object[] {"x", null})).isEqualTo(Arrays.asList("x", null));
        assertThat(of(Set.of(true))).isEqualTo(List.of(true));
        assertThat(of(Mood.CALM)).isEqualTo("CALM");
        assertThat(of(1.5f)).isEqualTo(1.5);
        assertThat(of(new StringBuilder("text"))).isEqualTo("text");
        assertThat(of(BigInteger.TEN)).isEqualTo(10L);
        assertThat(of(null)).isNull();
    }

    @Test
    @Tag("S40")
    void otherClassesAreSentByAMapper() {
        Documents mapped = new Documents(value -> value instanceof Instant instant ? instant.toString() : null);
        assertThat(mapped.of(List.of(Instant.EPOCH))).isEqualTo(List.of("1970-01-01T00:00:00Z"));
        assertThatThrownBy(() -> of(List.of(Instant.EPOCH)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("/0")
                .hasMessageContaining("java.time.Instant");
    }

    @Test
    @Tag("S12")
    void whatServersDropOrStoreWronglyIsRefusedWithItsPlace() {
        refused(Map.of("a", new byte[] {1}), "/a", "binary");
        refused(List.of(ByteBuffer.allocate(1)), "/0", "binary");
        refused(Map.of("a", List.of(Double.NaN)), "/a/0", "NaN");
        refused(Float.POSITIVE_INFINITY, "the value", "Infinity");
        refused(Map.of(1, 2), "the value", "names of members");
        refused(new HashMap<>(java.util.Collections.singletonMap(null, 1)), "the value", "null");
        refused(Map.of("a", "lone \ud83d end"), "/a", "surrogate");
        refused(Map.of("\ude00", 1), "the value", "surrogate");
        refused(BigInteger.ONE.shiftLeft(64), "the value", "64 bits");
        refused(BigInteger.ONE.shiftLeft(63).negate().subtract(BigInteger.ONE), "the value", "64 bits");
        refused(new BigDecimal("1.5"), "the value", "BigDecimal");
        refused(new Object(), "the value", "java.lang.Object");
        assertThat(of(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE)))
                .isEqualTo(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE));
        assertThat(of("pair \ud83d\ude00")).isEqualTo("pair \ud83d\ude00");
    }

    private static void refused(Object value, String... words) {
        assertThatThrownBy(() -> of(value))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    @Tag("S57")
    void ownValuesAndPathsThatAreTooDeepAreRefused() {
        Object deep = 1;
        for (int i = 0; i < 499; i++) {
            deep = List.of(deep);
        }
        assertThat(of(deep)).isInstanceOf(List.class);
        Object tooDeep = List.of(List.of(deep));
        refused(tooDeep, "500 levels");
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        refused(itself, "500 levels");
        SodpPath path = SodpPath.of("a", "b", "c");
        Object below = deep;
        assertThatThrownBy(() -> Documents.PLAIN.of(below, path)).isInstanceOf(ConfigurationException.class);
        Object[] segments = new Object[600];
        Arrays.fill(segments, "x");
        Invocation invocation = Invocation.setIn("k", SodpPath.of(segments), 1L);
        assertThatThrownBy(() -> invocation.check(SodpDialect.TYPESCRIPT, null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("500");
    }

    @Test
    @Tag("S12")
    void whatOnlyOneDialectCannotCarryIsRefusedThere() {
        refusedBy(SodpDialect.TYPESCRIPT, Invocation.set("k", of(Map.of("a", Map.of("__proto__", 1)))), "__proto__");
        Invocation.set("k", of(Map.of("__proto__", 1))).check(SodpDialect.RUST, null);
        for (SodpDialect dialect : SodpDialect.values()) {
            refusedBy(dialect, Invocation.set("k", of(Map.of("", 1))), "empty name");
            refusedBy(dialect, Invocation.patch("k", Map.of("", 1)), "patch");
        }
    }

    private static void refusedBy(SodpDialect dialect, Invocation invocation, String word) {
        Invocation normal = new Invocation(
                invocation.method(), invocation.key(), invocation.path(), of(invocation.value()), invocation.most());
        assertThatThrownBy(() -> normal.check(dialect, null)).isInstanceOf(ConfigurationException.class);
        assertThat(word).isNotEmpty();
    }

    @Test
    @Tag("S40")
    void pathsAreSpelledAsEachServerReadsThem() {
        SodpPath path = SodpPath.of("a/b", "c~d", 0);
        assertThat(args(Invocation.setIn("k", path, 1L), SodpDialect.TYPESCRIPT))
                .containsEntry("path", "/a~1b/c~0d/0");
        assertThat(args(Invocation.setIn("k", SodpPath.of("a", "b"), 1L), SodpDialect.GO))
                .containsEntry("path", "a.b");
        assertThat(args(Invocation.setIn("k", SodpPath.of("a~", "b"), 1L), SodpDialect.RUST))
                .containsEntry("path", "/a~/b");
        assertThatThrownBy(() -> Invocation.setIn("k", path, 1L).check(SodpDialect.RUST, null))
                .hasMessageContaining("'/'");
        assertThatThrownBy(() -> Invocation.setIn("k", SodpPath.of("a.b"), 1L).check(SodpDialect.GO, null))
                .hasMessageContaining("'.'");
        assertThat(Invocation.setIn("k", SodpPath.ROOT, 1L).method()).isEqualTo("state.set");
        assertThat(SodpPath.parse("/a~1b/c~0d/0")).isEqualTo(path);
        assertThat(SodpPath.parse("/")).isEqualTo(SodpPath.ROOT);
        assertThat(SodpPath.ROOT.child("x").toString()).isEqualTo("/x");
        assertThatThrownBy(() -> SodpPath.parse("a")).isInstanceOf(ConfigurationException.class);
    }

    @Test
    @Tag("S40")
    void anArrayOnTheWayIsRefusedWhereItWouldBeDestroyed() {
        Object known = of(Map.of("list", List.of(1)));
        Invocation into = Invocation.setIn("k", SodpPath.of("list", 0), 2L);
        assertThatThrownBy(() -> into.check(SodpDialect.RUST, known)).hasMessageContaining("array");
        assertThatThrownBy(() -> into.check(SodpDialect.GO, known)).hasMessageContaining("array");
        into.check(SodpDialect.TYPESCRIPT, known);
        Invocation.setIn("k", SodpPath.of("list"), 2L).check(SodpDialect.RUST, known);
    }

    private static Map<String, @Nullable Object> args(Invocation invocation, SodpDialect dialect) {
        invocation.check(dialect, null);
        ByteBuffer frame = new Encoder().frame(FrameType.CALL, 0, 1, to -> invocation.write("c1", dialect, to));
        return Packed.sent(frame.array()).args();
    }
}
