package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.LaggedException;
import dev.tributary.Query;
import dev.tributary.Registration;
import dev.tributary.SourceSnapshot;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedWeather;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs one program in a world of its own, and checks the laws after each step. */
final class Simulation {

    /** Many messages are shorter, and a wire carries more than one. */
    private static final int MOST_BYTES_BEFORE_BREAK = 300;

    private static final Duration MOST_LATENCY = Duration.ofSeconds(2);
    private static final int MOST_CLIENTS = 4;
    private static final int MOST_VIEWS = 8;
    private static final int MOST_READERS = 3;

    private final TransportDriver driver;
    private final World world;
    private final EngineFailures failures;
    private final HeldExecutor slow = new HeldExecutor();
    private final List<Client> clients = new ArrayList<>();
    private final List<Registration> pauses = new ArrayList<>();
    /**
     * How many refreshes of a query are under way: it is subscribed again, while others go on. One that failed, for its
     * handle was closed, may be under way for other handles.
     */
    private final Map<String, Integer> refreshing = new HashMap<>();
    /** When a query was refreshed last: the server was asked again then, and has its time to answer. */
    private final Map<String, Long> refreshed = new HashMap<>();

    /** Of the clients that were closed, what they say of the time after. */
    private final List<AttemptProbe> closed = new ArrayList<>();
    /** Who reads the changes of a query, each from a source of its own. */
    private final List<Reading> readings = new ArrayList<>();

    private final List<Client> reading = new ArrayList<>();

    private final WriteProbe writes;
    private final Tally tally;
    private long silentSince = -1;
    private boolean isAnyHalfOpen;

    /** What a view of a closed source left. */
    private record Kept(String text, Query query, byte @Nullable [] saved, History history) {}

    private record Reading(String query, Subscriber subscriber, boolean slow) {}

    private Simulation(TransportDriver driver, World world, EngineFailures failures, Tally tally) {
        this.driver = driver;
        this.world = world;
        this.failures = failures;
        this.tally = tally;
        this.writes = new WriteProbe(world);
        world.onInput(this::took);
    }

    /** Runs it; throws what {@link Law#brokenBy(String)} gives for the first law that is broken. */
    static void run(TransportDriver driver, Program program) {
        run(driver, program, new Tally());
    }

    /** Runs it and counts what happens. */
    static void run(TransportDriver driver, Program program, Tally tally) {
        try (EngineFailures failures = new EngineFailures();
                World world = driver.newWorld(program.seed())) {
            tally.world();
            new Simulation(driver, world, failures, tally).run(program.steps());
        }
    }

    /**
     * Runs it and keeps a line for each thing that happens: the steps, what the wires carried, what the protocols took,
     * and what the views then held. Only for worlds in virtual time.
     *
     * @param lines get the log, whatever comes of it
     */
    static void run(TransportDriver driver, Program program, Tally tally, List<String> lines) {
        try (EngineFailures failures = new EngineFailures();
                World world = driver.newWorld(program.seed())) {
            SimulatedEnvironment environment = ((SimulatedEnvironment) world.environment()).logged();
            try {
                new Simulation(driver, world, failures, tally).run(program.steps());
            } finally {
                lines.addAll(environment.log());
            }
        }
    }

    /** A protocol took an input: a step of the simulation. What any reader sees now is a state of the server. */
    private void took(ProtocolInput input) {
        tally.step(input);
        note(() -> "took " + input);
        clients.forEach(client -> client.attempts().look());
    }

    private void note(Supplier<String> line) {
        if (world.environment() instanceof SimulatedEnvironment environment && environment.isLogged()) {
            environment.note(line.get());
        }
    }

    /** A client whose views are read at any moment, by themselves and together. */
    private Client open() {
        Client client = Client.open(world, driver);
        client.attempts().readEachTime(() -> {
            boolean isAnyNew = false;
            for (ViewProbe view : client.views()) {
                isAnyNew |= view.glance();
            }
            if (isAnyNew) {
                checkInstant(client);
            }
        });
        return client;
    }

