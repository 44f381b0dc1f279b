package dev.tributary.spacetimedb;

import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Target;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import dev.tributary.testkit.spacetimedb.SpacetimeDbModel;
import dev.tributary.testkit.spacetimedb.SpacetimeDbModelServer;
import dev.tributary.testkit.spacetimedb.SpacetimeDbModule;
import dev.tributary.testkit.spacetimedb.SpacetimeDbOptions;
import dev.tributary.testkit.spacetimedb.SpacetimeDbSession;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The model of a server, simulated wires and time, and sources that use them through the real engine. */
final class Rig implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(2);
    static final Duration LONG = Duration.ofSeconds(90);
    private static final SimulatedNetwork NETWORK = SimulatedNetwork.PERFECT
            .latency(Duration.ofMillis(1), Duration.ofMillis(3))
            .pieces(200);

    final SimulatedEnvironment environment = new SimulatedEnvironment(7);
    final SpacetimeDbModelServer server;
    final SpacetimeDbModel model;
    /** Every wire that was opened, in order. */
    final List<Target> targets = new ArrayList<>();
    /** Takes a wire instead of the model when it says so. */
    Predicate<SimulatedConnection> intercept = connection -> false;

    final List<SpacetimeDbNotice> notices = new ArrayList<>();
    final List<String> faults = new ArrayList<>();
    final List<String> endings = new ArrayList<>();

    private final List<SyncSource> sources = new ArrayList<>();

    Rig() {
        this(Arcade.module(), SpacetimeDbOptions.current());
    }

    Rig(SpacetimeDbModule module, SpacetimeDbOptions options) {
        server = new SpacetimeDbModelServer(environment, module, options);
        model = server.model();
    }

    SyncSource open(ProtocolVersion... offered) {
        return open(builder -> offered.length == 0 ? builder : builder.protocols(offered));
    }

    SyncSource open(UnaryOperator<SpacetimeDbSourceBuilder> options) {
        return openAt("ws://model/game", options);
    }

    SyncSource openAt(String address, UnaryOperator<SpacetimeDbSourceBuilder> options) {
        SyncSource source = options.apply(SpacetimeDb.source(URI.create(address)))
                .environment(environment)
                .listener(new SourceListener() {
                    @Override
                    public void onFault(Query query, String what, String where) {
                        faults.add(what);
                    }

                    @Override
                    public void onEnded(Query query, String ending, Throwable reason) {
                        endings.add(ending + ": " + reason.getMessage());
                    }
                })
                .wires(new SimulatedWireProvider(Set.of("ws", "wss", "http", "https"), this::accept, NETWORK))
                .open();
        db(source).onNotice(SpacetimeDbNotice.class, notices::add);
        sources.add(source);
        return source;
    }

    private void accept(SimulatedConnection connection) {
        targets.add(connection.target());
        if (!intercept.test(connection)) {
            server.accept(connection);
        }
    }

    static SpacetimeDb db(SyncSource source) {
        return source.unwrap(SpacetimeDb.class);
    }

    /** A view that is up to date. */
    MaterializedView<Row> view(SyncSource source, String query) {
        MaterializedView<Row> view = source.materialize(query);
        run();
        return view;
    }

    void put(String table, long id, long v) {
        model.call("put_" + table, id, v);
        server.arm();
        run();
    }

    void delete(String table, long id) {
        model.transact(context -> context.deleteBy(table, "id", id));
        server.arm();
        run();
    }

    SpacetimeDbSession session() {
        List<SpacetimeDbSession> all = model.sessions();
        return all.get(all.size() - 1);
    }

    void run() {
        environment.advance(SOON);
    }

    void advance(Duration time) {
        environment.advance(time);
    }

    /** The result of a future, after as much virtual time as it takes. */
    <T> T get(CompletableFuture<T> future) {
        environment.await(future, LONG);
        if (!future.isDone()) {
            throw new AssertionError("a future does not end");
        }
        return future.join();
    }

    /** Why a future fails. */
    Throwable failure(CompletableFuture<?> future) {
        try {
            get(future);
        } catch (CompletionException e) {
            return e.getCause();
        }
        throw new AssertionError("it did not fail");
    }

    /** The rows as {@code id=v}, sorted. */
    static List<String> rows(MaterializedView<Row> view) {
        return view.snapshot().stream()
                .map(row -> row.get(0) + "=" + row.get(1))
                .sorted()
                .toList();
    }

    /** The changes of commits from now on, as texts. */
    static List<String> heard(MaterializedView<Row> view) {
        List<String> heard = new ArrayList<>();
        view.listen((Commit<Row> commit) -> commit.changes()
                .forEach(change -> heard.add(change.kind().name().charAt(0)
                        + (change.before() == null
                                ? ""
                                : " " + change.before().get(0) + "="
                                        + change.before().get(1))
                        + (change.after() == null
                                ? ""
                                : " " + change.after().get(0) + "="
                                        + change.after().get(1)))));
        return heard;
    }

    <N extends SpacetimeDbNotice> List<N> notices(Class<N> kind) {
        return notices.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<WebSocketTarget> sockets() {
        return targets.stream()
                .filter(WebSocketTarget.class::isInstance)
                .map(WebSocketTarget.class::cast)
                .toList();
    }

    List<HttpTarget> exchanges() {
        return targets.stream()
                .filter(HttpTarget.class::isInstance)
                .map(HttpTarget.class::cast)
                .toList();
    }

    @Override
    public void close() {
        sources.forEach(SyncSource::close);
        environment.advance(SOON);
        if (!environment.failures().isEmpty()) {
            throw new AssertionError(
                    "something was thrown", environment.failures().get(0));
        }
        if (environment.pending().holds() + environment.pending().wires() > 0) {
            throw new AssertionError("left behind: " + environment.pending());
        }
    }
}
