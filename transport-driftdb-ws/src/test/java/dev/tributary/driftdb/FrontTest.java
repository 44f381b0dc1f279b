package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Backoff;
import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
import dev.tributary.Registration;
import dev.tributary.SyncSource;
import dev.tributary.spi.Verb;
import dev.tributary.spi.Verbs;
import dev.tributary.testkit.driftdb.AnswerFault;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an application and a command meet first: verbs, the builder, column types, refusals. */
class FrontTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static @Nullable Object call(Rig rig, SyncSource source, String verb, @Nullable Object... values) {
        return rig.get(source.unwrap(Verbs.class).named(verb).call(java.util.Arrays.asList(values), MINUTE));
    }

    private static @Nullable Object member(@Nullable Object map, String name) {
        return ((Map<?, ?>) map).get(name);
    }

    @Test
    void whatASourceCannotBeOpenedWithIsSaidAtOnce() {
        assertThatThrownBy(() -> SyncSource.open("driftdb+ws://127.0.0.1/room/r?encoding=xml"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("expected json or cbor, got 'xml'");
    }

    @Test
    @Tag("D42")
    void everyVerbDoesWhatItsMethodDoes() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            List<Passed> passed = new ArrayList<>();
            source.materialize("k?as=log").listen(new dev.tributary.ViewListener<>() {
                @Override
                public void onCommit(dev.tributary.Commit<dev.tributary.Row> commit) {}

                @Override
                public void onEvent(Object event) {
                    passed.add((Passed) event);
                }
            });
            rig.run();
            assertThat(call(rig, source, "get", "k")).isNull();
            assertThat(call(rig, source, "replace", "k", 1L)).isEqualTo(Map.of("seq", 1L));
            assertThat(member(call(rig, source, "append", "k", "two"), "seq")).isEqualTo(2L);
            assertThat(call(rig, source, "append", "elsewhere", 1L)).isEqualTo(Map.of());
            assertThat(member(call(rig, source, "append", "elsewhere", 2L), "size"))
                    .isEqualTo(2L);
            assertThat(call(rig, source, "get", "k")).isEqualTo(Map.of("seq", 2L, "value", "two"));
            assertThat(call(rig, source, "read", "k"))
                    .isEqualTo(List.of(Map.of("seq", 1L, "value", 1L), Map.of("seq", 2L, "value", "two")));
            assertThat(call(rig, source, "read", "k", 1L)).isEqualTo(List.of(Map.of("seq", 2L, "value", "two")));
            assertThat(member(call(rig, source, "relay", "k", "hello"), "seq")).isNull();
            rig.advance(MINUTE);
            assertThat(passed).extracting(one -> one.entry().value()).containsExactly("hello");
            assertThat(member(call(rig, source, "compact", "k", "both", 2L), "seq"))
                    .isNull();
            assertThat(rig.truth("k")).containsExactly("2:both");
            assertThat(((Map<?, ?>) call(rig, source, "latency")).get("ms"))
                    .isInstanceOfSatisfying(Double.class, ms -> {
                        assertThat(ms).isBetween(1.9, 7.0);
                    });
            Object made = ((Map<?, ?>) call(rig, source, "create-room")).get("room");
            assertThat(rig.model.room((String) made)).isNotNull();
            Verbs verbs = source.unwrap(Verbs.class);
            assertThatThrownBy(() -> verbs.named("compact").call(List.of("k", 1L, -2L), MINUTE))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("UP-TO");
            assertThatThrownBy(() -> verbs.named("read").call(List.of("k", -1L), MINUTE))
                    .hasMessageContaining("ABOVE");
            rig.room.counter(-2);
            assertThat(member(call(rig, source, "append", "k", 1L), "seq"))
                    .isEqualTo(new BigInteger("18446744073709551615"));
            assertThat(verbs.all()).extracting(Verb::usage).contains("read KEY [ABOVE]", "compact KEY VALUE UP-TO");
        }
    }

    @Test
    @Tag("D7")
    void columnsAreWrittenAndReadBack() {
        for (long number : new long[] {0, 1, Long.MAX_VALUE}) {
            byte[] packed = DriftTypes.NUMBER.encode(number);
            assertThat(packed).hasSize(8);
            assertThat(DriftTypes.NUMBER.decode(packed, 0, 8)).isEqualTo(number);
        }
        BigInteger top = new BigInteger("18446744073709551615");
        assertThat(DriftTypes.NUMBER.decode(DriftTypes.NUMBER.encode(top), 0, 8))
                .isEqualTo(top);
        assertThat(DriftTypes.NUMBER.encode(BigInteger.ZERO)).isEqualTo(new byte[8]);
        assertThat(DriftTypes.NUMBER.encode(7)).isEqualTo(DriftTypes.NUMBER.encode(7L));
        assertThat(DriftTypes.NUMBER.encode((short) 7)).isEqualTo(DriftTypes.NUMBER.encode((byte) 7));
        for (Object wrong : List.of(-1L, -1, BigInteger.ONE.negate(), BigInteger.ONE.shiftLeft(64), "7", 7.0)) {
            assertThatThrownBy(() -> DriftTypes.NUMBER.encode(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wrong.getClass().getSimpleName());
        }
        assertThatThrownBy(() -> DriftTypes.NUMBER.decode(new byte[9], 0, 9)).hasMessageContaining("9");
        byte[] text = "añb".getBytes(StandardCharsets.UTF_8);
        assertThat(DriftTypes.TEXT.encode("añb")).isEqualTo(text);
        assertThat(DriftTypes.TEXT.decode(text, 1, 3)).isEqualTo("ñb");
        assertThatThrownBy(() -> DriftTypes.TEXT.encode(1L)).isInstanceOf(IllegalArgumentException.class);
        Object value = List.of(1L, Map.of("a", "b"));
        byte[] packed = DriftTypes.VALUE.encode(value);
        byte[] within = new byte[packed.length + 2];
        System.arraycopy(packed, 0, within, 1, packed.length);
        assertThat(DriftTypes.VALUE.decode(within, 1, packed.length)).isEqualTo(value);
        assertThatThrownBy(() -> DriftTypes.VALUE.decode(within, 1, packed.length - 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(DriftTypes.NUMBER.javaType()).isEqualTo(Long.class);
    }

    @Test
    @Tag("D42")
    void everyStatusHasItsMeaning() {
        Map.of(
                        400, "could not read",
                        401, "other credentials",
                        403, "other credentials",
                        404, "nothing at this address",
                        413, "larger than",
                        415, "content type",
                        422, "but not use it",
                        499, "unexpectedly",
                        500, "the server failed",
                        503, "the server failed")
                .forEach((status, meaning) -> {
                    DriftDbException refusal = new DriftDbException(status, "  why \n", Duration.ZERO);
                    assertThat(refusal).hasMessageContaining(meaning).hasMessageEndingWith("(" + status + "): why");
                    assertThat(refusal.status()).isEqualTo(status);
                    assertThat(new DriftDbException(status, " ", Duration.ZERO))
                            .hasMessageEndingWith("(" + status + ")");
                });
        assertThat(DriftDbException.shortened("x".repeat(300))).hasSize(300).doesNotContain("…");
        assertThat(DriftDbException.shortened("x".repeat(301))).hasSize(301).endsWith("x…");
    }

    @Test
    @Tag("D10")
    void theBuilderKeepsWhatItIsTold() {
        try (Rig rig = new Rig()) {
            Map<String, String> headers = new java.util.concurrent.ConcurrentHashMap<>();
            rig.model
                    .faults()
                    .request(
                            request -> {
                                headers.putAll(request.headers());
                                return false;
                            },
                            1,
                            AnswerFault.status(500));
            SyncSource source = rig.open(builder -> builder.header("x-way", "north")
                    .maxMessage(300)
                    .require(Capability.WRITES)
                    .backoff(Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(2))));
            assertThat(source.capabilities()).isEqualTo(DriftDbTransport.CAPABILITIES);
            source.materialize("k");
            rig.run();
            assertThat(headers).containsEntry("x-way", "north");
            rig.room.replace("k", "\"" + "x".repeat(400) + "\"");
            rig.run();
            assertThat(rig.faults.toString() + rig.endings).contains("300 bytes");
            assertThatThrownBy(() -> rig.open(builder -> builder.require(Capability.LOSSLESS)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("LOSSLESS");
            assertThat(new DriftDbTransport().interfaces()).containsExactlyInAnyOrder(DriftDb.class, Verbs.class);
            assertThatThrownBy(() -> source.unwrap(String.class)).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    @Tag("D31")
    @Tag("D39")
    void whoHearsNoMoreIsNotTold() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("k");
            rig.run();
            List<Object> told = new ArrayList<>();
            Registration sizes = rig.db(source).onSize(told::add);
            Registration errors = rig.db(source).onError(told::add);
            Registration counters = rig.db(source).onCounterWentBack(told::add);
            rig.get(rig.db(source).append("k", 1L, MINUTE));
            rig.get(rig.db(source).append("k", 2L, MINUTE));
            rig.run();
            assertThat(told).containsExactly(new StreamSize("k", 2));
            for (Registration one : List.of(sizes, errors, counters)) {
                one.close();
            }
            rig.get(rig.db(source).append("k", 3L, MINUTE));
            rig.run();
            assertThat(told).hasSize(1);
        }
    }
}
