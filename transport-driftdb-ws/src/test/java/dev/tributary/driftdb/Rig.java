package dev.tributary.driftdb;

import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.spi.Target;
import dev.tributary.testkit.driftdb.AnswerFault;
import dev.tributary.testkit.driftdb.ClientMessage;
import dev.tributary.testkit.driftdb.DriftDbModel;
import dev.tributary.testkit.driftdb.DriftDbModelServer;
import dev.tributary.testkit.driftdb.DriftDbOptions;
import dev.tributary.testkit.driftdb.DriftDbRoom;
import dev.tributary.testkit.driftdb.MessageFault;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import dev.tributary.testkit.socket.HttpRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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

    final SimulatedEnvironment environment;
    final DriftDbModelServer server;
    final DriftDbModel model;
    final DriftDbRoom room;
    /** Every wire that was opened, in order. */
    final List<Target> targets = new ArrayList<>();
    /** Every message that the server got over a socket, in order. */
    final List<ClientMessage> received = new ArrayList<>();

    final List<String> faults = new ArrayList<>();
    final List<String> endings = new ArrayList<>();

    private final List<SyncSource> sources = new ArrayList<>();

    Rig() {
        this(7, DriftDbOptions.standAlone());
    }

    Rig(long seed, DriftDbOptions options) {
        environment = new SimulatedEnvironment(seed);
        server = new DriftDbModelServer(environment, options);
        model = server.model();
        room = model.createRoom();
        model.faults()
                .message(
                        message -> {
                            received.add(message);
                            return false;
                        },
                        1,
                        MessageFault.LOSE);
    }

    SyncSource open() {
        return open(builder -> builder);
    }

    SyncSource open(UnaryOperator<DriftDbSourceBuilder> options) {
        return openAt("ws://model/room/" + room.id(), options);
    }

    SyncSource openAt(String address, UnaryOperator<DriftDbSourceBuilder> options) {
        SyncSource source = options.apply(DriftDb.source(URI.create(address)))
                .environment(environment)
                .listener(new SourceListener() {
                    @Override
                    public void onFault(dev.tributary.Query query, String what, String where) {
                        faults.add(what);
                    }

                    @Override
                    public void onEnded(dev.tributary.Query query, String ending, Throwable reason) {
                        endings.add(ending + ": " + reason.getMessage());
                    }
                })
                .wires(new SimulatedWireProvider(
                        Set.of("ws", "wss", "http", "https"),
                        connection -> {
                            targets.add(connection.target());
                            server.accept(connection);
                        },
                        NETWORK))
                .open();
        sources.add(source);
        return source;
    }

    DriftDb db(SyncSource source) {
        return source.unwrap(DriftDb.class);
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

    /** The rows of a log as {@code number:value}, in order. */
    static List<String> log(MaterializedView<Row> view) {
        return view.snapshot().stream()
                .sorted((a, b) -> {
                    int history = Long.compare(DriftTypes.number(a, "history"), DriftTypes.number(b, "history"));
                    return history != 0
                            ? history
                            : Long.compareUnsigned(DriftTypes.number(a, "seq"), DriftTypes.number(b, "seq"));
                })
                .map(row -> row.get("seq") + ":" + row.get("value"))
                .toList();
    }

    /** What the room retains, spelled the same. */
    List<String> truth(String key) {
        return get(db(open()).http().read(key, 0, SOON)).stream()
                .map(entry -> entry.numberText() + ":" + entry.value())
                .toList();
    }

    /** A read over HTTP of all that a key retains. */
    static boolean isReadOfAll(HttpRequest request) {
        return !request.isUpgrade()
                && new String(request.body(), StandardCharsets.UTF_8).matches(".*\"get\".*\"seq\":0}");
    }

    /** Remembers when each such request came, for ever. */
    List<Duration> times(Predicate<HttpRequest> which) {
        List<Duration> times = new ArrayList<>();
        model.faults()
                .request(
                        request -> {
                            if (which.test(request)) {
                                times.add(environment.elapsed());
                            }
                            return false;
                        },
                        1,
                        new AnswerFault.Silence(false));
        return times;
    }

    long gets(String key) {
        return received.stream()
                .filter(message -> message instanceof ClientMessage.Get get && key.equals(get.key()))
                .count();
    }

    List<String> printables() {
        return targets.stream().map(Target::printable).toList();
    }

    List<URI> sockets() {
        return targets.stream()
                .map(Target::uri)
                .filter(uri -> uri.getScheme().startsWith("ws"))
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
        if (!environment.pending().isNothing()
                && environment.pending().holds() + environment.pending().wires() > 0) {
            throw new AssertionError("left behind: " + environment.pending());
        }
    }
}
