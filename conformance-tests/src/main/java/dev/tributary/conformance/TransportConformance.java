package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.ClosedException;
import dev.tributary.Commit;
import dev.tributary.ConfigurationException;
import dev.tributary.LaggedException;
import dev.tributary.LimitExceededException;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncException;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.PropagationMode;

/**
 * Every law that applies to a transport. Its test implements this with a driver; nothing else is to be written:
 *
 * <pre>{@code
 * class LineConformanceTest implements TransportConformance {
 *     public TransportDriver driver() {
 *         return new LineDriver();
 *     }
 * }
 * }</pre>
 *
 * <p>L1.1 runs random programs of server, client and faults, and checks L1 to L7 and L12 at each step; a failure names the
 * law and shows the shortest program found with its seed, which give the same run again. The system property
 * {@code tributary.tries} says how many programs are tried. The other tests are one situation each.
 */
@AddLifecycleHook(value = Tries.class, propagateTo = PropagationMode.ALL_DESCENDANTS)
public interface TransportConformance {

    /** The transport with its server. */
    TransportDriver driver();

    /** Programs with the faults that the driver has. */
    @Provide
    default Arbitrary<Program> programs() {
        return Programs.with(driver().faults());
    }

    // ---- L1 to L7, L12: any program ----

    @Property
    @Tag("L1")
    @Tag("L2")
    @Tag("L3")
    @Tag("L4")
    @Tag("L5")
    @Tag("L6")
    @Tag("L7")
    @Tag("L12")
    @Label("L1.1 whatever happens, each law holds at each step, and at the end every view equals the server's rows")
    default void l01n1_anyProgram(@ForAll("programs") Program program) {
        Simulation.run(driver(), program);
    }

    @Example
    @Tag("L1")
    @Label("L1.2 after each fault alone, before and after the first content, the view equals the server's rows")
    default void l01n2_convergesAfterEachFault() {
        for (Fault fault : driver().faults()) {
            if (fault == Fault.REJECT) {
                continue;
            }
            for (int stepsBefore = 0; stepsBefore < 4; stepsBefore++) {
                List<Step> steps = new ArrayList<>();
                for (int i = 0; i < stepsBefore; i++) {
                    steps.add(new Step.Apply(new Operation.Put(0, i, i)));
                    steps.add(new Step.Advance(Duration.ofMillis(i * 20L)));
                }
                steps.add(new Step.Break(fault));
                steps.add(new Step.Apply(new Operation.Put(1, 7, 1)));
                steps.add(new Step.Apply(new Operation.Put(0, 1, 5)));
                steps.add(new Step.Break(driver().faults().contains(Fault.DROP) ? Fault.DROP : fault));
                steps.add(new Step.Advance(Duration.ofSeconds(5)));
                Simulation.run(driver(), new Program(stepsBefore, steps));
            }
        }
    }

    @Example
    @Tag("L1")
    @Tag("L2")
    @Label(
            "L1.3 what was lost without a sign is found by the audit; no snapshot is verified before it equals a server's")
    default void l01n3_silentLoss() {
        if (!driver().faults().contains(Fault.LOSE)) {
            return;
        }
        for (int seed = 0; seed < 8; seed++) {
            try (World world = driver().newWorld(seed)) {
                Client client = loaded(world);
                ViewProbe view = client.views().get(0);
                view.listen();
                world.inject(Fault.LOSE);
                for (int i = 0; i < 30; i++) {
                    world.apply(new Operation.Put(0, i % 4, i));
                    world.advance(Duration.ofMillis(400));
                    view.check();
                }
                world.heal();
                world.advance(world.settleTime());
                view.check();
                view.checkSettled();
                client.close();
            }
        }
    }

    // ---- L3: versions and checkpoints ----

