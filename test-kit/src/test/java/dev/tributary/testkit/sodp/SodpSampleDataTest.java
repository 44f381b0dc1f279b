package dev.tributary.testkit.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SodpSampleDataTest {

    @ParameterizedTest
    @EnumSource
    void theSameSeedMakesTheSameChangesOnEveryServer(SodpDialect dialect) {
        SodpModel one = filled(dialect, 7);
        SodpModel two = filled(dialect, 7);
        SodpModel other = filled(dialect, 8);
        for (String key : SodpSampleData.keys()) {
            assertThat(Sameness.same(one.value(key), two.value(key))).isTrue();
        }
        assertThat(other.value(SodpSampleData.SCORE)).isNotEqualTo(one.value(SodpSampleData.SCORE));
        assertThat(one.value(SodpSampleData.CURSORS)).isInstanceOf(Map.class);
    }

    @ParameterizedTest
    @EnumSource
    void everyStepIsTold(SodpDialect dialect) {
        SodpModel model = new SodpModel(SodpOptions.of(dialect), () -> 0, new SplittableRandom(1));
        SodpSampleData data = new SodpSampleData(1);
        data.create(model, 5);
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.watch(SodpSampleData.keys().toArray(String[]::new));
        model.tick();
        peer.take();
        for (int i = 0; i < 500; i++) {
            data.step(model);
        }
        assertThat(peer.take()).hasSizeGreaterThan(400);
        for (String key : SodpSampleData.keys()) {
            assertThat(model.version(key)).isGreaterThan(key.equals(SodpSampleData.ORDER) ? -1 : 1);
        }
    }

    private static SodpModel filled(SodpDialect dialect, long seed) {
        SodpModel model = new SodpModel(SodpOptions.of(dialect), () -> 0, new SplittableRandom(1));
        SodpSampleData data = new SodpSampleData(seed);
        data.create(model, 4);
        for (int i = 0; i < 200; i++) {
            data.step(model);
        }
        return model;
    }
}
