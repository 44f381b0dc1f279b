package dev.tributary.conformance;

import dev.tributary.Phase;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** L8: credentials are asked for at each attempt and shown nowhere. */
public interface CredentialLaws extends LawsOfADriver {

    @Example
    @Tag("L8")
    @Shows({Law.ASKED_EACH_TIME, Law.REFUSED_ARE_DROPPED})
    @Label("credentials are asked for at every attempt, and again when they are refused")
    default void askedEachTime() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(12)) {
                int[] asked = {0};
                String[] token = {world.token()};
                try (Client client = Client.openWith(world, driver, () -> {
                    asked[0]++;
                    return token[0];
                })) {
                    ViewProbe view = client.view(0);
                    world.advance(world.settleTime());
                    view.checkPhase(Law.COMES_BACK, Phase.LIVE);
                    int first = asked[0];
                    Law.ASKED_EACH_TIME.holdsIf(first > 0, "the application was never asked for credentials");
                    world.inject(Fault.EXPIRE_CREDENTIALS);
                    world.advance(world.settleTime());
                    Law.REFUSED_ARE_DROPPED.holdsIf(
                            view.view().status().phase() != Phase.LIVE,
                            "a view is live with credentials that are refused");
                    Law.ASKED_EACH_TIME.holdsIf(
                            asked[0] > first + 1,
                            "refused credentials were asked for only " + (asked[0] - first) + " times");
                    token[0] = world.token();
                    world.advance(world.settleTime());
                    view.checkPhase(Law.REFUSED_ARE_DROPPED, Phase.LIVE);
                }
            }
        });
    }

    @Example
    @Tag("L8")
    @Shows(Law.SECRETS_STAY_SECRET)
    @Label("no token is in a log, an exception, a status or a toString")
    default void secretsStaySecret() {
        Trial.run(driver(), driver -> {
            try (LogCapture log = new LogCapture();
                    World world = driver.newWorld(13);
                    Client client = Client.open(world, driver)) {
                StringBuilder shown = new StringBuilder();
                Set<String> secrets = new HashSet<>();
                ViewProbe view = client.view(0);
                client.source().onStatus(shown::append);
                view.view().onStatus(status -> shown.append(status).append(LogCapture.textOf(status.reason())));
                for (Fault fault : EnumSet.complementOf(EnumSet.of(Fault.REJECT))) {
                    if (driver.faults().contains(fault)) {
                        secrets.add(world.token());
                        world.inject(fault);
                        world.advance(Duration.ofSeconds(50));
                        world.heal();
                    }
                }
                world.advance(world.settleTime());
                shown.append(client.source()).append(client.source().address()).append(view.view());
                client.attempts().ends().forEach(end -> shown.append(LogCapture.textOf(end)));
                client.attempts().told().forEach(shown::append);
                shown.append(log.text());
                for (String secret : secrets) {
                    Law.SECRETS_STAY_SECRET.holdsIf(
                            shown.indexOf(secret) < 0, "a token is shown in: " + around(shown, secret));
                }
            }
        });
    }

    private static String around(StringBuilder text, String secret) {
        int at = Math.max(0, text.indexOf(secret));
        return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + secret.length() + 50));
    }
}
