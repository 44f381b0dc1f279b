package dev.tributary.conformance;

import dev.tributary.OutcomeUnknownException;
import dev.tributary.RejectedException;
import dev.tributary.SyncSource;
import dev.tributary.spi.Call;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Wire;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Wrong transports and engines that lose writes, do them twice, or lie about their outcome. */
final class WriteMutants {

    private WriteMutants() {}

    /** Transports that look right in every situation that an example shows. */
    static List<Mutant> subtle() {
        return List.of(
                Mutant.of("sends a write again that was under way when the source was paused", Law.UNKNOWN_IS_DONE_ONCE)
                        .writing()
                        .sessions(() -> {
                            Set<Call> unanswered = new LinkedHashSet<>();
                            return () -> new SendingAgain(unanswered) {
                                private final Set<Call> waiting = new LinkedHashSet<>();

                                @Override
                                void sent(Output out, Call call) {
                                    waiting.add(call);
                                    out.sent(call);
                                }

                                @Override
                                void reply(Output out, Call call, @Nullable Object result) {
                                    waiting.remove(call);
                                    super.reply(out, call, result);
                                }

                                @Override
                                public void unsubscribe(Subscription subscription, Output out) {
                                    unanswered.addAll(waiting);
                                    super.unsubscribe(subscription, out);
                                }
                            };
                        }),
                Mutant.of("sends writes again when several were not answered", Law.UNKNOWN_IS_DONE_ONCE)
                        .writing()
                        .sessions(() -> {
                            Set<Call> unanswered = new LinkedHashSet<>();
                            return () -> new SendingAgain(unanswered) {
                                @Override
                                public void opened(Wire wire, Head head, Output out) {
                                    if (unanswered.size() == 1) {
                                        unanswered.clear();
                                    }
                                    super.opened(wire, head, out);
                                }
                            };
                        }));
    }

    static List<Mutant> transports() {
        return List.of(
                Mutant.of("says that a write is done when it was sent", Law.DONE_IS_DONE)
                        .writing()
                        .session(() -> new BentSession() {
                            @Override
                            void sent(Output out, Call call) {
                                out.sent(call);
                                out.reply(call, null);
                            }

                            @Override
                            void reply(Output out, Call call, @Nullable Object result) {}
                        }),
                Mutant.of("never says that a write was sent", Law.DONE_IS_DONE)
                        .writing()
                        .session(() -> new BentSession() {
                            @Override
                            void sent(Output out, Call call) {}
                        }),
                Mutant.of("sends a write again that the last session had sent", Law.UNKNOWN_IS_DONE_ONCE)
                        .writing()
                        .sessions(() -> {
                            Set<Call> unanswered = new LinkedHashSet<>();
                            return () -> new SendingAgain(unanswered);
                        }),
                Mutant.of("says that a write was refused when its connection broke", Law.FAILED_IS_NOT_DONE)
                        .writing()
                        .session(() -> new BentSession() {
                            private final Set<Call> waiting = new HashSet<>();

                            @Override
                            void sent(Output out, Call call) {
                                waiting.add(call);
                                out.sent(call);
                            }

                            @Override
                            void reply(Output out, Call call, @Nullable Object result) {
                                waiting.remove(call);
                                out.reply(call, result);
                            }

                            @Override
                            public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
                                if (!last) {
                                    waiting.forEach(call -> out.refuse(call, new RejectedException("it broke")));
                                }
                                super.data(wire, kind, bytes, last, out);
                            }
                        }),
                Mutant.of("never hears that a write was done", Law.WRITES_SUCCEED)
                        .writing()
                        .session(() -> new BentSession() {
                            @Override
                            public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
                                // The answer to a write is five bytes that begin with its tag.
                                if (bytes.remaining() != 5 || bytes.get(bytes.position()) != 101) {
                                    super.data(wire, kind, bytes, last, out);
                                }
                            }
                        }),
                Mutant.of("answers a write that it does not send", Law.WRITES_ARE_SEEN)
                        .writing()
                        .session(() -> new BentSession() {
                            @Override
                            public void call(Call call, Output out) {
                                out.sent(call);
                                out.reply(call, Collections.emptyList());
                            }
                        }));
    }

    static List<Mutant> engines() {
        return List.of(
                Mutant.of("lets a write wait for ever", Law.WRITES_END)
                        .writing()
                        .source(right -> calls(right, false)),
                Mutant.of("forgets a write when it closes", Law.CLOSE_ENDS_WRITES)
                        .writing()
                        .source(right -> calls(right, true)),
                Mutant.of("takes each write for one that may be repeated", Law.DONE_IS_DONE)
                        .writing()
                        .source(right -> new BentCalls(right) {
                            @Override
                            CompletableFuture<?> call(
                                    Calls calls, Object request, Duration deadline, Delivery delivery) {
                                return calls.call(request, deadline, Delivery.REPEATABLE);
                            }
                        }),
                Mutant.of("hands a write to the next session whose outcome is unknown", Law.UNKNOWN_IS_DONE_ONCE)
                        .writing()
                        .source(right -> new BentCalls(right) {
                            @Override
                            CompletableFuture<?> call(
                                    Calls calls, Object request, Duration deadline, Delivery delivery) {
                                CompletableFuture<?> future = calls.call(request, deadline, delivery);
                                future.whenComplete((result, failure) -> {
                                    if (failure instanceof OutcomeUnknownException) {
                                        calls.call(request, deadline, delivery);
                                    }
                                });
                                return future;
                            }
                        }));
    }

    /** A new session sends the calls that another one of its world had sent and heard nothing of. */
    private static class SendingAgain extends BentSession {

        final Set<Call> unanswered;

        SendingAgain(Set<Call> unanswered) {
            this.unanswered = unanswered;
        }

        @Override
        void sent(Output out, Call call) {
            unanswered.add(call);
            out.sent(call);
        }

        @Override
        void reply(Output out, Call call, @Nullable Object result) {
            unanswered.remove(call);
            out.reply(call, result);
        }

        @Override
        public void opened(Wire wire, Head head, Output out) {
            List.copyOf(unanswered).forEach(call -> call(call, out));
            super.opened(wire, head, out);
        }
    }

    /** A source whose writes do not end when they fail, or not when it is closed. */
    private static SyncSource calls(SyncSource right, boolean onlyAtTheClose) {
        return new BentCalls(right) {
            private boolean closed;

            @Override
            CompletableFuture<?> call(Calls calls, Object request, Duration deadline, Delivery delivery) {
                CompletableFuture<?> future = calls.call(request, deadline, delivery);
                CompletableFuture<Object> shown = new CompletableFuture<>();
                future.whenComplete((result, failure) -> {
                    if (failure == null) {
                        shown.complete(result);
                    } else if (onlyAtTheClose && !closed) {
                        shown.completeExceptionally(failure);
                    }
                });
                return shown;
            }

            @Override
            public void close() {
                closed = true;
                super.close();
            }
        };
    }

    /** A source whose writes are bent. */
    private abstract static class BentCalls extends BentSource {

        BentCalls(SyncSource right) {
            super(right);
        }

        abstract CompletableFuture<?> call(Calls calls, Object request, Duration deadline, Delivery delivery);

        @Override
        public <T> T unwrap(Class<T> type) {
            T unwrapped = super.unwrap(type);
            if (!(unwrapped instanceof Calls calls)) {
                return unwrapped;
            }
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, args) -> call(calls, args[0], (Duration) args[1], (Delivery) args[2])));
        }
    }
}
