package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.ProtocolException;
import dev.tributary.conformance.World;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * SODP's tables of {@code docs/types.md} are made of what is checked here; {@code -Dtributary.write=true} writes them.
 */
class TypesPageTest {

    /** A value as a server sends it, in hexadecimal, and as Java sees it. */
    private record Sample(
            String type, String sent, @Nullable Object value) {}

    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private static final List<Sample> SAMPLES = List.of(
            new Sample("nil", "c0", null),
            new Sample("bool", "c3", true),
            new Sample("fixint", "2a", 42L),
            new Sample("uint8", "cc2a", 42L),
            new Sample("uint64", "cf000000000000002a", 42L),
            new Sample("int64", "d38000000000000000", Long.MIN_VALUE),
            new Sample("uint64", "cf7fffffffffffffff", Long.MAX_VALUE),
            new Sample("uint64", "cfffffffffffffffff", MOST),
            new Sample("float32", "ca3dcccccd", (double) 0.1f),
            new Sample("float64", "cb4014000000000000", 5.0),
            new Sample("float64", "cb8000000000000000", -0.0),
            new Sample("str", "a3746561", "tea"),
            new Sample("str", "a0", ""),
            new Sample("array", "9301c0a178", Arrays.asList(1L, null, "x")),
            new Sample("map", "82a16101a162c0", Packed.map("a", 1L, "b", null)),
            new Sample("map", "82a16101a16102", Map.of("a", 2L)));

    /** What no document has: a whole value that holds it is refused, a change that does leads to the whole value. */
    private static final Map<String, String> NO_DOCUMENT = Map.of("bin", "c4020102", "ext", "d6ff00000000");

    private record Gift(String text, Object value, @Nullable String sent) {}

    private enum Mood {
        HAPPY
    }

    private record Point(int x, double y) {}

    private static final List<Gift> GIFTS = List.of(
            new Gift("`Byte`, `Short`, `Integer`, `Long`", (short) 300, "cd012c"),
            new Gift("`BigInteger` within 64 bits", MOST, "cfffffffffffffffff"),
            new Gift("`BigInteger` beyond", MOST.add(BigInteger.ONE), null),
            new Gift("`Float`, `Double`", 5.0f, "cb4014000000000000"),
            new Gift("`NaN`, infinities", Double.NaN, null),
            new Gift("`BigDecimal`", new BigDecimal("1.5"), null),
            new Gift("`String`, `CharSequence`", new StringBuilder("tea"), "a3746561"),
            new Gift("half a surrogate pair", "\ud800", null),
            new Gift("an enum", Mood.HAPPY, "a54841505059"),
            new Gift("`Iterable`, arrays", new int[] {1, 2}, "920102"),
            new Gift("`Map` with texts as names", Map.of("a", 1), "81a16101"),
            new Gift("`Map` with other names", Map.of(1, 1), null),
            new Gift("a record", new Point(1, 0.5), "82a17801a179cb3fe0000000000000"),
            new Gift("`byte[]`, `ByteBuffer`", new byte[] {1}, null),
            new Gift("any other class", new Object(), null));

    /** What comes back from each server. */
    private static final List<Object> TRAVELLERS =
            List.of(42L, Long.MAX_VALUE, MOST, 5.0, 0.1, -0.0, "tea", List.of(1L, 5.0), Map.of("a", List.of()));

    // ---- the page ----

    private static String javaClass(@Nullable Object value) {
        return value == null
                ? "null"
                : value instanceof List
                        ? "List"
                        : value instanceof Map ? "Map" : value.getClass().getSimpleName();
    }

    private static String shown(@Nullable Object value) {
        if (value instanceof String text) {
            return "\"" + text + "\"";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(TypesPageTest::shown).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + shown(entry.getValue()))
                    .sorted()
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return String.valueOf(value);
    }

    private static String valuesTable() {
        StringBuilder table = new StringBuilder("| MessagePack | as sent | Java | value |\n|---|---|---|---|\n");
        for (Sample sample : SAMPLES) {
            table.append("| %s | `%s` | `%s` | `%s` |\n"
                    .formatted(sample.type(), sample.sent(), javaClass(sample.value()), shown(sample.value())));
        }
        return table.toString();
    }

    private static String writesTable() {
        StringBuilder table = new StringBuilder("| given | for example | as sent |\n|---|---|---|\n");
        for (Gift gift : GIFTS) {
            String example = gift.sent() == null ? "" : "`" + example(gift.value()) + "`";
            table.append("| %s | %s | %s |\n"
                    .formatted(gift.text(), example, gift.sent() == null ? "refused" : "`" + gift.sent() + "`"));
        }
        return table.toString();
    }

    private static String example(Object value) {
        return value instanceof int[] array ? Arrays.toString(array) : value.toString();
    }

