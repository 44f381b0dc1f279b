package dev.tributary.engine;

import dev.tributary.Phase;
import dev.tributary.Registration;
import dev.tributary.Row;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.IJ_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * Listeners that come and go beside commits: L4, L11 and L12. They run on whichever thread comes by, so that calls would
 * meet if they could.
 */
public final class ListenerStress {

    private ListenerStress() {}

    /** The first commit that a listener hears, and those after it, make what the view holds. */
    @JCStressTest
    @Outcome(
            id = {"1, 3", "2, 3", "3, 3"},
            expect = Expect.ACCEPTABLE,
            desc = "it heard everything once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a commit was lost, came twice or did not follow")
    @State
    public static class FirstCommitAndThoseAfterIt {
        private final Sight sight = new Sight();
        private final Sight.Ear ear = new Sight.Ear();

        @Actor
        public void commit() {
            sight.commit(2);
            sight.commit(3);
        }

        @Actor
        public void listen() {
            sight.core.add(sight.listener(ear, Runnable::run));
        }

        @Arbiter
        public void after(IJ_Result r) {
            r.r1 = ear.commits;
            r.r2 = ear.number;
        }
    }

    /** The same where the commit was made visible with others, before it is told. */
    @JCStressTest
    @Outcome(
            id = {"1, 2", "2, 2"},
            expect = Expect.ACCEPTABLE,
            desc = "it heard everything once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a commit was lost, came twice or did not follow")
    @State
    public static class RegistrationBetweenVisibleAndTold {
        private final Sight sight = new Sight();
        private final Sight.Ear ear = new Sight.Ear();

        @Actor
        public void commit() {
            RowCommit commit = sight.close(2);
            sight.core.cell().set(sight.core.slot(), commit.after());
            sight.core.announce(commit);
        }

        @Actor
        public void listen() {
            sight.core.add(sight.listener(ear, Runnable::run));
        }

        @Arbiter
        public void after(IJ_Result r) {
            r.r1 = ear.commits;
            r.r2 = ear.number;
        }
    }

    /** Two threads bring work to one listener: each commit is heard once, by one of them. */
    @JCStressTest
    @Outcome(id = "3, 3", expect = Expect.ACCEPTABLE, desc = "one call at a time")
    @Outcome(expect = Expect.FORBIDDEN, desc = "calls met, or one was lost")
    @State
    public static class CallsComeOneAtATime {
        private final Sight sight = new Sight();
        private final Sight.Ear ear = new Sight.Ear();

        public CallsComeOneAtATime() {
            sight.core.add(sight.listener(ear, Runnable::run));
        }

        @Actor
        public void commit() {
            sight.commit(2);
            sight.commit(3);
        }

        @Actor
        public void status() {
            sight.phase(Phase.LIVE);
        }

        @Arbiter
        public void after(IJ_Result r) {
            r.r1 = ear.commits;
            r.r2 = ear.number;
        }
    }

    /** Once closed, a listener hears nothing that is committed later. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "1, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "nothing after the close")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "a call was on its way when it was closed")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a call after the close")
    @State
    public static class CloseBesideCommit {
        private final Sight sight = new Sight();
        private final Sight.Ear ear = new Sight.Ear();
        private final Registration registration;

        public CloseBesideCommit() {
            ListenerQueue<Row> queue = sight.listener(ear, Runnable::run);
            sight.core.add(queue);
            registration = queue;
            ear.commits = 0;
        }

        @Actor
        public void commit() {
            sight.commit(2);
        }

        @Actor
        public void close() {
            registration.close();
            ear.closed = true;
        }

        @Arbiter
        public void after(II_Result r) {
            sight.commit(3);
            sight.phase(Phase.STALE);
            r.r1 = ear.commits;
            r.r2 = ear.afterwards;
        }
    }

    /** Who waits for a view to be up to date is told, whether it became so before or after. */
    @JCStressTest
    @Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "told")
    @Outcome(expect = Expect.FORBIDDEN, desc = "left waiting")
    @State
    public static class WaitingForLive {
        private final Sight sight = new Sight();
        private volatile CompletableFuture<Void> waiting = new CompletableFuture<>();

        @Actor
        public void live() {
            sight.phase(Phase.LIVE);
        }

        @Actor
        public void await() {
            waiting = sight.core.upToDate();
        }

        @Arbiter
        public void after(L_Result r) {
            r.r1 = waiting.isDone();
        }
    }

    /** The end of a view leaves nobody waiting either. */
    @JCStressTest
    @Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "told")
    @Outcome(expect = Expect.FORBIDDEN, desc = "left waiting")
    @State
    public static class WaitingForAViewThatCloses {
        private final Sight sight = new Sight();
        private volatile CompletableFuture<Void> waiting = new CompletableFuture<>();

        @Actor
        public void close() {
            sight.phase(Phase.CLOSED);
        }

        @Actor
        public void await() {
            waiting = sight.core.upToDate();
        }

        @Arbiter
        public void after(L_Result r) {
            r.r1 = waiting.isCompletedExceptionally();
        }
    }

    /** A commit that waits for demand is delivered by whoever comes second. */
    @JCStressTest
    @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "delivered once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "left behind, or without demand")
    @State
    public static class DemandBesideCommit {
        private final Sight sight = new Sight();
        private final Sight.Ear ear = new Sight.Ear();
        private final ListenerQueue<Row> queue =
                sight.listener(ear, Runnable::run).onDemand();

        public DemandBesideCommit() {
            sight.core.add(queue);
            queue.request(1);
        }

        @Actor
        public void commit() {
            sight.commit(2);
        }

        @Actor
        public void request() {
            queue.request(1);
        }

        @Arbiter
        public void after(IJ_Result r) {
            r.r1 = ear.commits;
            r.r2 = ear.number;
        }
    }
}
