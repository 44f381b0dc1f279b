package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Commit;
import dev.tributary.ConfigurationException;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.testkit.simulation.SimulatedConnection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** The fallback of whoever can neither fetch the schema nor give it: rows as bytes. */
@Tag("T59")
class RawRowsTest {

    private static final String STOCK = "SELECT * FROM stock";

    @Provide
    static Arbitrary<ProtocolVersion> versions() {
        return Arbitraries.of(ProtocolVersion.V2_BSATN, ProtocolVersion.V3_BSATN);
    }

    /** A server that shows its schema to nobody. */
    private static Rig secretive() {
        Rig rig = new Rig();
        rig.intercept = wire -> {
            if (!wire.target().uri().getPath().endsWith("/schema")) {
                return false;
            }
            wire.head(403, Map.of());
            wire.complete();
            return true;
        };
        return rig;
    }

    private static byte[] bsatn(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return bytes.array();
    }

    private static String hex(int... numbers) {
        return HexFormat.of().formatHex(bsatn(numbers));
    }

    private static String hex(Row row) {
        return HexFormat.of().formatHex((byte[]) row.get("bytes"));
    }

    private static List<String> rows(MaterializedView<Row> view) {
        return view.snapshot().stream().map(RawRowsTest::hex).sorted().toList();
    }

    @Property(tries = 4)
    void eachRowIsItsBytesAndItsOwnKey(@ForAll("versions") ProtocolVersion version) {
        try (Rig rig = secretive()) {
            rig.put("stock", 1, 60);
            SyncSource source = rig.open(builder -> builder.rawRows().protocols(version));
            MaterializedView<Row> stock = rig.view(source, STOCK);
            MaterializedView<Row> rich = rig.view(source, "SELECT * FROM rich");
            assertThat(rows(stock)).containsExactly(hex(1, 60));
            List<String> heard = new ArrayList<>();
            stock.listen((Commit<Row> commit) -> commit.changes()
                    .forEach(change -> heard.add(change.kind().name().charAt(0) + " "
                            + hex(change.after() == null ? change.before() : change.after()))));
            rig.run();
            heard.clear();
            rig.put("stock", 1, 70);
            assertThat(heard).containsExactlyInAnyOrder("D " + hex(1, 60), "I " + hex(1, 70));
            heard.clear();
            rig.session().breakConnection();
            rig.model.transact(context -> context.put("stock", 2L, 80L));
            rig.server.arm();
            rig.advance(Rig.LONG);
            assertThat(heard).containsExactly("I " + hex(2, 80));
            assertThat(rows(stock)).containsExactly(hex(1, 70), hex(2, 80));
            assertThat(rows(rich)).containsExactly(hex(1, 70), hex(2, 80));
            assertThat(rig.exchanges()).isEmpty();
            assertThat(rig.faults).isEmpty();
        }
    }

    @Example
    void callsAndQueriesAreBytesToo() {
        try (Rig rig = secretive()) {
            SyncSource source = rig.openAt("ws://model/game", SpacetimeDbSourceBuilder::rawRows);
            SpacetimeDb db = Rig.db(source);
            assertThat(rig.get(db.callReducer("put_stock", Arguments.bsatn(bsatn(1, 2)), Rig.SOON)))
                    .isInstanceOf(ReducerOutcome.Committed.class);
            assertThat(rig.get(db.oneOffQuery(STOCK, Rig.SOON)).rows())
                    .extracting(RawRowsTest::hex)
                    .containsExactly(hex(1, 2));
            assertThat(rig.failure(db.callReducer("put_stock", 1, 2))).hasMessageContaining("Arguments.bsatn");
            assertThat(rig.get(db.connection(Rig.SOON)).protocol()).isEqualTo(ProtocolVersion.V3_BSATN);
        }
    }

    @Example
    @Tag("T50")
    void eventsAreBytesToo() {
        try (Rig rig = secretive()) {
            List<EventRow> events = new ArrayList<>();
            MaterializedView<Row> shots = rig.view(rig.open(SpacetimeDbSourceBuilder::rawRows), "SELECT * FROM shot");
            shots.listen(new ViewListener<>() {
                @Override
                public void onCommit(Commit<Row> commit) {}

                @Override
                public void onEvent(Object event) {
                    events.add((EventRow) event);
                }
            });
            rig.run();
            rig.model.call("shoot", 6L);
            rig.server.arm();
            rig.run();
            assertThat(events).extracting(event -> hex(event.row())).containsExactly(hex(6));
            assertThat(shots.snapshot().isEmpty()).isTrue();
        }
    }

