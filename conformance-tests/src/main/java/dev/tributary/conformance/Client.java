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
        AttemptProbe attempts = new AttemptProbe(world.environment(), BACKOFF);
        builder.backoff(BACKOFF).listener(attempts);
        if (driver.faults().contains(Fault.EXPIRE_CREDENTIALS)) {
            builder.token(token);
        }
        boolean lossless = driver.capabilities().contains(Capability.LOSSLESS);
        Client client = new Client(world, builder.open(), lossless, attempts);
        attempts.readEachTime(() -> client.views.forEach(ViewProbe::look));
        return client;
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

    ViewProbe view(int table) {
        String query = world.queries().get(table);
        return add(query, source.materialize(query), new History(world, query, lossless));
    }

    /** Opens a view from what was saved of a query; the reader goes on from what that history saw. */
    ViewProbe restore(String text, Query query, byte[] saved, History history) {
        return add(text, source.materialize(query, row -> row, from -> from.saved(saved)), history.from());
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

    @Override
    public void close() {
        source.close();
        views.forEach(view -> view.listeners().forEach(ListenerProbe::markClosed));
    }
}