    private Client client() {
        return clients.get(0);
    }

    private void run(List<Step> steps) {
        clients.add(open());
        client().view(0);
        client().view(1);
        for (Step step : steps) {
            note(step::toString);
            count(step);
            take(step);
            world.run();
            check();
        }
        settle();
        finish();
    }

    private void count(Step step) {
        if (step instanceof Step.Apply apply) {
            List<SortedMap<Integer, Integer>> tables =
                    world.queries().stream().map(world::truth).toList();
            Happening.of(apply.operation(), tables).forEach(tally::happened);
        } else {
            String what = Happening.of(step);
            if (!what.isEmpty()) {
                tally.happened(what);
            }
        }
    }

    private void take(Step step) {
        if (step instanceof Step.Apply apply) {
            world.apply(apply.operation());
        } else if (step instanceof Step.Break broken) {
            world.inject(broken.fault());
            if (broken.fault() == Fault.SILENCE && silentSince < 0) {
                silentSince = world.environment().nanoTime();
            }
        } else if (step instanceof Step.Heal) {
            heal();
        } else if (step instanceof Step.Advance advance) {
            world.advance(advance.time());
        } else if (step instanceof Step.Open open) {
            if (client().views().size() < MOST_VIEWS) {
                // A query that nobody had open any more begins anew, at once.
                client().attempts().cutShort();
                client().view(open.table());
            }
        } else if (step instanceof Step.Close close) {
            client().closeView(close.view());
        } else if (step instanceof Step.Listen listen) {
            listen(listen);
        } else if (step instanceof Step.Release) {
            slow.release();
            readings.stream()
                    .filter(Reading::slow)
                    .forEach(reading -> reading.subscriber().request(5));
        } else if (step instanceof Step.ListenBadly listen) {
            ViewProbe view = pick(listen.view());
            if (view != null) {
                view.listenBadly(client().thrown());
            }
        } else if (step instanceof Step.ReadChanges read) {
            readChanges(read);
        } else if (step instanceof Step.StartAgain again) {
            startAgain(again.saved());
        } else if (step instanceof Step.Weather weather) {
            bring(weather.fault());
        } else if (step instanceof Step.SetClock set) {
            if (world.environment() instanceof SimulatedEnvironment environment) {
                environment.setClock(set.by());
            }
        } else if (step instanceof Step.SaveAndRestore save) {
            saveAndRestore(save.view());
        } else if (step instanceof Step.WriteRow write) {
            writes.write(client().source(), write.table(), write.key());
        } else if (step instanceof Step.Refresh refresh) {
            refresh(refresh.view());
        } else if (step instanceof Step.RetryNow) {
            client().attempts().cutShort();
            client().source().retryNow();
        } else if (step instanceof Step.Pause) {
            pauses.add(client().source().pause("the program says so"));
        } else if (step instanceof Step.Resume) {
            client().attempts().cutShort();
            pauses.forEach(Registration::close);
            pauses.clear();
        }
    }

    private @Nullable ViewProbe pick(int place) {
        List<ViewProbe> views = client().views();
        return views.isEmpty() ? null : views.get(place % views.size());
    }

    private void listen(Step.Listen step) {
        ViewProbe view = pick(step.view());
        if (view == null) {
            return;
        }
        if (step.slow()) {
            view.listenSlowly(slow);
        } else {
            view.listen();
        }
    }

    private void readChanges(Step.ReadChanges step) {
        if (readings.size() < MOST_READERS) {
            String query = world.queries().get(step.table());
            Subscriber subscriber = new Subscriber(world, step.slow() ? 2 : Long.MAX_VALUE);
            readings.add(new Reading(query, subscriber, step.slow()));
            Client own = open();
            reading.add(own);
            own.source().changes(query).subscribe(subscriber);
        }
    }

