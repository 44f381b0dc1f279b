package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.Registration;
import dev.tributary.SourceSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Runs one program in a world of its own, and checks the laws after each step. */
final class Simulation {

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

    private long silentSince = -1;

    private Simulation(TransportDriver driver, World world, EngineFailures failures) {
        this.driver = driver;
        this.world = world;
        this.failures = failures;
    }

    /** Runs it; throws what {@link Law#brokenBy(String)} gives for the first law that is broken. */
    static void run(TransportDriver driver, Program program) {
        try (EngineFailures failures = new EngineFailures();
                World world = driver.newWorld(program.seed())) {
            new Simulation(driver, world, failures).run(program.steps());
        }
    }

    /** A client whose views are read at any moment, by themselves and together. */
    private Client open() {
        Client client = Client.open(world, driver);
        client.attempts().readEachTime(() -> {
            client.views().forEach(ViewProbe::look);
            checkInstant(client);
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
            take(step);
            world.run();
            check();
        }
        settle();
        finish();
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
            if (client().views().size() < 8) {
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
        } else if (step instanceof Step.SaveAndRestore save) {
            saveAndRestore(save.view());
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

    private void refresh(int place) {
        ViewProbe view = pick(place);
        if (view != null) {
            client().attempts().cutShort();
            // What becomes of it is seen at the end: the view converges. It may fail while the source is paused.
            refreshing.merge(view.query(), 1, Integer::sum);
            view.view().refresh().thenAccept(same -> refreshing.merge(view.query(), -1, Integer::sum));
        }
    }

    private void saveAndRestore(int place) {
        ViewProbe view = pick(place);
        if (view == null || view.view().snapshot().version() == 0 || clients.size() > 3) {
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
        silentSince = -1;
    }

    private void check() {
        failures.check();
        for (Client client : clients) {
            client.attempts().check();
            client.views().forEach(ViewProbe::check);
            checkSilence(client);
            checkInstant(client);
        }
    }

    private void checkSilence(Client client) {
        if (silentSince < 0) {
            return;
        }
        Duration silence = Duration.ofNanos(world.environment().nanoTime() - silentSince);
        if (silence.compareTo(world.silenceLimit()) > 0) {
            for (ViewProbe view : client.views()) {
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
        world.advance(world.settleTime());
        refreshing.clear();
        slow.release();
        world.run();
        check();
        clients.forEach(client -> client.views().forEach(ViewProbe::checkSettled));
    }

    /** After the end nothing is left and nothing is heard. */
    private void finish() {
        clients.forEach(Client::close);
        clients.forEach(Client::closeAgain);
        Client.checkNothingLeft(world);
        world.apply(new Operation.Put(0, 99, 1));
        world.advance(world.settleTime());
        slow.release();
        world.run();
        clients.forEach(client -> client.attempts().check());
        failures.check();
    }
}