    private static String roundTripsTable() throws Exception {
        List<dev.tributary.testkit.sodp.SodpDialect> servers = List.of(
                dev.tributary.testkit.sodp.SodpDialect.RUST,
                dev.tributary.testkit.sodp.SodpDialect.TYPESCRIPT,
                dev.tributary.testkit.sodp.SodpDialect.GO);
        Map<dev.tributary.testkit.sodp.SodpDialect, List<@Nullable Object>> back =
                new EnumMap<>(dev.tributary.testkit.sodp.SodpDialect.class);
        for (dev.tributary.testkit.sodp.SodpDialect server : servers) {
            back.put(server, roundTrip(server));
        }
        StringBuilder table = new StringBuilder("| written | Rust | TypeScript | Go |\n|---|---|---|---|\n");
        for (int i = 0; i < TRAVELLERS.size(); i++) {
            table.append("| `").append(shown(TRAVELLERS.get(i))).append("` |");
            for (dev.tributary.testkit.sodp.SodpDialect server : servers) {
                Object value = back.get(server).get(i);
                boolean same = TRAVELLERS.get(i).equals(value);
                String text = same ? "the same" : javaClass(value) + " `" + shown(value) + "`";
                table.append(' ').append(text).append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static List<@Nullable Object> roundTrip(dev.tributary.testkit.sodp.SodpDialect server) throws Exception {
        Duration soon = Duration.ofSeconds(20);
        List<@Nullable Object> back = new ArrayList<>();
        try (World world = SodpDriver.simulated(server).newWorld(1);
                var source = world.builder("").token(world::token).open()) {
            for (int i = 0; i < TRAVELLERS.size(); i++) {
                String key = "doc" + i;
                Sodp sodp = source.unwrap(Sodp.class);
                CompletableFuture<KeyState> read =
                        sodp.set(key, TRAVELLERS.get(i), soon).thenCompose(result -> sodp.get(key, soon));
                world.advance(soon);
                assertThat(read).isCompleted();
                back.add(read.join().value());
            }
        }
        return back;
    }

    @Test
    @Tag("S11")
    @Tag("S12")
    void thePageShowsTheTablesThatAreCheckedHere() throws Exception {
        Path here = Path.of("").toAbsolutePath();
        Path page = (Files.exists(here.resolve("docs")) ? here : here.getParent()).resolve("docs/types.md");
        Map<String, String> tables = Map.of(
                "sodp-values", valuesTable(), "sodp-writes", writesTable(), "sodp-round-trips", roundTripsTable());
        String text = Files.readString(page);
        Pattern place = Pattern.compile("<!-- table (sodp-\\S+) -->\n\n(.*?)\n<!-- end -->", Pattern.DOTALL);
        if (Boolean.getBoolean("tributary.write")) {
            text = place.matcher(text)
                    .replaceAll(match -> Matcher.quoteReplacement("<!-- table " + match.group(1) + " -->\n\n"
                            + tables.get(match.group(1)) + "\n<!-- end -->"));
            Files.writeString(page, text);
        }
        Map<String, String> shown = new HashMap<>();
        Matcher match = place.matcher(text);
        while (match.find()) {
            shown.put(match.group(1), match.group(2));
        }
        assertThat(shown).isEqualTo(tables);
    }

    // ---- what it says ----

    private static @Nullable Object decoded(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        Decoder decoder = new Decoder();
        decoder.reset(bytes, 0, bytes.length);
        return decoder.value("the value", Decoder.MOST_LEVELS);
    }

    @Test
    @Tag("S11")
    void everyValueOfThePageIsTrue() {
        for (Sample sample : SAMPLES) {
            Object value = decoded(sample.sent());
            assertThat(value).as(sample.toString()).isEqualTo(sample.value());
            assertThat(javaClass(value)).as(sample.toString()).isEqualTo(javaClass(sample.value()));
        }
        NO_DOCUMENT.forEach(
                (type, sent) -> assertThatThrownBy(() -> decoded(sent)).isInstanceOf(ProtocolException.class));
    }

    @Test
    @Tag("S11")
    @Tag("S12")
    void everyWriteOfThePageIsTrue() {
        Encoder encoder = new Encoder();
        for (Gift gift : GIFTS) {
            if (gift.sent() == null) {
                assertThatThrownBy(() -> Documents.PLAIN.of(gift.value()))
                        .as(gift.text())
                        .isInstanceOf(ConfigurationException.class);
            } else {
                Object document = Documents.PLAIN.of(gift.value());
                var frame = encoder.frame(FrameType.CALL, 0, 0, to -> to.value(document));
                byte[] body = new byte[frame.remaining() - 4];
                frame.position(frame.position() + 4).get(body);
                assertThat(HexFormat.of().formatHex(body)).as(gift.text()).isEqualTo(gift.sent());
            }
        }
    }
}