    @Example
    @Tag("L3")
    @Label("L3.2 a saved view goes on without loading again: it hears only what happened since")
    default void l03n2_savedViewResumes() {
        if (!driver().capabilities().contains(Capability.RESUME_AFTER_RESTART)) {
            return;
        }
        try (World world = driver().newWorld(3)) {
            Client first = loaded(world);
            byte[] saved = first.views().get(0).view().save().toBytes();
            History seen = first.views().get(0).history();
            first.close();
            world.apply(new Operation.Put(0, 3, 1));
            Client second = Client.open(world, driver());
            ViewProbe restored = second.restore(
                    world.queries().get(0), first.views().get(0).view().query(), saved, seen);
            List<Commit.Origin> origins = new ArrayList<>();
            restored.view().listen(commit -> origins.add(commit.origin()));
            world.advance(world.settleTime());
            restored.checkSettled();
            Law.L3.holdsIf(
                    origins.equals(List.of(Commit.Origin.INITIAL, Commit.Origin.LIVE)),
                    "a restored view should hear its rows and one commit, it heard " + origins);
            second.close();
        }
    }

    @Example
    @Tag("L3")
    @Label("L3.3 a reconnect goes on from the checkpoint: listeners hear no reset and nothing twice")
    default void l03n3_reconnectResumes() {
        if (!driver().capabilities().contains(Capability.RESUME)
                || !driver().faults().contains(Fault.DROP)) {
            return;
        }
        try (World world = driver().newWorld(4)) {
            Client client = loaded(world);
            List<Commit.Origin> origins = new ArrayList<>();
            client.views().get(0).view().listen(commit -> origins.add(commit.origin()));
            world.run();
            world.inject(Fault.DROP);
            world.apply(new Operation.Put(0, 4, 1));
            world.advance(world.settleTime());
            Law.L3.holdsIf(
                    origins.equals(List.of(Commit.Origin.INITIAL, Commit.Origin.LIVE)),
                    "after a reconnect and one commit a listener should have heard INITIAL and LIVE, it heard "
                            + origins);
            client.close();
        }
    }

    // ---- L4: listeners ----

    @Example
    @Tag("L4")
    @Label("L4.2 a late listener hears the whole content first, then each difference once")
    default void l04n2_lateListener() {
        try (World world = driver().newWorld(5)) {
            Client client = loaded(world);
            ListenerProbe late = client.views().get(0).listen();
            world.run();
            Law.L4.holdsIf(
                    late.commits() == 1
                            && late.heard().equals(world.truth(world.queries().get(0))),
                    "a late listener should hear the content at once, it heard " + late.heard() + " in "
                            + late.commits() + " commits");
            world.apply(new Operation.Remove(0, 1));
            world.advance(world.settleTime());
            client.views().get(0).checkSettled();
            client.attempts().check();
            client.close();
        }
    }

    @Example
    @Tag("L4")
    @Tag("L9")
    @Label("L4.3 a slow listener hears merged commits, bounded in number, that compose to the view")
    default void l04n3_slowListener() {
        try (World world = driver().newWorld(6)) {
            Client client = loaded(world);
            HeldExecutor slow = new HeldExecutor();
            ListenerProbe listener = client.views().get(0).listenSlowly(slow);
            for (int i = 0; i < 500; i++) {
                world.apply(new Operation.Put(0, i % 7, i));
                world.advance(Duration.ofMillis(100));
            }
            world.advance(world.settleTime());
            Law.L9.holdsIf(
                    slow.waiting() <= 2, "a slow listener keeps " + slow.waiting() + " tasks of its executor waiting");
            slow.release();
            client.attempts().check();
            client.views().get(0).checkSettled();
            Law.L9.holdsIf(
                    listener.commits() <= 130,
                    "a slow listener had " + listener.commits() + " commits waiting: its mailbox is not bounded");
            Law.L4.holdsIf(
                    listener.mergedCommits() > 0 || listener.commits() < 64, "merged commits are not marked as merged");
            client.close();
        }
    }

    // ---- L5: phases ----

    @Example
    @Tag("L5")
    @Label("L5.2 a view is loading until its first content, then live, and says so to its listeners")
    default void l05n2_loadingThenLive() {
        try (World world = driver().newWorld(7);
                Client client = Client.open(world, driver())) {
            world.apply(new Operation.Put(0, 1, 1));
            ViewProbe view = client.view(0);
            List<Phase> heard = phasesOf(view.view());
            phase(view, Phase.LOADING);
            world.advance(world.settleTime());
            phase(view, Phase.LIVE);
            Law.L5.holdsIf(heard.equals(List.of(Phase.LOADING, Phase.LIVE)), "a listener heard the phases " + heard);
        }
    }

