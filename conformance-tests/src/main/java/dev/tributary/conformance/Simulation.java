package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.Registration;
import dev.tributary.SourceSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Runs one program in a world of its own, and checks the laws after each step. */
final class Simulation {

    private final TransportDriver driver;
    private final World world;
    private final HeldExecutor slow = new HeldExecutor();
    private final List<Client> clients = new ArrayList<>();
    private final List<Registration> pauses = new ArrayList<>();
    private long silentSince = -1;

    private Simulation(TransportDriver driver, World world) {
        this.driver = driver;
        this.world = world;
    }

    /** Runs it; throws what {@link Law#brokenBy} gives for the first law that is broken. */
    static void run(TransportDriver driver, Program program) {
        try (EngineFailures failures = new EngineFailures();
                World world = driver.newWorld(program.seed())) {
            new Simulation(driver, world).run(program.steps());
            failures.check();
        }
    }

    private Client client() {
        return clients.get(0);
    }

    private void run(List<Step> steps) {
        clients.add(Client.open(world, driver));
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
            view.view().refresh().exceptionally(failure -> view.view());
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
        Client other = Client.open(world, driver);
        clients.add(other);
        ViewProbe restored = add(other, view, saved);
        Law.L3.holdsIf(restored.content().equals(content), "saved was " + content + ", restored " + restored.content());
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
                Law.L5.holdsIf(
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
            if (view.view().status().phase() != dev.tributary.Phase.LIVE) {
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
        Law.CAPABILITIES.holdsIf(
                common == null || !common.isEmpty(), "ATOMIC_ACROSS_VIEWS: no one instant has all of " + seen);
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
        slow.release();
        world.run();
        check();
        clients.forEach(client -> client.views().forEach(ViewProbe::checkSettled));
    }

    /** After the end nothing is left and nothing is heard. */
    private void finish() {
        clients.forEach(Client::close);
        clients.forEach(Client::close);
        world.run();
        Law.L12.holdsIf(world.openWires() == 0, world.openWires() + " wires are open after the close");
        Law.L12.holdsIf(world.leftovers().isEmpty(), "left after the close: " + world.leftovers());
        world.apply(new Operation.Put(0, 99, 1));
        world.advance(world.settleTime());
        slow.release();
        world.run();
        clients.forEach(client -> client.attempts().check());
    }
}
