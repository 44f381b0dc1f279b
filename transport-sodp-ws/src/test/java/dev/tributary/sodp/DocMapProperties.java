package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.conformance.Allocated;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Objects of documents against maps of the JDK. */
class DocMapProperties {

    /** One step on an object; without a value it removes. */
    record Step(String name, Integer value) {}

    @Property(tries = 400)
    @Tag("S25")
    void isTheMapThatItsStepsMakeAndLeavesEarlierOnesAlone(@ForAll("steps") List<Step> steps) {
        Map<String, Object> model = new LinkedHashMap<>();
        DocMap map = DocMap.EMPTY;
        List<DocMap> versions = new ArrayList<>();
        List<Map<String, Object>> models = new ArrayList<>();
        for (Step step : steps) {
            if (step.value() == null) {
                model.remove(step.name());
                map = map.without(step.name());
            } else {
                model.put(step.name(), step.value());
                map = map.with(step.name(), step.value());
            }
            versions.add(map);
            models.add(new LinkedHashMap<>(model));
        }
        for (int i = 0; i < versions.size(); i += 1 + versions.size() / 20) {
            same(versions.get(i), models.get(i));
        }
        same(map, model);
    }

    @Property(tries = 200)
    @Tag("S25")
    void isTheSameHoweverItWasMade(@ForAll("steps") List<Step> steps) {
        DocMap map = DocMap.EMPTY;
        Object[] members = new Object[2 * steps.size()];
        for (int i = 0; i < steps.size(); i++) {
            map = map.with(steps.get(i).name(), steps.get(i).value());
            members[2 * i] = steps.get(i).name();
            members[2 * i + 1] = steps.get(i).value();
        }
        DocMap bulk = DocMap.of(members, steps.size());
        assertThat(bulk).isEqualTo(map).hasSameHashCodeAs(map);
        assertThat(map).isEqualTo(bulk);
        assertThat(new LinkedHashMap<>(bulk)).isEqualTo(new LinkedHashMap<>(map));
    }

    @Property(tries = 100)
    @Tag("S25")
    void anUpdateOfALargeObjectCopiesOnlyThePath(@ForAll("names") String name) {
        Object[] members = new Object[20_000];
        for (int i = 0; i < 10_000; i++) {
            members[2 * i] = "member " + i;
            members[2 * i + 1] = (long) i;
        }
        DocMap map = DocMap.of(members, 10_000);
        DocMap changed = map.with(name, "new");
        long before = Allocated.bytes();
        for (int i = 0; i < 100; i++) {
            changed = changed.with("member " + (i * 37), i);
        }
        long each = (Allocated.bytes() - before) / 100;
        assertThat(each).as("bytes for an update of one member among 10,000").isLessThan(3_000);
        assertThat(changed.get(name)).isEqualTo("new");
        assertThat(map.get("member 37")).isEqualTo(37L);
    }

    private static void same(DocMap map, Map<String, Object> model) {
        assertThat(map).hasSize(model.size());
        assertThat(map.equals(model)).isTrue();
        assertThat(model.equals(map)).isTrue();
        assertThat(map.hashCode()).isEqualTo(model.hashCode());
        assertThat(new LinkedHashMap<>(map)).isEqualTo(model);
        Map<String, Object> visited = new LinkedHashMap<>();
        map.forEach(visited::put);
        assertThat(visited).isEqualTo(model);
        model.forEach((name, value) -> assertThat(map.get(name)).isEqualTo(value));
        assertThat(map.containsKey("never there")).isFalse();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(names(), Arbitraries.integers().between(0, 9).injectNull(0.3))
                .as(Step::new)
                .list()
                .ofMaxSize(150);
    }

    /** Few enough to come again, and many whose hashes are equal to the last bit. */
    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> usual = Arbitraries.integers().between(0, 60).map(i -> "n" + i);
        Arbitrary<String> colliding =
                Arbitraries.of("Aa", "BB").list().ofSize(4).map(parts -> String.join("", parts));
        return Arbitraries.oneOf(usual, colliding);
    }
}
