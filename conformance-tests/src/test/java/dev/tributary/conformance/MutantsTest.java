package dev.tributary.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Capability;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.RandomGenerator;

/**
 * The laws bite: each wrong transport, engine and driver is caught by the law that names it, and each law catches at
 * least one. The table is printed. Programs are drawn from fixed seeds, so the table is the same in each run.
 */
class MutantsTest {

    private static final int MOST_PROGRAMS = Integer.getInteger("tributary.mutants.programs", 400);
    private static final int RIGHT_PROGRAMS = 150;
    private static final int LEAST = 40;
    private static final int LEAST_SUBTLE = 25;
    /** Asks for mutants by a part of their name. */
    private static final String ONLY = System.getProperty("tributary.mutants", "");

    private static final List<Method> EXAMPLES =
            LawTests.all().stream().filter(test -> !LawTests.isProperty(test)).toList();

    /** What caught a mutant. */
    private record Caught(Mutant mutant, Set<Law> byExamples, Set<Law> byPrograms, int programs) {

        boolean isCaughtByItsLaw() {
            return byExamples.contains(mutant.law()) || byPrograms.contains(mutant.law());
        }

        boolean survivesExamples() {
            return byExamples.isEmpty() && !mutant.isOnlyForItsLaw();
        }

        private static String ids(Set<Law> laws) {
            return laws.isEmpty() ? "-" : laws.stream().map(Law::id).collect(Collectors.joining(" "));
        }

        @Override
        public String toString() {
            return "%-5s %-75s examples: %s; programs: %s%s"
                    .formatted(
                            mutant.law().id(),
                            mutant.name(),
                            ids(byExamples),
                            ids(byPrograms),
                            programs == 0 ? "" : " (" + programs + ")");
        }
    }

    @Example
    @Label("what is not bent passes all of it")
    void theRightOnesPass() {
        List<Mutant> right = List.of(
                Mutant.of("right", Law.CONVERGES),
                Mutant.of("right over a lossy server", Law.CONVERGES).lossy(),
                Mutant.of("right with writes", Law.CONVERGES).writing(),
                Mutant.of("right with partial updates", Law.CONVERGES)
                        .declares(Capability.PARTIAL_UPDATES)
                        .session(PartialSession::new),
                Mutant.of("right with views that are passed on", Law.CONVERGES).source(BentSource::new),
                Mutant.of("right in a world that is passed on", Law.CONVERGES).world(BentWorld::new));
        quietly(() -> {
            for (Mutant one : right) {
                EXAMPLES.forEach(example -> run(example, one));
                programs(one).stream().limit(RIGHT_PROGRAMS).forEach(program -> runs(one, program));
            }
            return right;
        });
    }

    @Example
    @Label("each mutant is caught by the law that names it, each law catches one, and 25 pass every example")
    void everyLawBites() {
        List<Mutant> mutants = Stream.of(
                        WriteMutants.subtle(),
                        CommitMutants.subtle(),
                        ResumeMutants.subtle(),
                        DisturbedMutants.subtle(),
                        AuditMutants.subtle(),
                        ViewMutants.subtle(),
                        CommitMutants.plain(),
                        AuditMutants.plain(),
                        RetryMutants.transports(),
                        CredentialMutants.plain(),
                        BadInputMutants.plain(),
                        CapabilityMutants.plain(),
                        WriteMutants.transports(),
                        ListenerMutants.plain(),
                        PhaseMutants.plain(),
                        RetryMutants.engines(),
                        BoundMutants.plain(),
                        CloseMutants.plain(),
                        WriteMutants.engines(),
                        SharingMutants.plain(),
                        DriverMutants.plain())
                .flatMap(List::stream)
                .filter(mutant -> mutant.name().contains(ONLY))
                .toList();
        List<Caught> table = quietly(() -> mutants.stream().map(this::tryOut).toList());
        table.stream().map(Caught::toString).forEach(System.out::println);
        byLaw(table).forEach((id, names) -> System.out.println(id + ": " + String.join("; ", names)));
        long subtle = table.stream().filter(Caught::survivesExamples).count();
        System.out.println(table.size() + " mutants, " + subtle + " of them pass every example");

        assertThat(table.stream().filter(caught -> !caught.isCaughtByItsLaw()))
                .as("mutants that their law does not catch")
                .isEmpty();
        assertThat(mutants.stream().map(Mutant::name)).doesNotHaveDuplicates();
        if (ONLY.isEmpty()) {
            assertThat(mutants).hasSizeGreaterThanOrEqualTo(LEAST);
            Set<Law> biting = mutants.stream().map(Mutant::law).collect(Collectors.toCollection(TreeSet::new));
            assertThat(Arrays.stream(Law.values()).filter(law -> !biting.contains(law)))
                    .as("laws that catch no mutant of theirs")
                    .isEmpty();
            assertThat(subtle).isGreaterThanOrEqualTo(LEAST_SUBTLE);
        }
    }