    @Example
    @Tag("L5")
    @Label("L5.3 without a connection a view is stale; a silent connection is stale after its deadline, and replaced")
    default void l05n3_stale() {
        for (Fault fault : List.of(Fault.DROP, Fault.SILENCE)) {
            if (!driver().faults().containsAll(Set.of(fault, Fault.REFUSE))) {
                continue;
            }
            try (World world = driver().newWorld(8)) {
                Client client = loaded(world);
                ViewProbe view = client.views().get(0);
                int attempts = client.attempts().attempts(view.view().query());
                world.inject(fault);
                if (fault == Fault.DROP) {
                    world.inject(Fault.REFUSE);
                    world.advance(Duration.ofSeconds(2));
                } else {
                    world.advance(world.silenceLimit().plusSeconds(1));
                }
                phase(view, Phase.STALE);
                Law.L5.holdsIf(
                        view.view().status().reason() instanceof SyncException,
                        "a stale view says no reason: " + view.view().status());
                world.advance(Client.BACKOFF.max().multipliedBy(2));
                Law.L5.holdsIf(
                        client.attempts().attempts(view.view().query()) > attempts,
                        "nothing was tried again after " + fault);
                world.heal();
                world.advance(world.settleTime());
                phase(view, Phase.LIVE);
                client.close();
            }
        }
    }

    @Example
    @Tag("L5")
    @Label("L5.4 a query that the server refuses fails at once, with its reason; others go on")
    default void l05n4_rejected() throws Exception {
        if (!driver().faults().contains(Fault.REJECT)) {
            return;
        }
        try (World world = driver().newWorld(9);
                Client client = Client.open(world, driver())) {
            world.inject(Fault.REJECT);
            ViewProbe refused = client.view(0);
            ViewProbe other = client.view(1);
            try {
                refused.view().awaitUpToDate(world.settleTime());
                throw Law.L5.brokenBy("a view became up to date that the server refuses");
            } catch (SyncException expected) {
                phase(refused, Phase.FAILED);
            }
            other.view().awaitUpToDate(world.settleTime());
            phase(other, Phase.LIVE);
            world.heal();
            client.view(0).view().awaitUpToDate(world.settleTime());
        }
    }

    // ---- L6: retries ----

    @Example
    @Tag("L6")
    @Label("L6.2 waits are drawn anew each time, below a bound that doubles, and differ between clients")
    default void l06n2_jitter() {
        if (!driver().faults().contains(Fault.REFUSE)) {
            return;
        }
        Set<Duration> firstWaits = new HashSet<>();
        for (int seed = 0; seed < 8; seed++) {
            try (World world = driver().newWorld(seed);
                    Client client = Client.open(world, driver())) {
                world.inject(Fault.REFUSE);
                client.view(0);
                world.advance(Duration.ofMinutes(2));
                List<AttemptProbe.Wait> waits = client.attempts().waits();
                client.attempts().check();
                Law.L6.holdsIf(waits.size() > 5, "only " + waits.size() + " attempts in two minutes");
                Law.L6.holdsIf(
                        waits.get(waits.size() - 1).attempt() >= 6,
                        "failures in a row are not counted: " + waits.get(waits.size() - 1));
                firstWaits.add(waits.get(0).delay());
            }
        }
        Law.L6.holdsIf(
                firstWaits.size() > 4, "8 clients wait only " + firstWaits.size() + " different times: no jitter");
    }

    @Example
    @Tag("L6")
    @Label("L6.3 retryNow cuts a wait short")
    default void l06n3_retryNow() {
        if (!driver().faults().contains(Fault.REFUSE)) {
            return;
        }
        try (World world = driver().newWorld(10);
                Client client = Client.open(world, driver())) {
            world.inject(Fault.REFUSE);
            ViewProbe view = client.view(0);
            world.advance(Duration.ofMinutes(1));
            world.heal();
            int before = client.attempts().attempts(view.view().query());
            client.attempts().cutShort();
            client.source().retryNow();
            world.run();
            Law.L6.holdsIf(
                    client.attempts().attempts(view.view().query()) == before + 1, "retryNow did not try at once");
        }
    }

