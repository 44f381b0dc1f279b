package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import dev.tributary.RowSchema;
import dev.tributary.spacetimedb.codec.MessageKind;
import dev.tributary.spacetimedb.codec.RowPlace;
import dev.tributary.spacetimedb.codec.RowPlace.Effect;
import dev.tributary.spacetimedb.codec.RowSink;
import dev.tributary.spacetimedb.codec.ServerMessage;
import dev.tributary.spacetimedb.codec.Subprotocol;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of queries and their rows, message by message. */
class QuerySetsTest {

    private static final String STOCK = "SELECT * FROM stock";
    private static final String ORDERS = "SELECT * FROM orders";
    private static final DatabaseSchema SCHEMA = DatabaseSchema.parse(Scene.SCHEMA);
    private static final RowSchema OF_STOCK = SCHEMA.table("stock").layout().schema();
    private static final RowSchema OF_ORDERS = SCHEMA.table("orders").layout().schema();
    private static final ConnectionInfo SELF = info(1);
    private static final long MOST = 20L
            * SCHEMA.table("stock").layout().decoder().row(new byte[8], 0, 8).sizeInBytes();

    private final Told told = new Told();
    private final SourceMemory memory = new SourceMemory();
    private final List<String> host = new ArrayList<>();
    private final QuerySets sets = new QuerySets(
            memory,
            new QuerySets.Host() {
                @Override
                public void fetchSchema(Output out) {
                    host.add("fetch");
                }

                @Override
                public void divided(Output out) {
                    host.add("divided");
                }
            },
            MOST);
    private Link link = link(Subprotocol.V2_BSATN, 100);
    private long ids;

    private static ConnectionInfo info(int identity) {
        return new ConnectionInfo(
                new Identity(BigInteger.valueOf(identity)),
                new ConnectionId(BigInteger.TEN),
                ProtocolVersion.V2_BSATN,
                "t0ken",
                false);
    }

    private static Link link(Subprotocol spoken, int most) {
        return new Link(new Told.Opened(null, 0), spoken, most);
    }

    /** A query that was asked for, with what the server calls it. */
    private record Asked(Told.Wanted wanted, long id, long request) {}

    private void connect() {
        sets.schema(SCHEMA, told);
        sets.connected(link, SELF, told);
        sets.pump(told);
    }

    private Asked ask(Told.Wanted wanted) {
        sets.subscribe(wanted, told);
        ids += 2;
        return new Asked(wanted, ids - 1, ids);
    }

    private Asked ask(String sql) {
        return ask(new Told.Wanted(sql));
    }

    private void applied(Asked asked) {
        sets.applied(new ServerMessage.SubscribeApplied(asked.request(), asked.id(), null), told);
    }

    private RowSink first(Asked asked, String table) {
        return sets.rows(
                new RowPlace(MessageKind.SUBSCRIBE_APPLIED, table, Effect.INSERT, asked.id(), asked.request()), told);
    }

    private RowSink change(Asked asked, String table, Effect effect) {
        return sets.rows(
                new RowPlace(MessageKind.TRANSACTION_UPDATE, table, effect, asked == null ? null : asked.id(), null),
                told);
    }

    private static void put(RowSink sink, int a, int b) {
        byte[] row = ByteBuffer.allocate(10)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(1)
                .putInt(a)
                .putInt(b)
                .array();
        sink.row(row, 1, 8);
    }

    /** A row of a text that makes it so long. */
    private static void note(RowSink sink, int bytes) {
        byte[] row = ByteBuffer.allocate(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes - 4)
                .array();
        sink.row(row, 0, bytes);
    }

    private static List<String> rows(Told.Wanted wanted) {
        return wanted.kept.rows.entrySet().stream()
                .map(entry -> entry.getKey().get(0) + "=" + entry.getKey().get(1) + "*" + entry.getValue())
                .sorted()
                .toList();
    }

    private List<SpacetimeDbNotice.Transaction> transactions() {
        return told.notices(SpacetimeDbNotice.Transaction.class);
    }

    // ---- rows that replace others ----

