package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tributary.conformance.BrokenLaw;
import dev.tributary.conformance.Law;
import dev.tributary.conformance.TransportSimulation;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.Tag;

/** The laws notice a client that a stale cache leads back to a log that is gone. */
class StaleCacheTest {

    @Example
    @Tag("E28")
    @Tag("L2")
    void whoAsksForADeadLogAsBeforeGoesBack() {
        ElectricDriver driver = ElectricDriver.behindACacheThatIgnores(Set.of("cache-buster", "expired_handle"));
        TransportSimulation simulation = () -> driver;
        Throwable found = catchThrowable(simulation::manySteps);
        assertThat(found).hasCauseInstanceOf(BrokenLaw.class);
        assertThat(((BrokenLaw) found.getCause()).law()).isIn(Law.SERVER_ORDER, Law.RESET_SHOWS_ROWS);
    }
}
