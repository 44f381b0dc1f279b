package dev.tributary.conformance;

import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import dev.tributary.testkit.simulation.ForwardingEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Wrong transports and engines that come again too early, too late, never, or for nothing. */
final class RetryMutants {

    private RetryMutants() {}

    static List<Mutant> transports() {
        return List.of(
                Mutant.of("takes every end for a normal one", Law.WAITS_FIRST).session(() -> new BentSession() {
                    @Override
                    void end(Output out, Ending ending) {
                        out.end(ending.kind() == Ending.Kind.RETRY ? Ending.proceed() : ending);
                    }
                }),
                Mutant.of("asks for an hour of patience", Law.WAITS_IN_BOUNDS).session(() -> new BentSession() {
                    @Override
                    void end(Output out, Ending ending) {
                        Throwable reason = ending.reason();
                        out.end(reason == null ? ending : Ending.retry(reason, Duration.ofHours(1)));
                    }
                }),
                Mutant.of("does not hear when to come again", Law.COMES_LATER).session(() -> new BentSession() {
                    @Override
                    void end(Output out, Ending ending) {
                        out.end(ending.after(Duration.ZERO));
                    }
                }),
                Mutant.of("gives up after five attempts", Law.KEEPS_TRYING).session(() -> new BentSession() {
                    @Override
                    public void subscribe(Subscription subscription, Output out) {
                        if (number < 6) {
                            super.subscribe(subscription, out);
                        }
                    }
                }),
                Mutant.of("goes around in circles", Law.RESTS).onlyItsLaw().session(() -> new BentSession() {
                    @Override
                    public void subscribe(Subscription subscription, Output out) {
                        super.subscribe(subscription, out);
                        out.timer("again", Duration.ZERO, Duration.ZERO);
                    }

                    @Override
                    public void timer(Object tag, Output out) {
                        out.timer("again", Duration.ZERO, Duration.ZERO);
                    }
                }),
                Mutant.of("fails the whole session for one query", Law.REFUSAL_HARMS_NO_OTHER)
                        .session(() -> new BentSession() {
                            @Override
                            void end(Output out, Subscription subscription, Ending ending, @Nullable Object carry) {
                                if (ending.kind() == Ending.Kind.REJECTED) {
                                    out.end(ending);
                                } else {
                                    out.end(subscription, ending, carry);
                                }
                            }
                        }),
                Mutant.of("asks again and again for what was refused", Law.REFUSED_QUERY_FAILS)
                        .session(() -> new BentSession() {
                            @Override
                            void end(Output out, Subscription subscription, Ending ending, @Nullable Object carry) {
                                Throwable reason = ending.reason();
                                boolean refused = ending.kind() == Ending.Kind.REJECTED && reason != null;
                                out.end(subscription, refused ? Ending.retry(reason) : ending, carry);
                            }
                        }));
    }

    static List<Mutant> engines() {
        return List.of(
                Mutant.of("tries again after half of the wait", Law.ANNOUNCED_WAITS)
                        .environment(right -> new ForwardingEnvironment(right) {
                            @Override
                            public Timer schedule(Runnable task, long delayNanos) {
                                return super.schedule(task, delayNanos / 2);
                            }
                        }),
                Mutant.of("has no jitter", Law.JITTER).environment(right -> new ForwardingEnvironment(right) {
                    @Override
                    public RandomGenerator random() {
                        return new SplittableRandom(42);
                    }
                }),
                Mutant.of("ignores retryNow", Law.RETRY_NOW).source(right -> new BentSource(right) {
                    @Override
                    public void retryNow() {}
                }),
                Mutant.of("counts the budget of each source alone", Law.BUDGET)
                        .environment(right -> new ForwardingEnvironment(right)));
    }
}
