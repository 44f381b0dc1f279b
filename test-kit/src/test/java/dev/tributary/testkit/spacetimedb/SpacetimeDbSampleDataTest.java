package dev.tributary.testkit.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpacetimeDbSampleDataTest {

    @Test
    void aSeedGivesTheSameChangesAgain() {
        assertThat(after(7, 300)).isEqualTo(after(7, 300)).isNotEqualTo(after(8, 300));
    }

    @Test
    void everyTableChangesAndCallsWork() {
        SpacetimeDbModel model = model();
        ModelClient client = ModelClient.connect(model, ModelClient.V2);
        client.subscribe(
                1,
                1,
                SpacetimeDbSampleData.relations().stream()
                        .map(relation -> "SELECT * FROM " + relation)
                        .toArray(String[]::new));
        SpacetimeDbSampleData data = new SpacetimeDbSampleData(3);
        data.create(model, 6);
        for (int i = 0; i < 300; i++) {
            data.step(model);
        }
        String all = String.join("\n", client.heard);
        SpacetimeDbSampleData.relations().forEach(relation -> assertThat(all).contains("table_name=" + relation));
        assertThat(model.call("add_player", "Zoë").committed()).isTrue();
        assertThat(model.call("add_player", " ").error()).isEqualTo("a player needs a name");
        assertThat(model.call("move_player", 1_000_000, 1, 1).committed()).isFalse();
    }

    private static SpacetimeDbModel model() {
        return new SpacetimeDbModel(
                SpacetimeDbSampleData.module(),
                SpacetimeDbOptions.current(),
                () -> 1_000L,
                new SplittableRandom(1),
                () -> {});
    }

    private static List<List<List<Object>>> after(long seed, int steps) {
        SpacetimeDbModel model = model();
        SpacetimeDbSampleData data = new SpacetimeDbSampleData(seed);
        data.create(model, 6);
        for (int i = 0; i < steps; i++) {
            data.step(model);
        }
        return List.of(model.rows(SpacetimeDbSampleData.PLAYER), model.rows(SpacetimeDbSampleData.ITEM));
    }
}
