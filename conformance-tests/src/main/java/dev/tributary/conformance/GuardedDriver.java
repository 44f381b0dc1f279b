package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.SourceBuilder;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import java.util.Set;
import java.util.function.Supplier;

/** A driver as the laws use it: what it throws, or gives wrongly, is told as a broken promise of the driver. */
final class GuardedDriver implements TransportDriver, SourceOpening {

    private final TransportDriver driver;
    private final Set<Capability> capabilities;
    private final Set<Fault> faults;

    private GuardedDriver(TransportDriver driver, Set<Capability> capabilities, Set<Fault> faults) {
        this.driver = driver;
        this.capabilities = capabilities;
        this.faults = faults;
    }

    static GuardedDriver of(TransportDriver driver) {
        return new GuardedDriver(
                driver,
                guard("TransportDriver.capabilities", driver::capabilities),
                guard("TransportDriver.faults", driver::faults));
    }

    /** Runs what is the driver's; laws that break in it pass through. */
    static <T> T guard(String call, Supplier<T> body) {
        T result;
        try {
            result = body.get();
        } catch (BrokenLaw e) {
            throw e;
        } catch (RuntimeException | Error e) {
            String message = String.valueOf(e.getMessage());
            if (e instanceof IllegalStateException && message.startsWith("no rest after")) {
                throw Law.RESTS.brokenBy(message, e);
            }
            throw Law.DRIVER_THROWS_NOTHING.brokenBy(call + " threw " + e, e);
        }
        Law.DRIVER_IS_COMPLETE.holdsIf(result != null, call + " gave null");
        return result;
    }

    static void guard(String call, Runnable body) {
        guard(call, () -> {
            body.run();
            return call;
        });
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public Set<Fault> faults() {
        return faults;
    }

    @Override
    public World newWorld(long seed) {
        return GuardedWorld.of(guard("TransportDriver.newWorld", () -> driver.newWorld(seed)));
    }

    @Override
    public boolean programsWrite() {
        return driver.programsWrite();
    }

    @Override
    public int programs(int wanted) {
        return driver.programs(wanted);
    }

    @Override
    public SyncSource open(SourceBuilder builder, SourceListener watching) {
        return SourceOpening.of(driver).open(builder, watching);
    }
}
