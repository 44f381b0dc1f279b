package dev.tributary.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** L6: when a source tries again. */
public interface RetryLaws extends LawsOfADriver {

    @Example
    @Tag("L6")
    @Shows({Law.JITTER, Law.KEEPS_TRYING, Law.WAITS_IN_BOUNDS, Law.ANNOUNCED_WAITS})
    @Label("waits are drawn anew each time, below a bound that doubles, and differ between clients")
    default void jitter() {
        Trial.run(driver(), driver -> {
            Set<Duration> firstWaits = new HashSet<>();
            for (int seed = 0; seed < 8; seed++) {
                try (World world = driver.newWorld(seed);
                        Client client = Client.open(world, driver)) {
                    world.inject(Fault.REFUSE);
                    client.view(0);
                    world.advance(Duration.ofMinutes(2));
                    List<AttemptProbe.Wait> waits = client.attempts().waits();
                    client.attempts().check();
                    Law.KEEPS_TRYING.holdsIf(waits.size() > 5, "only " + waits.size() + " attempts in two minutes");
                    Law.KEEPS_TRYING.holdsIf(
                            waits.get(waits.size() - 1).attempt() >= 6,
                            "failures in a row are not counted: " + waits.get(waits.size() - 1));
                    firstWaits.add(waits.get(0).delay());
                }
            }
            Law.JITTER.holdsIf(
                    firstWaits.size() > 4, "8 clients wait only " + firstWaits.size() + " different times: no jitter");
        });
    }

    @Example
    @Tag("L6")
    @Shows(Law.RETRY_NOW)
    @Label("retryNow cuts a wait short")
    default void retryNow() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(10);
                    Client client = Client.open(world, driver)) {
                world.inject(Fault.REFUSE);
                ViewProbe view = client.view(0);
                world.advance(Duration.ofMinutes(1));
                world.heal();
                int before = client.attempts().attempts(view.view().query());
                client.attempts().cutShort();
                client.source().retryNow();
                world.run();
                Law.RETRY_NOW.holdsIf(
                        client.attempts().attempts(view.view().query()) == before + 1, "retryNow did not try at once");
            }
        });
    }

    @Example
    @Tag("L6")
    @Shows(Law.WAITS_FIRST)
    @Label("a connection that broke is not opened again at the same instant")
    default void waitsBeforeItTriesAgain() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(27)) {
                Client client = Client.loaded(world, driver);
                ViewProbe view = client.views().get(0);
                int before = client.attempts().attempts(view.view().query());
                world.inject(Fault.DROP);
                world.run();
                Law.WAITS_FIRST.holdsIf(
                        client.attempts().attempts(view.view().query()) == before,
                        "the next attempt came before any time went by");
                world.advance(world.settleTime());
                view.checkSettled();
                client.close();
            }
        });
    }

    @Example
    @Tag("L1")
    @Tag("L6")
    @Shows({Law.COMES_LATER, Law.RETRY_NOW, Law.COMES_BACK})
    @Label("who was told when to come again does not come before, and then does; retryNow cuts that short, too")
    default void comesLater() {
        Trial.run(driver(), driver -> {
            for (int seed = 0; seed < 8; seed++) {
                try (World world = driver.newWorld(seed)) {
                    Client client = Client.open(world, driver);
                    ViewProbe view = client.view(0);
                    world.advance(world.settleTime());
                    view.checkSettled();
                    refused(world, client);
                    int before = client.attempts().attempts(view.view().query());
                    world.advance(Patience.ASKED.minusSeconds(11));
                    client.attempts().check();
                    Law.COMES_LATER.holdsIf(
                            client.attempts().attempts(view.view().query()) == before, "it came before it was to");
                    world.advance(world.settleTime());
                    view.checkSettled();

                    refused(world, client);
                    before = client.attempts().attempts(view.view().query());
                    client.attempts().cutShort();
                    client.source().retryNow();
                    world.run();
                    Law.RETRY_NOW.holdsIf(
                            client.attempts().attempts(view.view().query()) == before + 1,
                            "retryNow did not cut short what the server had asked for");
                    world.advance(world.settleTime());
                    view.checkSettled();
                    client.close();
                    client.attempts().check();
                }
            }
        });
    }

    /** The connection breaks, and the next one is refused with a word on how long to wait. */
    private static void refused(World world, Client client) {
        int before = client.attempts().waits().size();
        world.inject(Fault.COME_LATER);
        world.inject(Fault.DROP);
        world.advance(Duration.ofSeconds(10));
        List<AttemptProbe.Wait> waits = client.attempts().waits();
        List<AttemptProbe.Wait> since = waits.subList(before, waits.size());
        Law.COMES_LATER.holdsIf(
                since.stream().anyMatch(wait -> wait.delay().compareTo(Patience.ASKED) >= 0),
                "after a refusal with a word of " + Patience.ASKED + " these waits were announced: " + since);
        client.attempts().check();
    }

    @Example
    @Tag("L6")
    @Shows(Law.BUDGET)
    @Label("very many sources that fail together try again steadily, not all at once")
    default void budget() {
        Trial.run(driver(), driver -> {
            int sources = 220;
            int seconds = 2;
            try (World world = driver.newWorld(28)) {
                world.inject(Fault.REFUSE);
                List<Client> clients = new ArrayList<>();
                for (int i = 0; i < sources; i++) {
                    Client client = Client.open(world, driver);
                    clients.add(client);
                    client.view(0);
                }
                world.advance(Duration.ofSeconds(seconds));
                int attempts = clients.stream()
                        .mapToInt(client -> client.attempts().allAttempts())
                        .sum();
                // The first attempts are free; then a bucket of 200, refilled at 100 a second.
                int most = sources + 200 + 100 * seconds + 10;
                clients.forEach(Client::close);
                Law.BUDGET.holdsIf(
                        attempts <= most,
                        sources + " sources began " + attempts + " attempts in " + seconds + " s, allowed are " + most);
            }
        });
    }
}