    /** The application ends and comes up again, with its views as they were saved or with new ones. */
    private void startAgain(boolean saved) {
        Client old = client();
        List<Kept> kept = new ArrayList<>();
        for (ViewProbe view : old.views()) {
            view.check();
            boolean mayBeSaved = saved && view.view().snapshot().version() > 0;
            byte[] bytes = mayBeSaved ? view.view().save().toBytes() : null;
            kept.add(new Kept(view.query(), view.view().query(), bytes, view.history()));
        }
        old.close();
        pauses.clear();
        world.run();
        closed.add(old.attempts());
        Client fresh = open();
        clients.set(0, fresh);
        for (Kept one : kept) {
            byte[] bytes = one.saved();
            ViewProbe view = bytes == null
                    ? fresh.view(world.queries().indexOf(one.text()))
                    : fresh.restore(one.text(), one.query(), bytes, one.history());
            view.listen();
        }
    }

    private void bring(NetworkFault fault) {
        if (world.environment() instanceof SimulatedEnvironment environment) {
            SimulatedWeather weather = environment.weather();
            switch (fault) {
                case BREAK -> weather.breakWithin(MOST_BYTES_BEFORE_BREAK);
                case HALF_OPEN -> isAnyHalfOpen |= weather.halfOpen() > 0;
                case LATENCY -> weather.latency(MOST_LATENCY);
            }
        }
    }

    private void refresh(int place) {
        ViewProbe view = pick(place);
        if (view != null) {
            client().attempts().cutShort();
            // What becomes of it is seen at the end: the view converges. It may fail while the source is paused.
            refreshing.merge(view.query(), 1, Integer::sum);
            refreshed.put(view.query(), world.environment().nanoTime());
            view.view().refresh().thenAccept(same -> refreshing.merge(view.query(), -1, Integer::sum));
        }
    }

    private void saveAndRestore(int place) {
        ViewProbe view = pick(place);
        if (view == null || view.view().snapshot().version() == 0 || clients.size() >= MOST_CLIENTS) {
            return;
        }
        view.check();
        byte[] saved = view.view().save().toBytes();
        SortedMap<Integer, Integer> content = view.content();
        Client other = open();
        clients.add(other);
        ViewProbe restored = add(other, view, saved);
        Law.SAVED_AS_SHOWN.holdsIf(
                restored.content().equals(content), "saved was " + content + ", restored " + restored.content());
        restored.listen();
    }

    private static ViewProbe add(Client other, ViewProbe view, byte[] saved) {
        return other.restore(view.query(), view.view().query(), saved, view.history());
    }

    private void heal() {
        world.heal();
        if (world.environment() instanceof SimulatedEnvironment environment) {
            environment.weather().clear();
        }
        silentSince = -1;
    }

    private void check() {
        failures.check();
        closed.forEach(AttemptProbe::check);
        reading.forEach(client -> client.attempts().check());
        for (Client client : clients) {
            client.attempts().check();
            checkThrown(client);
            client.views().forEach(ViewProbe::check);
            client.views()
                    .forEach(view -> note(() -> view + " shows " + view.view().snapshot() + ", "
                            + view.view().status() + ", " + view.content()));
            checkSilence(client);
            checkInstant(client);
        }
    }

    private static void checkThrown(Client client) {
        long reported = client.attempts().listenerFailures().stream()
                .filter(ThrowingListener.class::isInstance)
                .count();
        Law.THROWING_IS_REPORTED.holdsIf(
                reported == client.thrown()[0],
                "listeners threw " + client.thrown()[0] + " times, " + reported + " were reported");
    }

