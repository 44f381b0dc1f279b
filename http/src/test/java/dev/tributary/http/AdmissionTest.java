package dev.tributary.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final int LIMIT = 100;
    private static final Origin ORIGIN = Origin.of(URI.create("https://localhost"));

    private final ManualEnvironment environment = new ManualEnvironment();
    private final List<Admission.Permit> permits = new ArrayList<>();
    private final Admission admission = new Admission(environment, LIMIT, 32);

    private void enter(int count, Version version) {
        for (int i = 0; i < count; i++) {
            assertThat(admission.enter(ORIGIN, version, permits::add)).isTrue();
        }
    }

    private List<Long> perLane() {
        return permits.stream()
                .collect(Collectors.groupingBy(Admission.Permit::lane, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }

    @Test
    void clearTextNeverWaits() {
        enter(2_000, Version.HTTP_1_1);
        assertThat(perLane()).containsExactly(2_000L);
        assertThat(environment.timers()).isZero();
    }

    @Test
    void oneGoesAheadUntilItsAnswerBegins() {
        enter(50, Version.HTTP_2);
        assertThat(permits).hasSize(1);
        permits.get(0).heard(Version.HTTP_2);
        assertThat(permits).hasSize(50);
        assertThat(environment.timers()).isZero();
    }

    @Test
    void whereHttp1IsSpokenAllGo() {
        enter(500, Version.HTTP_2);
        permits.get(0).heard(Version.HTTP_1_1);
        assertThat(perLane()).containsExactly(500L);
    }

    @Test
    void aSilentFirstOneHoldsTheOthersForAMomentOnly() {
        enter(50, Version.HTTP_2);
        assertThat(permits).hasSize(1);
        environment.passTime();
        assertThat(permits).hasSize(50);
    }

    @Test
    void aFailedFirstOneLetsTheNextGoAhead() {
        enter(3, Version.HTTP_2);
        permits.get(0).release();
        assertThat(permits).hasSize(2);
    }

    @Tag("E69")
    @Test
    void twoThousandLongPollsSpreadOverTwentyLanes() {
        enter(2_000, Version.HTTP_2);
        environment.passTime();
        // The other lanes open together.
        environment.passTime();
        assertThat(perLane()).hasSize(20).allMatch(count -> count == LIMIT);
    }

    @Test
    void beyondAllLanesTheyWaitAndFollow() {
        Admission single = new Admission(environment, LIMIT, 1);
        for (int i = 0; i < 150; i++) {
            single.enter(ORIGIN, Version.HTTP_2, permits::add);
        }
        permits.get(0).heard(Version.HTTP_2);
        assertThat(permits).hasSize(100);
        permits.get(7).release();
        permits.get(7).release();
        assertThat(permits).hasSize(101);
    }

    @Test
    void whoLeavesIsNotAdmitted() {
        List<Admission.Permit> left = new ArrayList<>();
        Admission.Candidate candidate = left::add;
        enter(1, Version.HTTP_2);
        admission.enter(ORIGIN, Version.HTTP_2, candidate);
        admission.leave(ORIGIN, candidate);
        permits.get(0).heard(Version.HTTP_2);
        assertThat(left).isEmpty();
    }

    @Test
    void aServerWithALowerLimitIsLearnt() {
        Admission single = new Admission(environment, LIMIT, 1);
        for (int i = 0; i < 100; i++) {
            single.enter(ORIGIN, Version.HTTP_2, permits::add);
        }
        permits.get(0).heard(Version.HTTP_2);
        // The server takes 64: the client fails the other 36, and each tries again.
        for (int i = 64; i < 100; i++) {
            permits.get(i).exceeded();
            permits.get(i).release();
            single.enter(ORIGIN, Version.HTTP_2, permits::add);
        }
        assertThat(permits).hasSize(100);
        permits.get(1).release();
        assertThat(permits).hasSize(101);
    }

    @Tag("L9")
    @Test
    void theQueueIsBounded() {
        enter(1 + Admission.MOST_WAITING, Version.HTTP_2);
        assertThat(admission.enter(ORIGIN, Version.HTTP_2, permits::add)).isFalse();
    }

    @Tag("L12")
    @Test
    void closingLeavesNoTimerAndAdmitsNobody() {
        enter(5, Version.HTTP_2);
        admission.close();
        assertThat(environment.timers()).isZero();
        permits.get(0).heard(Version.HTTP_2);
        assertThat(permits).hasSize(1);
    }
}
