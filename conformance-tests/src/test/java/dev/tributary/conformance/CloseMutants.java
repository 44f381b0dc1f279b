package dev.tributary.conformance;

import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.ViewListener;
import dev.tributary.spi.Environment;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Target;
import dev.tributary.spi.WireProvider;
import dev.tributary.spi.Wires;
import dev.tributary.testkit.simulation.ForwardingEnvironment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Wrong engines that leave something behind, or go on, when they are closed. */
final class CloseMutants {

    private CloseMutants() {}

    static List<Mutant> plain() {
        return List.of(
                Mutant.of("does not close its wires", Law.CLOSE_ENDS_WIRES).wires(Unclosed::new),
                Mutant.of("cancels no timer", Law.CLOSE_LEAVES_NOTHING)
                        .environment(right -> new ForwardingEnvironment(right) {
                            @Override
                            public Timer schedule(Runnable task, long delayNanos) {
                                super.schedule(task, delayNanos);
                                return () -> {};
                            }
                        }),
                Mutant.of("ignores a close from inside a listener", Law.CLOSE_IN_LISTENER)
                        .view((source, view) -> new BentView<>(source, view) {
                            private boolean within;

                            @Override
                            ViewListener<Row> bend(ViewListener<? super Row> listener) {
                                return new BentListener<>(listener) {
                                    @Override
                                    public void onCommit(Commit<Row> commit) {
                                        within = true;
                                        tell(commit);
                                        within = false;
                                    }
                                };
                            }

                            @Override
                            public void close() {
                                if (!within) {
                                    super.close();
                                }
                            }
                        }),
                Mutant.of("forgets the futures that wait", Law.FUTURES_END)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public CompletableFuture<MaterializedView<Row>> upToDate() {
                                CompletableFuture<MaterializedView<Row>> shown = new CompletableFuture<>();
                                super.upToDate().thenAccept(shown::complete);
                                return shown;
                            }
                        }),
                Mutant.of("gives a view of a closed source", Law.CLOSED_REFUSES).source(right -> new BentSource(right) {
                    private boolean closed;

                    @Override
                    public MaterializedView<Row> materialize(String query) {
                        return closed ? rows(views.get(0)) : super.materialize(query);
                    }

                    @Override
                    public void close() {
                        closed = true;
                        super.close();
                    }
                }),
                Mutant.of("keeps the subscription when the last view closes", Law.LAST_VIEW_RELEASES)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public void close() {}
                        }),
                Mutant.of("leaves a thread behind", Law.NO_THREAD_IS_LEFT)
                        .onlyItsLaw()
                        .source(right -> new BentSource(right) {
                            @Override
                            public void close() {
                                super.close();
                                Thread thread = new Thread(CloseMutants::waitForEver, "a thread that is left");
                                thread.setDaemon(true);
                                thread.start();
                            }
                        }));
    }

    @SuppressWarnings("unchecked")
    private static MaterializedView<Row> rows(BentView<?> view) {
        return (MaterializedView<Row>) view;
    }

    private static void waitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Wires that stay open. */
    private record Unclosed(WireProvider right) implements WireProvider {

        @Override
        public Set<String> schemes() {
            return right.schemes();
        }

        @Override
        public Wires wires(dev.tributary.Options options, Environment environment) {
            Wires wires = right.wires(options, environment);
            return new Wires() {
                @Override
                public Connection open(Target target, Listener listener) {
                    Connection connection = wires.open(target, listener);
                    return new Connection() {
                        @Override
                        public void request(int pieces) {
                            connection.request(pieces);
                        }

                        @Override
                        public boolean send(Protocol.DataKind kind, ByteBuffer bytes) {
                            return connection.send(kind, bytes);
                        }

                        @Override
                        public void close(int code, String reason) {}
                    };
                }

                @Override
                public void close() {}
            };
        }
    }
}
