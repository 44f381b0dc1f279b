package dev.tributary.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.driftdb.DriftDb;
import dev.tributary.testkit.driftdb.DriftDbServer;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What values of DriftDB become; {@code -Dtributary.write=true} writes the table. */
class DriftDbTypesPageTest {

    /** A value as it is pushed, and as readers of both encodings have it. */
    private record Sample(
            @Nullable Object pushed,
            @Nullable Object cbor,
            @Nullable Object json) {

        Sample(@Nullable Object pushed, @Nullable Object everywhere) {
            this(pushed, everywhere, everywhere);
        }
    }

    private static final List<Sample> SAMPLES = List.of(
            new Sample(null, null),
            new Sample(true, true),
            new Sample("tea", "tea"),
            new Sample(42, 42L),
            new Sample(Long.MIN_VALUE, Long.MIN_VALUE),
            new Sample(new BigInteger("42"), 42L),
            new Sample(new BigInteger("18446744073709551615"), new BigInteger("18446744073709551615")),
            new Sample(1.5, 1.5),
            new Sample(1e300, 1e300),
            new Sample(1.0, 1.0),
            new Sample(0.1, 0.1),
            new Sample(0.1f, (double) 0.1f, 0.1),
            new Sample((double) 0.1f, (double) 0.1f, 0.1),
            new Sample(Double.NaN, Double.NaN, null),
            new Sample(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, null),
            new Sample(new byte[] {(byte) 0xde, 0x01}, new byte[] {(byte) 0xde, 0x01}, List.of(222L, 1L)),
            new Sample(List.of(), List.of()),
            new Sample(Arrays.asList(1, null, "x"), Arrays.asList(1L, null, "x")),
            new Sample(Collections.singletonMap("a", null), Collections.singletonMap("a", null)),
            new Sample(Map.of("a", Map.of("b", List.of(1))), Map.of("a", Map.of("b", List.of(1L)))));

    private static String cell(@Nullable Object value) {
        return value == null
                ? "null"
                : "`" + TypesPageTest.javaClass(value) + "` " + TypesPageTest.code(TypesPageTest.shown(value));
    }

    private static String table() {
        StringBuilder table =
                new StringBuilder("| pushed with CBOR | read with CBOR | read with JSON |\n|---|---|---|\n");
        for (Sample sample : SAMPLES) {
            table.append(
                    "| %s | %s | %s |\n".formatted(cell(sample.pushed()), cell(sample.cbor()), cell(sample.json())));
        }
        return table.toString();
    }

    @Test
    @Tag("D9")
    void thePageShowsTheTableThatIsCheckedHere() throws IOException {
        PageTables.assertShown(Map.of("driftdb-values", table()));
    }

    @Test
    @Tag("D7")
    @Tag("D8")
    @Tag("D9")
    void everyRowOfTheTableIsTrue() throws Exception {
        try (DriftDbServer server = DriftDbServer.start()) {
            String room = server.query(model -> model.createRoom().id());
            try (SyncSource writer = SyncSource.open(server.uri(room) + "?encoding=cbor")) {
                for (int i = 0; i < SAMPLES.size(); i++) {
                    writer.unwrap(DriftDb.class)
                            .append("values", SAMPLES.get(i).pushed(), Shop.PATIENCE)
                            .get(Shop.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
            }
            for (String encoding : List.of("cbor", "json")) {
                try (SyncSource reader = SyncSource.open(server.uri(room) + "?encoding=" + encoding);
                        MaterializedView<Row> log = reader.materialize("values?as=log")) {
                    log.awaitUpToDate(Shop.PATIENCE);
                    assertThat(log.snapshot().size()).isEqualTo(SAMPLES.size());
                    for (int i = 0; i < SAMPLES.size(); i++) {
                        Object wanted = encoding.equals("cbor")
                                ? SAMPLES.get(i).cbor()
                                : SAMPLES.get(i).json();
                        Row row = log.get(0, i + 1);
                        assertThat(row.get("value"))
                                .as("%s with %s", SAMPLES.get(i), encoding)
                                .isEqualTo(wanted);
                    }
                }
            }
        }
    }
}