    @Test
    @Tag("T57")
    @Tag("T54")
    void viewsThatHoldOldRowsChangeTogetherAndNewOnesDoNotWait() {
        connect();
        Asked old = ask(new Told.Wanted(STOCK, OF_STOCK));
        Asked fresh = ask("SELECT * FROM pair");
        Asked other = ask(new Told.Wanted(ORDERS, OF_ORDERS));
        assertThat(old.wanted().behind).isNotEmpty();
        assertThat(fresh.wanted().behind).isEmpty();
        applied(old);
        assertThat(old.wanted().commits).isZero();
        applied(other);
        assertThat(old.wanted().upToDate).isEqualTo(1);
        assertThat(other.wanted().upToDate).isEqualTo(1);
        assertThat(fresh.wanted().upToDate).isZero();
        applied(fresh);
        assertThat(fresh.wanted().upToDate).isEqualTo(1);
        assertThat(memory.readAs(old.wanted().query())).isEqualTo(SELF.identity());
    }

    @Test
    @Tag("T57")
    @Tag("T42")
    void whoIsGoneIsNotWaitedFor() {
        for (String way : List.of("let go", "refused", "ended")) {
            QuerySetsTest one = new QuerySetsTest();
            one.connect();
            Asked ready = one.ask(new Told.Wanted(STOCK, OF_STOCK));
            Asked missing = one.ask(new Told.Wanted(ORDERS, OF_ORDERS));
            one.applied(ready);
            assertThat(ready.wanted().upToDate).isZero();
            switch (way) {
                case "let go" -> one.sets.unsubscribe(missing.wanted(), one.told);
                case "refused" ->
                    one.sets.error(
                            new ServerMessage.SubscriptionError(missing.request(), missing.id(), null, "no", null),
                            one.told);
                default ->
                    one.sets.error(new ServerMessage.SubscriptionError(null, missing.id(), null, "no", null), one.told);
            }
            assertThat(ready.wanted().upToDate).as(way).isEqualTo(1);
            assertThat(missing.wanted().ends).as(way).hasSize(1);
        }
    }

    @Test
    @Tag("T57")
    @Tag("T44")
    void whoGoesToAnotherConnectionIsNotWaitedForInV1() {
        link = link(Subprotocol.V1_BSATN, 1);
        connect();
        Asked ready = ask(new Told.Wanted(STOCK, OF_STOCK));
        Told.Wanted second = new Told.Wanted("SELECT * FROM stock WHERE v > 5", OF_STOCK);
        sets.subscribe(second, told);
        applied(ready);
        assertThat(ready.wanted().upToDate).isZero();
        assertThat(second.ends).isEmpty();
        sets.pump(told);
        assertThat(host).containsExactly("divided");
        assertThat(second.ends).extracting(Ending::kind).containsExactly(Ending.Kind.ELSEWHERE);
        assertThat(ready.wanted().upToDate).isEqualTo(1);
    }

    @Test
    @Tag("T58")
    void rowsThatAnotherIdentityReadAreDroppedFromAQueryThatComesLater() {
        connect();
        Told.Wanted foreign = new Told.Wanted(STOCK, OF_STOCK);
        memory.readAs(foreign.query(), info(2).identity());
        Told.Wanted own = new Told.Wanted(ORDERS, OF_ORDERS);
        memory.readAs(own.query(), SELF.identity());
        sets.subscribe(foreign, told);
        sets.subscribe(own, told);
        assertThat(foreign.commits).isEqualTo(1);
        assertThat(foreign.faults).singleElement().asString().contains("the identity changed");
        assertThat(own.commits).isZero();
        assertThat(own.faults).isEmpty();
    }

    // ---- the life of a query ----

    @Test
    @Tag("T42")
    @Tag("T43")
    void theServerIsToldOfTheEndOfWhatItWasAskedForAlone() {
        Told.Wanted early = new Told.Wanted(STOCK);
        sets.subscribe(early, told);
        sets.unsubscribe(early, told);
        connect();
        link.flush(told);
        assertThat(told.sent).isEmpty();
        Asked asked = ask(STOCK);
        Asked live = ask(ORDERS);
        applied(live);
        link.flush(told);
        told.sent.clear();
        sets.unsubscribe(asked.wanted(), told);
        sets.unsubscribe(live.wanted(), told);
        link.flush(told);
        assertThat(told.sent).hasSize(2);
        sets.unsubscribe(live.wanted(), told);
        link.flush(told);
        assertThat(told.sent).hasSize(2);
    }

