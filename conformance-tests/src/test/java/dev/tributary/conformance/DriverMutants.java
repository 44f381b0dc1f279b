package dev.tributary.conformance;

import dev.tributary.Capability;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** Wrong drivers: they promise what they do not have, hide what they have, throw, block, lie. */
final class DriverMutants {

    private DriverMutants() {}

    static List<Mutant> plain() {
        return List.of(
                Mutant.of("a driver claims what its transport does not have", Law.DECLARED_CAN_BE_REQUIRED)
                        .claims(Capability.PARTIAL_UPDATES),
                Mutant.of("a driver denies what its transport has", Law.UNDECLARED_IS_REFUSED)
                        .denies(Capability.EVENTS),
                Mutant.of("a driver is LOSSLESS and has the fault LOSE", Law.LOSSLESS_HAS_NO_LOSS)
                        .lossy()
                        .claims(Capability.LOSSLESS),
                Mutant.of("a driver throws", Law.DRIVER_THROWS_NOTHING).world(world -> new BentWorld(world) {
                    @Override
                    public void inject(Fault fault) {
                        throw new UnsupportedOperationException("no faults today");
                    }
                }),
                Mutant.of("a driver throws when it reads a row", Law.DRIVER_THROWS_NOTHING)
                        .world(world -> new BentWorld(world) {
                            @Override
                            public Map<Integer, Integer> entriesOf(dev.tributary.Row row) {
                                throw new ClassCastException("no number");
                            }
                        }),
                Mutant.of("a driver blocks", Law.DRIVER_RETURNS).onlyItsLaw().world(world -> new BentWorld(world) {
                    @Override
                    public void apply(Operation operation) {
                        await();
                    }
                }),
                Mutant.of("a driver never comes to an end", Law.DRIVER_RETURNS)
                        .onlyItsLaw()
                        .world(world -> new BentWorld(world) {
                            private volatile boolean goesOn = true;

                            @Override
                            public void inject(Fault fault) {
                                while (goesOn) {
                                    goesOn = !Thread.currentThread().isInterrupted();
                                    Thread.onSpinWait();
                                }
                            }
                        }),
                Mutant.of("a driver has one query", Law.DRIVER_IS_COMPLETE).world(world -> new BentWorld(world) {
                    @Override
                    public List<String> queries() {
                        return super.queries().subList(0, 1);
                    }
                }),
                Mutant.of("a driver gives no history", Law.DRIVER_IS_COMPLETE).world(world -> new BentWorld(world) {
                    @Override
                    public List<SortedMap<Integer, Integer>> history(String query) {
                        return null;
                    }
                }),
                Mutant.of("a driver remembers no state but the first", Law.DRIVER_TELLS_THE_TRUTH)
                        .world(world -> new BentWorld(world) {
                            @Override
                            public List<SortedMap<Integer, Integer>> history(String query) {
                                return super.history(query).subList(0, 1);
                            }
                        }),
                Mutant.of("a driver does nothing and says so", Law.DRIVER_TELLS_THE_TRUTH)
                        .world(world -> new BentWorld(world) {
                            @Override
                            public void apply(Operation operation) {}

                            @Override
                            public SortedMap<Integer, Integer> truth(String query) {
                                return Collections.unmodifiableSortedMap(new TreeMap<>());
                            }
                        }),
                Mutant.of("a driver's server never answers", Law.COMES_BACK).world(world -> new BentWorld(world) {
                    {
                        right.inject(Fault.SILENCE);
                    }

                    @Override
                    public void heal() {}
                }),
                Mutant.of("a driver leaves a thread behind", Law.NO_THREAD_IS_LEFT)
                        .onlyItsLaw()
                        .world(world -> new BentWorld(world) {
                            @Override
                            public void close() {
                                Thread thread = new Thread(DriverMutants::await, "a thread of the driver");
                                thread.setDaemon(true);
                                thread.start();
                                super.close();
                            }
                        }));
    }

    private static void await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
