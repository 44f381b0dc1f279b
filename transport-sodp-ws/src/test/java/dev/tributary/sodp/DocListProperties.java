package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Arrays of documents against lists of the JDK. */
class DocListProperties {

    enum Kind {
        INSERT,
        SET,
        REMOVE,
        APPEND
    }

    record Step(Kind kind, double place, int value) {}

    @Property(tries = 400)
    @Tag("S25")
    void isTheListThatItsStepsMakeAndLeavesEarlierOnesAlone(
            @ForAll("steps") List<Step> steps, @ForAll("sizes") int size) {
        List<Object> model = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            model.add(i);
        }
        DocList list = DocList.of(model.toArray(), size);
        List<DocList> versions = new ArrayList<>();
        List<List<Object>> models = new ArrayList<>();
        for (Step step : steps) {
            list = apply(step, list, model);
            versions.add(list);
            models.add(List.copyOf(model));
        }
        for (int i = 0; i < versions.size(); i++) {
            assertThat(versions.get(i)).isEqualTo(models.get(i));
            assertThat(new ArrayList<>(versions.get(i))).isEqualTo(models.get(i));
        }
        for (int i = 0; i < model.size(); i++) {
            assertThat(list.get(i)).isEqualTo(model.get(i));
        }
        assertThat(list.hashCode()).isEqualTo(model.hashCode());
    }

    private static DocList apply(Step step, DocList list, List<Object> model) {
        int size = model.size();
        switch (step.kind()) {
            case INSERT -> {
                int at = (int) (step.place() * (size + 1));
                model.add(at, step.value());
                return list.inserted(at, step.value());
            }
            case APPEND -> {
                model.add(step.value());
                return list.appended(step.value());
            }
            default -> {
                if (size == 0) {
                    return list;
                }
                int at = (int) (step.place() * size);
                if (step.kind() == Kind.SET) {
                    model.set(at, step.value());
                    return list.with(at, step.value());
                }
                model.remove(at);
                return list.without(at);
            }
        }
    }

    @Example
    @Tag("S25")
    void aLogThatLosesItsFirstForEachNewOneStaysFlat() {
        DocList list = DocList.EMPTY;
        for (int i = 0; i < 50_000; i++) {
            list = list.appended(i);
            if (list.size() > 1000) {
                list = list.without(0);
            }
        }
        assertThat(list).hasSize(1000);
        assertThat(list.get(0)).isEqualTo(49_000);
        assertThat(list.get(999)).isEqualTo(49_999);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.doubles().between(0, 0.99),
                        Arbitraries.integers().between(0, 9))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.of(0, 1, 31, 32, 33, 64, 100, 500);
    }
}
