package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.testkit.driftdb.AnswerFault;
import dev.tributary.testkit.driftdb.ClientMessage;
import dev.tributary.testkit.driftdb.MessageFault;
import dev.tributary.testkit.socket.HttpRequest;
import dev.tributary.testkit.socket.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a session asks again by itself waits as long as the server says. */
class ComeLaterTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    /** The longest wait of its own. */
    private static final Duration MOST_WAIT = Duration.ofSeconds(33);

    private static SyncSource http(Rig rig) {
        return rig.openAt("http://model/room/" + rig.room.id(), builder -> builder);
    }

    private static AnswerFault comeLater(int status, String word) {
        return new AnswerFault.Respond(HttpResponse.of(status).with("retry-after", word));
    }

    private static Push named(String key) {
        return Push.append(key, Envelopes.action(1, "me", 1)).atLeastOnce();
    }

    private static boolean isOf(String key, HttpRequest request) {
        return new String(request.body(), StandardCharsets.UTF_8).contains("\"key\":\"" + key + "\"");
    }

    /** @param waits one for each refusal, in seconds: below zero they are said as a date */
    @Property(tries = 60)
    @net.jqwik.api.Tag("D25")
    @net.jqwik.api.Tag("D42")
    @net.jqwik.api.Tag("L6")
    void whatIsSentAndLookedForAgainWaitsAsTheServerSays(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = -600, max = 600) Integer> waits,
            @ForAll boolean unavailable) {
        // Zero asks for nothing.
        Assume.that(!waits.contains(0));
        try (Rig rig = new Rig()) {
            DriftDb db = rig.db(http(rig));
            rig.get(db.http().ping(MINUTE));
            List<Duration> times = rig.times(request -> true);
            Instant origin = rig.environment.now().minus(rig.environment.elapsed());
            Instant date = rig.environment.now().truncatedTo(ChronoUnit.SECONDS);
            List<Instant> dates = new ArrayList<>();
            for (int wait : waits) {
                date = date.plusSeconds(Math.abs(wait)).plus(MOST_WAIT);
                dates.add(date);
                String word = wait < 0
                        ? DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atZone(ZoneOffset.UTC))
                        : Integer.toString(wait);
                rig.model.faults().http(1, comeLater(unavailable ? 503 : 429, word));
            }

            CompletableFuture<Pushed> push = db.push(named("k"), Duration.ofHours(3));
            rig.advance(Duration.ofHours(2));

            assertThat(push).isCompleted();
            assertThat(rig.room.entries("k")).hasSize(1);
            // Each refusal, the read that finds nothing, and the write.
            assertThat(times).hasSize(waits.size() + 2);
            for (int i = 0; i < waits.size(); i++) {
                Instant asked = origin.plus(times.get(i));
                Instant allowed = waits.get(i) < 0 ? dates.get(i) : asked.plusSeconds(waits.get(i));
                Instant latest = (allowed.isBefore(asked) ? asked : allowed).plus(MOST_WAIT);
                assertThat(origin.plus(times.get(i + 1))).isBetween(allowed, latest);
            }
            assertThat(rig.sockets()).as("no other way was tried meanwhile").isEmpty();
        }
    }

    @Test
    @Tag("D24")
    @Tag("D42")
    void whatIsGivenUpWhileItWaitsLetsTheNextOnesPass() {
        try (Rig rig = new Rig()) {
            DriftDb db = rig.db(http(rig));
            rig.get(db.http().ping(MINUTE));
            rig.model.faults().http(1, comeLater(429, "3600"));
            CompletableFuture<Pushed> stuck = db.push(named("k"), Duration.ofSeconds(3));
            CompletableFuture<Pushed> behind = db.append("k", "b", Duration.ofHours(1));
            rig.run();
            assertThat(behind).isNotDone();
            assertThat(rig.failure(stuck)).isInstanceOf(OutcomeUnknownException.class);
            rig.run();
            assertThat(behind).isCompleted();
        }
    }

    @Test
    @Tag("D28")
    @Tag("L6")
    void anAuditWaitsAsTheServerSaysWhateverComesMeanwhile() {
        try (Rig rig = new Rig()) {
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.run();
            List<Duration> times = rig.times(request -> true);
            rig.model.faults().http(1, comeLater(503, "40"));
            burst(rig);
            burst(rig);
            assertThat(times).as("asked once, and no socket instead").hasSize(1);
            assertThat(log.snapshot().isVerified()).isFalse();
            rig.advance(Duration.ofSeconds(30));
            assertThat(times).hasSize(1);
            rig.advance(Duration.ofSeconds(10));
            assertThat(times.get(1).minus(times.get(0))).isGreaterThanOrEqualTo(Duration.ofSeconds(40));
            assertThat(log.snapshot().isVerified()).isTrue();
        }
    }

    private static void burst(Rig rig) {
        for (int i = 0; i < 40; i++) {
            rig.room.append("k", "1");
        }
        rig.run();
    }

    @Test
    @Tag("D25")
    @Tag("L6")
    void aWriteOfALostConnectionIsLookedForWhenTheServerSays() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("other");
            rig.run();
            List<Duration> times = rig.times(request -> isOf("k", request));
            rig.model.faults().http(1, comeLater(503, "20"));
            rig.model.faults().message(message -> message instanceof ClientMessage.Push, 1, MessageFault.CUT_AFTER);
            CompletableFuture<Pushed> push = rig.db(source).push(named("k"), MINUTE);
            rig.advance(Duration.ofSeconds(15));
            assertThat(times).hasSize(1);
            assertThat(rig.sockets()).as("those of two sessions").hasSize(2);
            assertThat(rig.get(push).number()).as("it was found").hasValue(1);
            assertThat(times.get(1).minus(times.get(0))).isGreaterThanOrEqualTo(Duration.ofSeconds(20));
            assertThat(rig.room.entries("k")).hasSize(1);
        }
    }

    @Test
    @Tag("D24")
    @Tag("D25")
    void aWriteThatIsGivenUpBeforeItIsLookedForLetsTheNextOnesPass() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("other");
            rig.run();
            rig.model.faults().http(1, comeLater(503, "3600"));
            rig.model.faults().message(message -> message instanceof ClientMessage.Push, 1, MessageFault.CUT_AFTER);
            CompletableFuture<Pushed> stuck = rig.db(source).push(named("k"), Duration.ofSeconds(20));
            rig.advance(Duration.ofSeconds(10));
            CompletableFuture<Pushed> behind = rig.db(source).append("k", "b", MINUTE);
            rig.run();
            assertThat(behind).isNotDone();
            assertThat(rig.failure(stuck)).isInstanceOf(OutcomeUnknownException.class);
            rig.run();
            assertThat(behind).isCompleted();
        }
    }

    @Test
    @Tag("D21")
    @Tag("L6")
    void theNextSessionWaitsWhenTheRoomIsToBeAskedForLater() {
        try (Rig rig = new Rig()) {
            MaterializedView<Row> view = rig.open().materialize("k");
            rig.run();
            rig.model.faults().upgrade(1, new AnswerFault.Cut(false));
            rig.model.faults().http(1, comeLater(503, "50"));
            rig.model.connections().forEach(connection -> connection.drop());
            rig.advance(Duration.ofSeconds(45));
            assertThat(rig.sockets()).hasSize(2);
            assertThat(view.status().phase()).isEqualTo(Phase.STALE);
            rig.advance(Duration.ofSeconds(15));
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    @Tag("D42")
    void aRefusedCallTellsWhenToComeAgain() {
        try (Rig rig = new Rig()) {
            DriftDb db = rig.db(http(rig));
            rig.get(db.http().ping(MINUTE));
            rig.model.faults().http(3, comeLater(429, "7.5"));
            for (CompletableFuture<?> call :
                    List.of(db.http().read("k", 0, MINUTE), db.http().put("p", 1, MINUTE), db.retained("r", MINUTE))) {
                assertThat(rig.failure(call)).isInstanceOfSatisfying(DriftDbException.class, e -> {
                    assertThat(e.status()).isEqualTo(429);
                    assertThat(e.retryAfter()).isEqualTo(Duration.ofMillis(7500));
                });
            }
            assertThat(rig.sockets()).isEmpty();
        }
    }
}
