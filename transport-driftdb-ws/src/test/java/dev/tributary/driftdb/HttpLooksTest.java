package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.OutcomeUnknownException;
import dev.tributary.testkit.driftdb.AnswerFault;
import dev.tributary.testkit.socket.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes over HTTP whose answer was lost, while the stream in which they are looked for cannot be read. */
class HttpLooksTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MOMENT = Duration.ofMillis(100);

    private static DriftDb open(Rig rig) {
        DriftDb db = rig.db(rig.openAt("http://model/room/" + rig.room.id(), builder -> builder));
        rig.get(db.http().ping(HOUR));
        return db;
    }

    private static Push named() {
        return Push.append("k", Envelopes.action("a", "me", 1)).atLeastOnce();
    }

    private static boolean mentions(HttpRequest request, String text) {
        return new String(request.body(), StandardCharsets.UTF_8).contains(text);
    }

    @Test
    @Tag("D24")
    @Tag("D42")
    void whoGivesUpWaitingForALookLetsTheNextOnePassAtOnceAndLooksNoMore() {
        try (Rig rig = new Rig()) {
            DriftDb db = open(rig);
            rig.model.faults().request(request -> !mentions(request, "\"b\""), 1_000, new AnswerFault.Cut(false));
            CompletableFuture<Pushed> stuck = db.push(named(), Duration.ofSeconds(3));
            CompletableFuture<Pushed> behind = db.append("k", "b", HOUR);
            CompletableFuture<Pushed> givenUp = db.append("k", "c", Duration.ofSeconds(1));
            rig.advance(Duration.ofSeconds(2));
            assertThat(givenUp).isCompletedExceptionally();
            rig.advance(Duration.ofMillis(900));
            assertThat(stuck).as("another one was given up").isNotDone();
            assertThat(behind).isNotDone();
            rig.advance(MOMENT.multipliedBy(2));
            assertThat(stuck).isCompletedExceptionally();
            assertThat(behind).isCompleted();
            int wires = rig.targets.size();
            rig.advance(Duration.ofMinutes(2));
            assertThat(rig.targets).hasSize(wires);
            assertThat(rig.room.entries("k")).hasSize(1);
        }
    }

    @Test
    @Tag("D24")
    @Tag("D42")
    void whoGivesUpDuringALookIsNotSentAgain() {
        try (Rig rig = new Rig()) {
            DriftDb db = open(rig);
            rig.model.faults().http(1, new AnswerFault.Cut(false));
            rig.model.faults().http(1, new AnswerFault.Delay(3_000));
            CompletableFuture<Pushed> stuck = db.push(named(), Duration.ofSeconds(1));
            CompletableFuture<Pushed> behind = db.append("k", "b", HOUR);
            rig.advance(Duration.ofSeconds(2));
            assertThat(stuck).isCompletedExceptionally();
            assertThat(behind).as("its exchange has not ended").isNotDone();
            rig.advance(Duration.ofSeconds(2));
            assertThat(behind).isCompleted();
            assertThat(rig.room.entries("k")).hasSize(1);
        }
    }

    @Test
    @Tag("D25")
    @Tag("D42")
    void aLookThatFailsIsMadeAgainAndOneThatIsRefusedEndsUnknown() {
        try (Rig rig = new Rig()) {
            DriftDb db = open(rig);
            // The write, and twice the read over HTTP and over a socket of its own.
            rig.model.faults().request(request -> true, 5, new AnswerFault.Cut(false));
            rig.get(db.push(named(), Duration.ofMinutes(1)));
            assertThat(rig.model.faults().struck()).isEqualTo(5);
            assertThat(rig.room.entries("k")).hasSize(1);
        }
        try (Rig rig = new Rig()) {
            DriftDb db = open(rig);
            rig.model.faults().http(1, new AnswerFault.Cut(false)).http(1, AnswerFault.status(403));
            CompletableFuture<Pushed> refused = db.push(named(), HOUR);
            CompletableFuture<Pushed> behind = db.append("k", "b", HOUR);
            assertThat(rig.failure(refused))
                    .isInstanceOf(OutcomeUnknownException.class)
                    .hasMessageContaining("could not be read");
            rig.get(behind);
        }
    }
}