    private static void runs(Mutant right, Program program) {
        try {
            Trial.run(right, driver -> Simulation.run(driver, program));
        } catch (BrokenLaw e) {
            throw new AssertionError(right + " in " + program, e);
        }
    }

    private static Map<String, List<String>> byLaw(List<Caught> table) {
        Map<String, List<String>> names = new TreeMap<>();
        for (Caught caught : table) {
            Set<Law> all = EnumSet.noneOf(Law.class);
            all.addAll(caught.byExamples());
            all.addAll(caught.byPrograms());
            all.forEach(law -> names.computeIfAbsent(law.id(), any -> new ArrayList<>())
                    .add(caught.mutant().name()));
        }
        return names;
    }

    private Caught tryOut(Mutant mutant) {
        Set<Law> byExamples = EnumSet.noneOf(Law.class);
        Set<Law> byPrograms = EnumSet.noneOf(Law.class);
        String before = System.getProperty("tributary.patience");
        if (mutant.isOnlyForItsLaw()) {
            System.setProperty("tributary.patience", "1");
        }
        try {
            for (Method example : EXAMPLES) {
                boolean looks = LawTests.lawsOf(example).contains(mutant.law());
                if (looks || !mutant.isOnlyForItsLaw()) {
                    Law broken = broken(() -> run(example, mutant));
                    if (broken != null) {
                        byExamples.add(broken);
                    }
                }
            }
            int programs = 0;
            List<Program> drawn = byExamples.contains(mutant.law()) ? List.of() : programs(mutant);
            for (Program program : drawn) {
                programs++;
                Law broken = broken(() -> Trial.run(mutant, driver -> Simulation.run(driver, program)));
                if (broken != null) {
                    byPrograms.add(broken);
                }
                if (broken == mutant.law()) {
                    break;
                }
            }
            return new Caught(mutant, byExamples, byPrograms, programs);
        } finally {
            if (before == null) {
                System.clearProperty("tributary.patience");
            } else {
                System.setProperty("tributary.patience", before);
            }
        }
    }

    private static Law broken(Runnable test) {
        try {
            test.run();
            return null;
        } catch (BrokenLaw e) {
            if (!ONLY.isEmpty()) {
                System.out.println(e.getMessage());
            }
            return e.law();
        }
    }

    private static void run(Method example, Mutant mutant) {
        if (LawTests.lawsOf(example).get(0).notApplicable(mutant).isPresent()) {
            return;
        }
        TransportConformance laws = () -> mutant;
        try {
            example.invoke(laws);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new AssertionError(mutant + " in " + example.getName(), e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static final Map<List<Object>, List<Program>> DRAWN = new java.util.HashMap<>();

    /** That an answer is lost is the network's doing and seldom, so those that write are tried with long programs of all. */
    private static List<Program> programs(Mutant mutant) {
        return DRAWN.computeIfAbsent(List.of(mutant.faults(), mutant.isWriting()), any -> {
            SimulationRun run = new SimulationRun(mutant, false);
            RandomGenerator<Program> generator = Programs.with(mutant.faults()).generator(1000);
            Random random = new Random(1);
            return LongStream.range(0, MOST_PROGRAMS)
                    .mapToObj(seed -> mutant.isWriting()
                            ? run.program(seed)
                            : generator.next(random).value())
                    .toList();
        });
    }

    private interface Work<T> {
        T get();
    }

    /** What mutants do is logged as warnings, thousands of them. */
    private static <T> T quietly(Work<T> work) {
        Logger logger = Logger.getLogger("dev.tributary");
        Level before = logger.getLevel();
        boolean parents = logger.getUseParentHandlers();
        logger.setUseParentHandlers(false);
        try {
            return work.get();
        } finally {
            logger.setUseParentHandlers(parents);
            logger.setLevel(before);
        }
    }
}