    @Test
    @Tag("T42")
    void theFirstRowsOfAQueryThatWasLetGoAreNobodys() {
        connect();
        Asked asked = ask(STOCK);
        RowSink sink = first(asked, "stock");
        put(sink, 1, 2);
        assertThat(rows(asked.wanted())).containsExactly("1=2*1");
        sets.unsubscribe(asked.wanted(), told);
        put(sink, 3, 4);
        assertThat(rows(asked.wanted())).containsExactly("1=2*1");
        sets.progress(told);
        assertThat(asked.wanted().progress).isEmpty();
        assertThat(first(asked, "stock")).isNull();
        sets.applied(new ServerMessage.SubscribeApplied(asked.request(), asked.id(), null), told);
        assertThat(asked.wanted().upToDate).isZero();
        assertThat(told.notices(SpacetimeDbNotice.SubscriptionApplied.class)).isEmpty();
    }

    @Test
    @Tag("T43")
    void changesOfAQueryThatWasLetGoAreDroppedUntilTheServerHasHeardOfIt() {
        connect();
        Asked asked = ask(STOCK);
        applied(asked);
        put(change(asked, "stock", Effect.INSERT), 1, 2);
        sets.unsubscribe(asked.wanted(), told);
        ids++;
        assertThat(change(asked, "stock", Effect.INSERT)).isNull();
        sets.transaction(null, told);
        assertThat(rows(asked.wanted())).isEmpty();
        assertThat(transactions()).isEmpty();
        sets.unsubscribed(new ServerMessage.UnsubscribeApplied(ids, asked.id(), false, null));
        assertThatThrownBy(() -> change(asked, "stock", Effect.INSERT))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("not known");
    }

    @Test
    @Tag("T44")
    void inV1ChangesOfATableThatNobodyFollowsAnyMoreAreDropped() {
        link = link(Subprotocol.V1_BSATN, 100);
        connect();
        Asked asked = ask(STOCK);
        assertThat(change(null, "orders", Effect.INSERT)).isNull();
        applied(asked);
        assertThat(change(null, "stock", Effect.INSERT)).isNotNull();
        sets.unsubscribe(asked.wanted(), told);
        assertThat(change(null, "stock", Effect.INSERT)).isNull();
    }