    // ---- L7: resets ----

    @Example
    @Tag("L7")
    @Label("L7.2 after a reset, listeners hear one commit with the true differences, or nothing where there are none")
    default void l07n2_reset() {
        if (!driver().faults().containsAll(Set.of(Fault.RESET_LOG, Fault.DROP))) {
            return;
        }
        for (boolean changed : new boolean[] {false, true}) {
            try (World world = driver().newWorld(11)) {
                Client client = loaded(world);
                ViewProbe view = client.views().get(0);
                ListenerProbe listener = view.listen();
                world.run();
                List<Integer> sizes = new ArrayList<>();
                view.view().listen(commit -> sizes.add(History.changedKeys(world, commit)));
                world.run();
                world.inject(Fault.DROP);
                if (changed) {
                    world.apply(
                            new Operation.Transaction(List.of(new Operation.Put(0, 5, 5), new Operation.Remove(0, 1))));
                }
                world.inject(Fault.RESET_LOG);
                world.advance(world.settleTime());
                view.checkSettled();
                client.attempts().check();
                Law.L7.holdsIf(
                        listener.commits() == (changed ? 2 : 1) && sizes.size() == listener.commits(),
                        "after a reset " + (changed ? "with two differences" : "without differences")
                                + " a listener heard commits of so many changes: " + sizes);
                Law.L7.holdsIf(
                        sizes.get(sizes.size() - 1) == 2, "two rows, or two differences, became changes " + sizes);
                client.close();
            }
        }
    }

    // ---- L8: credentials ----

    @Example
    @Tag("L8")
    @Label("L8.1 credentials are asked for at every attempt, and again when they are refused")
    default void l08n1_asksEachTime() {
        if (!driver().faults().contains(Fault.EXPIRE_CREDENTIALS)) {
            return;
        }
        try (World world = driver().newWorld(12)) {
            int[] asked = {0};
            String[] token = {world.token()};
            try (Client client = Client.openWith(world, driver(), () -> {
                asked[0]++;
                return token[0];
            })) {
                ViewProbe view = client.view(0);
                world.advance(world.settleTime());
                phase(view, Phase.LIVE);
                int first = asked[0];
                Law.L8.holdsIf(first > 0, "the application was never asked for credentials");
                world.inject(Fault.EXPIRE_CREDENTIALS);
                world.advance(world.settleTime());
                Law.L8.holdsIf(
                        asked[0] > first + 1,
                        "refused credentials were asked for only " + (asked[0] - first) + " times");
                Law.L5.holdsIf(
                        view.view().status().phase() != Phase.LIVE, "a view is live with credentials that are refused");
                token[0] = world.token();
                world.advance(world.settleTime());
                phase(view, Phase.LIVE);
            }
        }
    }

    @Example
    @Tag("L8")
    @Label("L8.2 no token is in a log, an exception, a status or a toString")
    default void l08n2_secretsStaySecret() {
        if (!driver().faults().contains(Fault.EXPIRE_CREDENTIALS)) {
            return;
        }
        try (LogCapture log = new LogCapture();
                World world = driver().newWorld(13);
                Client client = Client.open(world, driver())) {
            StringBuilder shown = new StringBuilder();
            Set<String> secrets = new HashSet<>();
            ViewProbe view = client.view(0);
            client.source().onStatus(shown::append);
            view.view().onStatus(status -> shown.append(status).append(LogCapture.textOf(status.reason())));
            for (Fault fault : EnumSet.complementOf(EnumSet.of(Fault.REJECT))) {
                if (driver().faults().contains(fault)) {
                    secrets.add(world.token());
                    world.inject(fault);
                    world.advance(Duration.ofSeconds(50));
                    world.heal();
                }
            }
            world.advance(world.settleTime());
            shown.append(client.source()).append(client.source().address()).append(view.view());
            client.attempts().ends().forEach(end -> shown.append(LogCapture.textOf(end)));
            shown.append(log.text());
            for (String secret : secrets) {
                Law.L8.holdsIf(shown.indexOf(secret) < 0, "a token is shown in: " + around(shown, secret));
            }
        }
    }