    private void checkSilence(Client client) {
        if (silentSince < 0) {
            return;
        }
        for (ViewProbe view : client.views()) {
            long asked = client == client() ? refreshed.getOrDefault(view.query(), silentSince) : silentSince;
            Duration silence = Duration.ofNanos(world.environment().nanoTime() - Math.max(silentSince, asked));
            if (silence.compareTo(world.silenceLimit()) > 0) {
                Law.SILENCE_IS_STALE.holdsIf(
                        view.view().status().phase() != dev.tributary.Phase.LIVE,
                        view + " is live after a silence of " + silence);
            }
        }
    }

    /** Where views commit together, all of one source are of one instant. */
    private void checkInstant(Client client) {
        if (!driver.capabilities().contains(Capability.ATOMIC_ACROSS_VIEWS)) {
            return;
        }
        SourceSnapshot instant = client.source().snapshot();
        Set<Integer> common = null;
        StringBuilder seen = new StringBuilder();
        for (ViewProbe view : client.views()) {
            boolean isRefreshing = client == client() && refreshing.getOrDefault(view.query(), 0) > 0;
            if (isRefreshing || view.view().status().phase() != dev.tributary.Phase.LIVE) {
                continue;
            }
            SortedMap<Integer, Integer> content = History.contentOf(world, instant.of(view.view()));
            Set<Integer> places = placesOf(view.query(), content);
            seen.append(view).append(' ').append(content).append("; ");
            if (common == null) {
                common = places;
            } else {
                common.retainAll(places);
            }
        }
        Law.ONE_INSTANT.holdsIf(common == null || !common.isEmpty(), "no one instant has all of " + seen);
    }

    private Set<Integer> placesOf(String query, SortedMap<Integer, Integer> content) {
        Set<Integer> places = new TreeSet<>();
        List<SortedMap<Integer, Integer>> states = world.history(query);
        for (int i = 0; i < states.size(); i++) {
            if (states.get(i).equals(content)) {
                places.add(i);
            }
        }
        return places;
    }

    private void settle() {
        heal();
        client().attempts().cutShort();
        pauses.forEach(Registration::close);
        readings.forEach(reading -> reading.subscriber().request(Long.MAX_VALUE));
        // A wire that died is found by its silence, and then there is as much to do as after any other fault.
        world.advance(isAnyHalfOpen ? world.settleTime().plus(world.silenceLimit()) : world.settleTime());
        refreshing.clear();
        slow.release();
        world.run();
        check();
        clients.forEach(client -> client.views().forEach(ViewProbe::checkSettled));
        readings.forEach(this::checkRead);
        writes.check().forEach(end -> tally.happened(Happening.of(end)));
        if (world.environment() instanceof SimulatedEnvironment environment) {
            tally.happened(Happening.BROKE, environment.weather().breaks());
        }
    }

    /** Who kept up has all of it; who did not was told so. */
    private void checkRead(Reading reading) {
        Throwable failure = reading.subscriber().failure();
        if (failure instanceof LaggedException) {
            Law.CONVERGES.holdsIf(
                    reading.slow(), "who asked for all changes of " + reading.query() + " lagged: " + failure);
        } else {
            Law.COMES_BACK.holdsIf(
                    failure == null, "the changes of " + reading.query() + " ended without a reason: " + failure);
            if (driver.capabilities().contains(Capability.LOSSLESS)) {
                SortedMap<Integer, Integer> rows = reading.subscriber().rows();
                SortedMap<Integer, Integer> truth = world.truth(reading.query());
                Law.CONVERGES.holdsIf(
                        rows.equals(truth),
                        "the changes of " + reading.query() + " make " + rows + ", the server has " + truth);
            }
        }
    }

    /** After the end nothing is left and nothing is heard. */
    private void finish() {
        reading.forEach(Client::close);
        clients.forEach(Client::close);
        clients.forEach(Client::closeAgain);
        Client.checkNothingLeft(world);
        world.apply(new Operation.Put(0, 99, 1));
        world.advance(world.settleTime());
        slow.release();
        world.run();
        clients.forEach(client -> client.attempts().check());
        closed.forEach(AttemptProbe::check);
        failures.check();
    }
}
