package dev.tributary.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Random;
import java.util.Timer;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

/** The layers: imports point down only, and only their owners touch time, threads and randomness. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.tributary");

    private static final String[] TRANSPORTS = {
        "dev.tributary.electric..", "dev.tributary.sodp..", "dev.tributary.driftdb..", "dev.tributary.spacetimedb.."
    };
    private static final String[] WIRES = {"dev.tributary.http..", "dev.tributary.websocket.."};

    @Test
    void nothingOutsideTheApiSeesTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.tributary", "dev.tributary.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.tributary.engine..")
                .check(CLASSES);
    }

    @Test
    void theApiDependsOnTheJdkAlone() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.tributary", "dev.tributary.spi", "dev.tributary.engine")
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(
                        "java..", "org.jspecify..", "dev.tributary", "dev.tributary.spi", "dev.tributary.engine")))
                .check(CLASSES);
    }

    @Test
    void wiresKnowNoTransport() {
        noClasses()
                .that()
                .resideInAnyPackage(WIRES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(TRANSPORTS)
                .check(CLASSES);
    }

    @Test
    void transportsNeverImportEachOther() {
        for (String transport : TRANSPORTS) {
            String[] others = Arrays.stream(TRANSPORTS)
                    .filter(other -> !other.equals(transport))
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(transport)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(CLASSES);
        }
    }

    @Test
    void protocolsDoNoIo() {
        noClasses()
                .that()
                .resideInAnyPackage(TRANSPORTS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "java.nio.channels..", "java.nio.file..", "org.java_websocket..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES
                        // The builder passes a client on; it does not use it.
                        .that(not(com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching(
                        ".*ElectricSourceBuilder"))));
    }

    @Test
    void timeAndRandomnessHaveOwners() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.tributary",
                        "dev.tributary.spi",
                        "dev.tributary.engine",
                        "dev.tributary.http..",
                        "dev.tributary.websocket..")
                .and()
                .doNotHaveSimpleName("SharedEnvironment")
                .and()
                // Its superclass hands it a source of randomness, which it ignores.
                .doNotHaveSimpleName("NoTls")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Timer.class)
                .check(CLASSES);
    }

    @Test
    void nobodySleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .check(CLASSES);
    }

    @Test
    void threadsAreMadeInThreadFactoriesOnly() {
        noClasses()
                .that()
                .areNotAssignableTo(ThreadFactory.class)
                .and()
                .haveNameNotMatching(".*SharedEnvironment.*")
                .and()
                .resideOutsideOfPackages(
                        "dev.tributary.testkit..",
                        "dev.tributary.cli..",
                        "dev.tributary.http..",
                        "dev.tributary.websocket..")
                .should()
                .callConstructor(Thread.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class, String.class)
                .check(CLASSES);
    }
}
