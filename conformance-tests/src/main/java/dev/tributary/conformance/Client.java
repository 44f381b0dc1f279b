package dev.tributary.conformance;

import dev.tributary.Backoff;
import dev.tributary.Capability;
import dev.tributary.MaterializedView;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.SyncSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** An application: one source of a world, its views, and what watches them. */
final class Client implements AutoCloseable {

    /** Short, so that programs see many attempts in little time. */
    static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(10));

    private final World world;
    private final SyncSource source;
    private final boolean lossless;
    private final AttemptProbe attempts;
    private final List<ViewProbe> views = new ArrayList<>();
    /** How often listeners of it threw on purpose. */
    private final int[] thrown = new int[1];

    private int opened;

    private Client(World world, SyncSource source, boolean lossless, AttemptProbe attempts) {
        this.world = world;
        this.source = source;
        this.lossless = lossless;
        this.attempts = attempts;
    }

    static Client open(World world, TransportDriver driver) {
        return open(world, driver, world.builder(""), world::token);
    }

    /** A client with an option that every source knows, given in the source's URI. */
    static Client openUri(World world, TransportDriver driver, String option, String value) {
        return open(world, driver, world.builder(option + "=" + value), world::token);
    }

    /** A client that takes its token from here. */
    static Client openWith(World world, TransportDriver driver, Supplier<String> token) {
        return open(world, driver, world.builder(""), token);
    }

    private static Client open(World world, TransportDriver driver, SourceBuilder builder, Supplier<String> token) {
        AttemptProbe attempts = new AttemptProbe(world.environment(), BACKOFF, world.patience());
        builder.backoff(BACKOFF);
        if (driver.faults().contains(Fault.EXPIRE_CREDENTIALS)) {
            builder.token(token);
        }
        boolean lossless = driver.capabilities().contains(Capability.LOSSLESS);
        Client client = new Client(world, SourceOpening.of(driver).open(builder, attempts), lossless, attempts);
        attempts.readEachTime(() -> client.views.forEach(ViewProbe::look));
        return client;
    }

    /** A client with a view of each of the first two queries, which have rows and are live. */
    static Client loaded(World world, TransportDriver driver) {
        Client client = open(world, driver);
        world.apply(new Operation.Transaction(List.of(new Operation.Put(0, 1, 10), new Operation.Put(0, 2, 20))));
        world.apply(new Operation.Put(1, 1, 30));
        client.view(0);
        client.view(1);
        world.advance(world.settleTime());
        client.views().forEach(ViewProbe::check);
        client.views().forEach(ViewProbe::checkSettled);
        return client;
    }

    /** What holds once all is over. */
    static void checkNothingLeft(World world) {
        world.run();
        Law.CLOSE_ENDS_WIRES.holdsIf(world.openWires() == 0, world.openWires() + " wires are open after the close");
        Law.CLOSE_LEAVES_NOTHING.holdsIf(world.leftovers().isEmpty(), "left after the close: " + world.leftovers());
    }

    SyncSource source() {
        return source;
    }

    AttemptProbe attempts() {
        return attempts;
    }

    List<ViewProbe> views() {
        return views;
    }

    /** How often listeners of it threw on purpose. */
    int[] thrown() {
        return thrown;
    }

    ViewProbe view(int table) {
        String query = world.queries().get(table);
        return add(query, source.materialize(query), new History(world, query, lossless));
    }

    /** Opens a view from what was saved of a query; the reader goes on from what that history saw. */
    ViewProbe restore(String text, Query query, byte[] saved, History history) {
        return add(text, source.materialize(query, row -> row, from -> from.saved(saved)), history.from())
                .restored();
    }

    private ViewProbe add(String query, MaterializedView<Row> view, History history) {
        ViewProbe probe = new ViewProbe(world, query, view, "view " + ++opened + " of " + query, history);
        views.add(probe);
        return probe;
    }

    void closeView(int place) {
        if (!views.isEmpty()) {
            views.remove(place % views.size()).close();
        }
    }

    /** What a shutdown hook does after a try-with-resources. */
    void closeAgain() {
        try {
            close();
        } catch (RuntimeException e) {
            throw Law.CLOSE_TWICE.brokenBy("the second close threw " + e, e);
        }
    }

    @Override
    public void close() {
        source.close();
        views.forEach(view -> view.listeners().forEach(ListenerProbe::markClosed));
    }
}