    @Test
    @Tag("T42")
    void anAnswerMustBeToWhatWasAsked() {
        connect();
        Asked asked = ask(STOCK);
        for (ServerMessage.SubscribeApplied wrong : List.of(
                new ServerMessage.SubscribeApplied(asked.request() + 1, asked.id(), null),
                new ServerMessage.SubscribeApplied(asked.request(), asked.id() + 1, null))) {
            QuerySetsTest one = new QuerySetsTest();
            one.connect();
            one.ask(STOCK);
            assertThatThrownBy(() -> one.sets.applied(wrong, one.told))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("did not ask for it");
        }
        applied(asked);
        sets.unsubscribe(asked.wanted(), told);
        assertThatThrownBy(() -> sets.unsubscribed(
                        new ServerMessage.UnsubscribeApplied(asked.request(), asked.id(), false, null)))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    @Tag("T59")
    void aTableThatTheServerKnowsAndItsSchemaDoesNotIsRefused() {
        connect();
        Told.Wanted absent = new Told.Wanted("SELECT * FROM absent");
        sets.subscribe(absent, told);
        assertThat(host).containsExactly("fetch");
        sets.schema(SCHEMA, told);
        assertThat(host).hasSize(1);
        sets.applied(new ServerMessage.SubscribeApplied(2, 1, null), told);
        assertThat(absent.ends).singleElement().satisfies(end -> {
            assertThat(end.kind()).isEqualTo(Ending.Kind.REJECTED);
            assertThat(end.reason()).hasMessageContaining("no table 'absent'");
        });
        assertThat(told.notices(SpacetimeDbNotice.SubscriptionRefused.class)).hasSize(1);
    }

    // ---- how far a load is ----

    @Test
    @Tag("T42")
    void aLoadTellsHowFarItIsEachTimeAMebibyteCame() {
        connect();
        sets.progress(told);
        Asked asked = ask("SELECT * FROM note");
        RowSink sink = first(asked, "note");
        note(sink, 8);
        sets.progress(told);
        note(sink, 9);
        sets.progress(told);
        assertThat(asked.wanted().progress).containsExactly("1 rows, 8 bytes");
        note(sink, (1 << 20) - 13);
        sets.progress(told);
        assertThat(asked.wanted().progress).hasSize(1);
        note(sink, 4);
        sets.progress(told);
        note(sink, 10);
        sets.progress(told);
        assertThat(asked.wanted().progress).containsExactly("1 rows, 8 bytes", "4 rows, 1048584 bytes");
        // Whose last rows nobody was told of, and nobody is once it is complete.
        note(sink, 1 << 20);
        sets.applied(new ServerMessage.SubscribeApplied(asked.request(), asked.id(), null), told);
        sets.progress(told);
        assertThat(asked.wanted().progress).hasSize(2);
        assertThat(told.notices(SpacetimeDbNotice.SubscriptionApplied.class))
                .extracting(SpacetimeDbNotice.SubscriptionApplied::rows)
                .containsExactly(6L);
    }

    @Test
    @Tag("T42")
    void rowsAndBytesAreCountedInBothForms() {
        List<Object> taken = new ArrayList<>();
        RowTaker taker = new RowTaker(SCHEMA.table("stock").layout().decoder(), taken::add);
        put(taker, 1, 2);
        put(taker, 3, 4);
        assertThat(taker.rows()).isEqualTo(2);
        assertThat(taker.bytes()).isEqualTo(16);
        CharBuffer text = CharBuffer.wrap("--[5,6]--".toCharArray(), 1, 7).slice();
        text.position(1).limit(6);
        taker.json(text);
        assertThat(taker.rows()).isEqualTo(3);
        assertThat(taker.bytes()).isEqualTo(21);
        assertThat(taken)
                .extracting(row -> ((dev.tributary.Row) row).toMap())
                .containsExactly(Map.of("id", 1, "v", 2), Map.of("id", 3, "v", 4), Map.of("id", 5, "v", 6));
    }

    // ---- transactions ----

    @Test
    @Tag("T31")
    @Tag("T46")
    void aTransactionIsToldTableByTableInTheOrderOfItsMessage() {
        connect();
        Asked stock = ask(STOCK);
        Asked some = ask("SELECT * FROM stock WHERE v > 1");
        Asked orders = ask(ORDERS);
        List.of(stock, some, orders).forEach(this::applied);
        put(change(stock, "stock", Effect.INSERT), 1, 2);
        put(change(some, "stock", Effect.INSERT), 1, 2);
        put(change(orders, "orders", Effect.INSERT), 3, 4);
        sets.transaction(null, told);
        put(change(orders, "orders", Effect.DELETE), 3, 4);
        put(change(some, "stock", Effect.DELETE), 1, 2);
        put(change(stock, "stock", Effect.DELETE), 1, 2);
        sets.transaction(null, told);
        List<SpacetimeDbNotice.TableChanges> first = transactions().get(0).tables();
        assertThat(first).extracting(SpacetimeDbNotice.TableChanges::table).containsExactly("stock", "orders");
        assertThat(first.get(0).inserts()).hasSize(2);
        assertThat(first.get(0).deletes()).isEmpty();
        assertThat(first.get(1).inserts()).hasSize(1);
        List<SpacetimeDbNotice.TableChanges> second = transactions().get(1).tables();
        assertThat(second).extracting(SpacetimeDbNotice.TableChanges::table).containsExactly("orders", "stock");
        assertThat(second.get(1).deletes()).hasSize(2);
        assertThat(second.get(1).inserts()).isEmpty();
        assertThat(rows(stock.wanted())).isEmpty();
    }

    @Test
    @Tag("T65")
    void aMessageThatChangesNothingIsNoTransaction() {
        connect();
        Asked stock = ask(STOCK);
        Asked orders = ask(ORDERS);
        applied(stock);
        applied(orders);
        int commits = stock.wanted().commits;
        sets.transaction(null, told);
        change(stock, "stock", Effect.INSERT);
        sets.transaction(null, told);
        change(stock, "stock", Effect.INSERT);
        put(change(orders, "orders", Effect.INSERT), 1, 2);
        sets.transaction(null, told);
        assertThat(stock.wanted().commits).isEqualTo(commits);
        assertThat(transactions())
                .singleElement()
                .satisfies(told -> assertThat(told.tables())
                        .extracting(SpacetimeDbNotice.TableChanges::table)
                        .containsExactly("orders"));
    }

    @Test
    @Tag("T31")
    void whatAMessageChangedIsForgottenWithIt() {
        connect();
        Asked stock = ask(STOCK);
        applied(stock);
        put(change(stock, "stock", Effect.INSERT), 1, 2);
        sets.transaction(null, told);
        // No message begins in between: the first one has left nothing.
        sets.transaction(null, told);
        assertThat(rows(stock.wanted())).containsExactly("1=2*1");
        assertThat(transactions()).hasSize(1);
    }

    @Test
    @Tag("T16")
    void theRowsOfOneUpdateAreBoundedAndThoseOfSeveralAreNot() {
        connect();
        Asked stock = ask(STOCK);
        applied(stock);
        put(change(stock, "stock", Effect.INSERT), 0, 0);
        sets.transaction(null, told);
        int fit = 20;
        for (int round = 0; round < 3; round++) {
            for (int id = 0; id < fit; id++) {
                put(change(stock, "stock", Effect.INSERT), round * fit + id + 1, 0);
            }
            sets.transaction(null, told);
        }
        assertThat(rows(stock.wanted())).hasSize(3 * fit + 1);
        RowSink sink = change(stock, "stock", Effect.DELETE);
        for (int id = 0; id < fit; id++) {
            put(sink, id, 0);
        }
        assertThatThrownBy(() -> put(sink, fit, 0))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining(MOST + " bytes");
    }

    @Test
    @Tag("T45")
    void onlyWhatMayBeThereTwiceMayComeTwice() {
        for (Object[] one : List.of(
                new Object[] {STOCK, "stock", Subprotocol.V2_BSATN, false},
                new Object[] {STOCK, "stock", Subprotocol.V1_JSON, false},
                new Object[] {"SELECT * FROM pair", "pair", Subprotocol.V1_JSON, false},
                new Object[] {"SELECT * FROM heat", "heat", Subprotocol.V2_BSATN, false},
                new Object[] {"SELECT * FROM heat", "heat", Subprotocol.V1_JSON, true},
                new Object[] {"SELECT * FROM warm", "warm", Subprotocol.V1_JSON, true},
                new Object[] {
                    "SELECT * FROM stock; SELECT * FROM stock WHERE v > 1", "stock", Subprotocol.V2_BSATN, true
                })) {
            QuerySetsTest test = new QuerySetsTest();
            test.link = link((Subprotocol) one[2], 100);
            test.connect();
            Asked asked = test.ask((String) one[0]);
            test.applied(asked);
            RowSink sink = test.change(
                    asked.id() == 0 || one[2] == Subprotocol.V1_JSON ? null : asked, (String) one[1], Effect.INSERT);
            byte[] row = new byte[one[1].equals("heat") ? 12 : 8];
            sink.row(row, 0, row.length);
            sink.row(row, 0, row.length);
            String what = one[0] + " in " + one[2];
            if ((boolean) one[3]) {
                test.sets.transaction(null, test.told);
                assertThat(asked.wanted().kept.rows.values()).as(what).containsExactly(2);
            } else {
                assertThatThrownBy(() -> test.sets.transaction(null, test.told))
                        .as(what)
                        .isInstanceOf(ProtocolException.class)
                        .hasMessageContaining("is there already");
            }
        }
    }

    // ---- what a source remembers ----

    @Test
    @Tag("T58")
    void aSourceRemembersTheReadersOfSoManyQueries() {
        Identity reader = SELF.identity();
        dev.tributary.Query oldest = dev.tributary.Query.of("0");
        for (int i = 0; i < 10_000; i++) {
            memory.readAs(dev.tributary.Query.of(String.valueOf(i)), reader);
        }
        assertThat(memory.readAs(oldest)).isEqualTo(reader);
        memory.readAs(dev.tributary.Query.of("one more"), reader);
        assertThat(memory.readAs(oldest)).isNull();
        assertThat(memory.readAs(dev.tributary.Query.of("1"))).isEqualTo(reader);
    }
}