    /** The server has its own name of a table, which is not the one that was asked with; and gives a row twice. */
    @Example
    @Tag("T45")
    void aTableMayHaveAnotherNameThanTheQuerySaysAndRowsAreCounted() {
        try (Rig rig = new Rig()) {
            List<SimulatedConnection> wires = new ArrayList<>();
            int[] set = new int[1];
            rig.intercept = wire -> {
                wires.add(wire);
                wire.head(101, Map.of("sec-websocket-protocol", "v2.bsatn.spacetimedb"));
                wire.listen(new SimulatedConnection.ClientListener() {
                    @Override
                    public void message(DataKind kind, ByteBuffer bytes) {
                        ByteBuffer asked = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
                        set[0] = asked.getInt(5);
                        ByteBuffer applied = saying(1).putInt(asked.getInt(1)).putInt(set[0]);
                        stock(applied);
                        rows(applied, bsatn(1, 2, 1, 2));
                        send(wire, applied);
                    }
                });
                // Plain; who we are, the connection, no token.
                wire.binary(new byte[1 + 1 + 32 + 16 + Integer.BYTES]);
                return true;
            };
            SyncSource source = rig.open(SpacetimeDbSourceBuilder::rawRows);
            MaterializedView<Row> view = rig.view(source, "SELECT * FROM Warehouse");
            assertThat(rows(view)).containsExactly(hex(1, 2));
            for (int copies = 1; copies >= 0; copies--) {
                ByteBuffer changed = saying(4).putInt(1).putInt(set[0]);
                stock(changed);
                changed.putInt(1).put((byte) 0);
                rows(changed, bsatn());
                rows(changed, bsatn(1, 2));
                send(wires.get(0), changed);
                rig.run();
                assertThat(rows(view)).hasSize(copies);
            }
            assertThat(rig.faults).isEmpty();
        }
    }

    private static ByteBuffer saying(int tag) {
        return ByteBuffer.allocate(100)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0)
                .put((byte) tag);
    }

    private static void stock(ByteBuffer out) {
        out.putInt(1).putInt(5).put("stock".getBytes(StandardCharsets.UTF_8));
    }

    private static void rows(ByteBuffer out, byte[] rows) {
        if (rows.length == 0) {
            out.put((byte) 1).putInt(0).putInt(0);
        } else {
            out.put((byte) 0).putShort((short) 8).putInt(rows.length).put(rows);
        }
    }

    private static void send(SimulatedConnection wire, ByteBuffer message) {
        wire.binary(Arrays.copyOf(message.array(), message.position()));
    }

    /** With v1 only the server's name of a table tells whose a change is, and its JSON has two forms of each row. */
    @Example
    void itIsRefusedWhereItCannotBeRight() {
        try (Rig rig = secretive()) {
            for (ProtocolVersion version : List.of(ProtocolVersion.V1_BSATN, ProtocolVersion.V1_JSON)) {
                MaterializedView<Row> view = rig.view(
                        rig.open(builder -> builder.rawRows().protocols(ProtocolVersion.V3_BSATN, version)), STOCK);
                assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
                assertThat(view.status().reason())
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("rawRows")
                        .hasMessageContaining(version.toString());
            }
            MaterializedView<Row> view = rig.view(
                    rig.open(builder -> builder.rawRows().schema("{\"typespace\":{\"types\":[]},\"tables\":[]}")),
                    STOCK);
            assertThat(view.status().reason())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("one is given");
            assertThat(rig.targets).isEmpty();
        }
    }

    /** It is asked for, never fallen into. */
    @Example
    @Tag("T6")
    void withoutTheOptionThereIsNoViewAndTheErrorNamesBothWaysOut() {
        try (Rig rig = secretive()) {
            MaterializedView<Row> view = rig.view(rig.open(), STOCK);
            assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(view.status().reason())
                    .isInstanceOfSatisfying(
                            SpacetimeDbException.class,
                            refusal -> assertThat(refusal.status()).isEqualTo(403))
                    .hasMessageContaining("given to the builder")
                    .hasMessageContaining("rawRows");
        }
    }
}