    private static String around(StringBuilder text, String secret) {
        int at = Math.max(0, text.indexOf(secret));
        return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + secret.length() + 50));
    }

    // ---- L9: bounds ----

    @Example
    @Tag("L9")
    @Label("L9.2 a slow subscriber of changes() delays the wire where the protocol allows it, else ends as lagged")
    default void l09n2_slowSubscriber() {
        try (World world = driver().newWorld(14);
                Client client = Client.open(world, driver())) {
            boolean waits = driver().capabilities().contains(Capability.BACKPRESSURE);
            Subscriber subscriber = new Subscriber(world, 1);
            client.source().changes(world.queries().get(0)).subscribe(subscriber);
            world.advance(world.settleTime());
            for (int i = 0; i < 700; i++) {
                world.apply(new Operation.Put(0, i % 5, i));
                world.advance(Duration.ofMillis(100));
            }
            world.advance(world.settleTime());
            if (waits) {
                Law.L9.holdsIf(subscriber.failure() == null, "the subscription ended: " + subscriber.failure());
                subscriber.request(Long.MAX_VALUE);
                world.advance(world.settleTime().multipliedBy(2));
                Law.L9.holdsIf(
                        subscriber.rows().equals(world.truth(world.queries().get(0))),
                        "the commits add up to " + subscriber.rows());
            } else {
                Law.L9.holdsIf(
                        subscriber.failure() instanceof LaggedException,
                        "700 commits wait for a subscriber that asked for one, and it did not lag: "
                                + subscriber.failure());
            }
            subscriber.cancel();
        }
    }

    @Example
    @Tag("L9")
    @Label("L9.3 an open transaction has a bound; beyond it the query fails with a typed error")
    default void l09n3_transactionBound() {
        try (World world = driver().newWorld(15);
                Client client = Client.openUri(world, driver(), "maxTransaction", "2k")) {
            List<Operation> many = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                many.add(new Operation.Put(0, i, i));
            }
            // Without transactions, only a first content is so large.
            boolean transactions = driver().capabilities().contains(Capability.TRANSACTIONS);
            if (!transactions) {
                world.apply(new Operation.Transaction(many));
            }
            ViewProbe view = client.view(0);
            world.advance(world.settleTime());
            if (transactions) {
                world.apply(new Operation.Transaction(many));
                world.advance(world.settleTime());
            }
            phase(view, Phase.FAILED);
            Law.L9.holdsIf(
                    view.view().status().reason() instanceof LimitExceededException,
                    "the reason is no LimitExceededException: " + view.view().status());
        }
    }

    // ---- L10: bad input ----

    @Example
    @Tag("L10")
    @Label("L10.1 bad input ends the attempt with a typed error; rows stay readable, and the view recovers")
    default void l10n1_garbage() {
        if (!driver().faults().contains(Fault.GARBAGE)) {
            return;
        }
        for (int seed = 0; seed < 12; seed++) {
            try (LogCapture log = new LogCapture();
                    World world = driver().newWorld(seed)) {
                Client client = loaded(world);
                ViewProbe view = client.views().get(0);
                SortedMap<Integer, Integer> before = view.content();
                List<Throwable> reasons = new ArrayList<>();
                view.view().onStatus(status -> {
                    if (status.reason() != null) {
                        reasons.add(status.reason());
                    }
                });
                world.inject(Fault.GARBAGE);
                world.apply(new Operation.Put(0, 1, 1));
                world.advance(Duration.ofMillis(1));
                view.check();
                Law.L10.holdsIf(
                        view.content().equals(before) || view.content().equals(world.truth(view.query())),
                        "the rows became " + view.content());
                world.heal();
                world.advance(world.settleTime());
                view.checkSettled();
                Law.L10.holdsIf(
                        reasons.stream().allMatch(SyncException.class::isInstance)
                                && client.attempts().ends().stream().allMatch(SyncException.class::isInstance),
                        "an untyped reason: " + reasons);
                Law.L10.holdsIf(
                        client.attempts().faults() + client.attempts().ends().size() > 0,
                        "nobody was told of it: " + log.text());
                client.close();
            }
        }
    }

    // ---- L11: bad listeners ----

    @Example
    @Tag("L11")
    @Label("L11.1 a listener that throws is reported, goes on, and disturbs no other")
    default void l11n1_throwing() {
        try (LogCapture log = new LogCapture();
                World world = driver().newWorld(16)) {
            Client client = loaded(world);
            ViewProbe view = client.views().get(0);
            int[] heard = {0};
            view.view().listen(commit -> {
                heard[0]++;
                throw new IllegalStateException("a listener that throws");
            });
            view.listen();
            for (int i = 0; i < 3; i++) {
                world.apply(new Operation.Put(0, 3, i));
                world.advance(world.settleTime());
            }
            view.checkSettled();
            Law.L11.holdsIf(heard[0] == 4, "a listener that throws heard " + heard[0] + " commits of 4");
            Law.L11.holdsIf(
                    client.attempts().listenerFailures().size() == 4
                            && log.text().contains("a listener that throws"),
                    "reported were " + client.attempts().listenerFailures() + "; logged was " + log.text());
            client.close();
        }
    }

    @Example
    @Tag("L11")
    @Label("L11.2 a listener that blocks disturbs no other; one whose executor refuses ends, and that is reported")
    default void l11n2_blockingAndRefused() {
        try (LogCapture log = new LogCapture();
                World world = driver().newWorld(17)) {
            Client client = loaded(world);
            ViewProbe view = client.views().get(0);
            HeldExecutor blocked = new HeldExecutor();
            ListenerProbe slow = view.listenSlowly(blocked);
            ListenerProbe quick = view.listen();
            view.view().listen(commit -> {}, task -> {
                throw new RejectedExecutionException("this executor was shut down");
            });
            world.apply(new Operation.Put(0, 3, 3));
            world.advance(world.settleTime());
            Law.L11.holdsIf(
                    quick.heard().equals(world.truth(view.query())) && slow.commits() == 0,
                    "a listener behind a blocked one heard " + quick.heard());
            Law.L11.holdsIf(
                    client.attempts().listenerFailures().size() == 1,
                    "a refused execution should be reported once, was "
                            + client.attempts().listenerFailures() + log.text());
            blocked.release();
            view.checkSettled();
            client.close();
        }
    }

    // ---- L12: close ----

    @Example
    @Tag("L12")
    @Label("L12.2 close from inside a listener, of the view or of the source, ends everything")
    default void l12n2_closeInListener() {
        for (boolean wholeSource : new boolean[] {false, true}) {
            try (World world = driver().newWorld(18)) {
                Client client = loaded(world);
                MaterializedView<Row> view = client.views().get(0).view();
                int[] heard = {0};
                view.listen(commit -> {
                    heard[0]++;
                    if (wholeSource) {
                        client.source().close();
                    } else {
                        view.close();
                    }
                });
                world.apply(new Operation.Put(0, 3, 3));
                world.advance(world.settleTime());
                Law.L12.holdsIf(heard[0] == 1, "a listener that closed heard " + heard[0] + " commits");
                Law.L12.holdsIf(view.status().phase() == Phase.CLOSED, "after its close a view says " + view.status());
                client.close();
                nothingLeft(world);
            }
        }
    }

    @Example
    @Tag("L12")
    @Label("L12.3 close ends what waits: futures fail, and nothing is left, whatever state the source was in")
    default void l12n3_nothingPending() {
        for (int state = 0; state < 4; state++) {
            try (World world = driver().newWorld(19)) {
                Client client = Client.open(world, driver());
                if (state == 1 && driver().faults().contains(Fault.REFUSE)) {
                    world.inject(Fault.REFUSE);
                }
                if (state == 2 && driver().faults().contains(Fault.SILENCE)) {
                    world.inject(Fault.SILENCE);
                }
                Registration pause = state == 3 ? client.source().pause("a pause") : () -> {};
                ViewProbe view = client.view(0);
                List<CompletableFuture<?>> futures = List.of(
                        view.view().upToDate(),
                        view.view().refresh(),
                        view.view().where(row -> true).upToDate());
                if (state > 0) {
                    world.advance(Duration.ofSeconds(1));
                }
                client.close();
                pause.close();
                world.run();
                for (int i = 0; i < futures.size(); i++) {
                    Law.L12.holdsIf(futures.get(i).isDone(), "future " + i + " waits for ever in state " + state);
                }
                nothingLeft(world);
                try {
                    client.source().materialize(world.queries().get(0));
                    throw Law.L12.brokenBy("a closed source gave a view");
                } catch (ClosedException expected) {
                    world.run();
                }
            }
        }
    }

    @Example
    @Tag("L12")
    @Label("L12.4 the close of the last view of a query ends its subscription")
    default void l12n4_lastViewCloses() {
        try (World world = driver().newWorld(20)) {
            Client client = loaded(world);
            while (!client.views().isEmpty()) {
                client.closeView(0);
            }
            world.run();
            Law.L12.holdsIf(world.openWires() == 0, "wires are open though no view is");
            client.close();
            nothingLeft(world);
        }
    }

    private static void nothingLeft(World world) {
        world.run();
        Law.L12.holdsIf(world.openWires() == 0, world.openWires() + " wires are open after the close");
        Law.L12.holdsIf(world.leftovers().isEmpty(), "left after the close: " + world.leftovers());
    }

    // ---- capabilities and sharing ----

    @Example
    @Tag("CAPABILITIES")
    @Label("C.1 what is declared can be required; what is not is refused by name")
    default void capabilitiesBothWays() {
        for (Capability capability : Capability.values()) {
            try (World world = driver().newWorld(21)) {
                boolean declared = driver().capabilities().contains(capability);
                try (SyncSource source = world.builder("").require(capability).open()) {
                    Law.CAPABILITIES.holdsIf(
                            declared && source.capabilities().contains(capability),
                            capability + " is not declared, but the source opened");
                } catch (ConfigurationException e) {
                    Law.CAPABILITIES.holdsIf(
                            !declared && String.valueOf(e.getMessage()).contains(capability.name()),
                            capability + " was refused: " + e.getMessage());
                }
                nothingLeft(world);
            }
        }
    }

    @Example
    @Tag("CAPABILITIES")
    @Label("C.2 LOSSLESS, EVENTS, WRITES and PRESENCE work where they are declared")
    default void capabilitiesWork() {
        Set<Capability> declared = driver().capabilities();
        Law.CAPABILITIES.holdsIf(
                declared.contains(Capability.LOSSLESS) != driver().faults().contains(Fault.LOSE),
                "a driver has the fault LOSE exactly where its transport is not LOSSLESS");
        try (World world = driver().newWorld(25)) {
            Client client = loaded(world);
            ViewProbe view = client.views().get(0);
            ListenerProbe listener = view.listen();
            world.run();
            if (declared.contains(Capability.EVENTS)) {
                world.passEvent(0);
                world.advance(world.settleTime());
                Law.CAPABILITIES.holdsIf(listener.events() > 0, "EVENTS: nobody heard the event");
            }
            if (declared.contains(Capability.WRITES)) {
                CompletableFuture<?> written = world.write(client.source(), new Operation.Put(0, 4, 44));
                world.advance(world.settleTime());
                Law.CAPABILITIES.holdsIf(
                        written.isDone() && !written.isCompletedExceptionally(), "WRITES: a write ended as " + written);
                Law.CAPABILITIES.holdsIf(
                        Integer.valueOf(44).equals(view.content().get(4)),
                        "WRITES: what was written is not in the view: " + view.content());
            }
            if (declared.contains(Capability.PRESENCE)) {
                Law.CAPABILITIES.holdsIf(
                        world.isPresenceSeen(client.source()), "PRESENCE: nobody saw who came and went");
            }
            Law.CAPABILITIES.holdsIf(
                    declared.contains(Capability.EVENTS) || listener.events() == 0,
                    "EVENTS is not declared, but a listener heard " + listener.events());
            client.attempts().check();
            client.close();
        }
    }

    @Example
    @Tag("SHARING")
    @Label("S.1 equal queries share one subscription; each handle closes alone")
    default void equalQueriesShare() {
        try (World world = driver().newWorld(22)) {
            Client client = Client.open(world, driver());
            ViewProbe first = client.view(0);
            ViewProbe second = client.view(0);
            world.advance(world.settleTime());
            ViewProbe third = client.view(0);
            world.run();
            phase(third, Phase.LIVE);
            Law.SHARING.holdsIf(
                    client.attempts().attempts(first.view().query()) == 1,
                    client.attempts().attempts(first.view().query()) + " attempts for one query");
            client.views().remove(first);
            first.close();
            first.close();
            world.apply(new Operation.Put(0, 6, 6));
            world.advance(world.settleTime());
            second.checkSettled();
            third.checkSettled();
            client.close();
            nothingLeft(world);
        }
    }

    @Example
    @Tag("SHARING")
    @Label("S.2 pause ends the connections and keeps the rows; its end goes on from there")
    default void pauseAndResume() {
        try (World world = driver().newWorld(23)) {
            Client client = loaded(world);
            ViewProbe view = client.views().get(0);
            ListenerProbe listener = view.listen();
            Registration one = client.source().pause("the screen is hidden");
            Registration two = client.source().pause("the lid is closed");
            world.run();
            phase(view, Phase.STALE);
            Law.SHARING.holdsIf(world.openWires() == 0, "wires are open during a pause");
            world.apply(new Operation.Put(0, 6, 6));
            one.close();
            one.close();
            world.advance(world.settleTime());
            phase(view, Phase.STALE);
            two.close();
            world.advance(world.settleTime());
            view.checkSettled();
            client.attempts().check();
            Law.SHARING.holdsIf(listener.commits() == 2, "after the pause a listener heard " + listener.commits());
            client.close();
            nothingLeft(world);
        }
    }

    @Example
    @Tag("SHARING")
    @Label("S.3 refresh asks the server again, and completes when the answer is visible")
    default void refresh() {
        try (World world = driver().newWorld(24)) {
            Client client = loaded(world);
            ViewProbe view = client.views().get(0);
            world.apply(new Operation.Put(0, 6, 6));
            boolean[] visible = {false};
            view.view().refresh().thenAccept(same -> visible[0] = view.content().equals(world.truth(view.query())));
            world.advance(world.settleTime());
            Law.SHARING.holdsIf(visible[0], "a refresh completed before its answer was visible, or never");
            view.checkSettled();
            client.close();
            nothingLeft(world);
        }
    }

    // ---- helpers ----

    private Client loaded(World world) {
        Client client = Client.open(world, driver());
        world.apply(new Operation.Transaction(List.of(new Operation.Put(0, 1, 10), new Operation.Put(0, 2, 20))));
        world.apply(new Operation.Put(1, 1, 30));
        client.view(0);
        client.view(1);
        world.advance(world.settleTime());
        client.views().forEach(ViewProbe::check);
        client.views().forEach(ViewProbe::checkSettled);
        return client;
    }

    private static void phase(ViewProbe view, Phase expected) {
        ViewStatus status = view.view().status();
        Law.L5.holdsIf(status.phase() == expected, view + " should be " + expected + ", it is " + status);
    }

    private static List<Phase> phasesOf(MaterializedView<Row> view) {
        List<Phase> phases = new ArrayList<>();
        view.listen(new ViewListener<Row>() {
            @Override
            public void onCommit(Commit<Row> commit) {}

            @Override
            public void onStatus(ViewStatus status) {
                if (phases.isEmpty() || phases.get(phases.size() - 1) != status.phase()) {
                    phases.add(status.phase());
                }
            }
        });
        return phases;
    }
}
