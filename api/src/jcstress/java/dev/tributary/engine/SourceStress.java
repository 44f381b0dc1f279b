package dev.tributary.engine;

import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Handles that are closed while the engine goes on: L12. */
public final class SourceStress {

    private SourceStress() {}

    /** A handle whose upkeep nobody does. */
    private static View<Row> view(Sight sight) {
        Executor here = Runnable::run;
        View.Upkeep nobody = new View.Upkeep() {
            @Override
            public void released() {}

            @Override
            public CompletableFuture<Void> refresh() {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public String scheme() {
                return "none";
            }
        };
        return new View<>(
                sight.core,
                row -> row,
                new ViewContext(SharedEnvironment.INSTANCE, here, failure -> {
                    throw new IllegalStateException(failure);
                }),
                nobody);
    }

    /** A future that was asked for ends, whatever comes first; the status of a closed handle says so. */
    @JCStressTest
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "it ended")
    @Outcome(expect = Expect.FORBIDDEN, desc = "left waiting")
    @State
    public static class FutureBesideClose {
        private final Sight sight = new Sight();
        private final View<Row> view = view(sight);
        private volatile CompletableFuture<MaterializedView<Row>> future = new CompletableFuture<>();

        @Actor
        public void ask() {
            future = view.upToDate();
        }

        @Actor
        public void close() {
            view.close();
        }

        @Arbiter
        public void after(ZZ_Result r) {
            r.r1 = future.isDone();
            r.r2 = view.status().phase() == Phase.CLOSED;
        }
    }

    /** A listener that comes while its handle is closed hears nothing that is committed later. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "1, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "the content at most")
    @Outcome(expect = Expect.FORBIDDEN, desc = "it went on listening")
    @State
    public static class ListenBesideClose {
        private final Sight sight = new Sight();
        private final View<Row> view = view(sight);
        private final Sight.Ear ear = new Sight.Ear();

        @Actor
        public void listen() {
            view.listen(ear);
        }

        @Actor
        public void close() {
            view.close();
        }

        @Arbiter
        public void after(II_Result r) {
            ear.closed = true;
            sight.commit(2);
            r.r1 = Math.min(1, ear.commits - ear.afterwards);
            r.r2 = ear.afterwards;
        }
    }

    /** A commit beside the close harms nobody: the rows stay readable. */
    @JCStressTest
    @Outcome(
            id = {"1, 1", "1, 2"},
            expect = Expect.ACCEPTABLE,
            desc = "the rows stand still or hold the commit")
    @Outcome(expect = Expect.FORBIDDEN, desc = "rows lost")
    @State
    public static class CloseBesideCommit {
        private final Sight sight = new Sight();
        private final View<Row> view = view(sight);

        @Actor
        public void commit() {
            sight.commit(2);
        }

        @Actor
        public void close(II_Result r) {
            view.close();
            r.r1 = view.status().phase() == Phase.CLOSED ? 1 : 0;
            r.r2 = (int) Sight.number(view.core().state());
        }
    }
}
