package dev.tributary.engine;

import dev.tributary.Phase;
import dev.tributary.Row;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZJ_Result;

/** Readers beside commits: L2, L3 and L5. */
public final class ReaderStress {

    private ReaderStress() {}

    /** All rows of a snapshot are of one commit. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "before the commit")
    @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "after it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "half a commit")
    @State
    public static class SnapshotIsWhole {
        private final Sight sight = new Sight();

        @Actor
        public void commit() {
            sight.commit(2);
        }

        @Actor
        public void read(JJ_Result r) {
            RowSnapshot<Row> snapshot = sight.snapshot();
            r.r1 = value(snapshot.get(1L));
            r.r2 = value(snapshot.get(2L));
        }

        private static long value(@Nullable Row row) {
            Long value = row == null ? null : row.getLong("value");
            return value == null ? -1 : value;
        }
    }

    /** Of two reads the second is never older. */
    @JCStressTest
    @Outcome(
            id = {"1, 1", "1, 2", "1, 3", "2, 2", "2, 3", "3, 3"},
            expect = Expect.ACCEPTABLE,
            desc = "in order")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a version went back, or rows of another")
    @State
    public static class VersionsNeverGoBack {
        private final Sight sight = new Sight();

        @Actor
        public void commit() {
            sight.commit(2);
            sight.commit(3);
        }

        @Actor
        public void read(JJ_Result r) {
            r.r1 = Sight.number(sight.core.state());
            r.r2 = Sight.number(sight.core.state());
        }
    }

    /** Two views of one cell at one instant, as {@code source.snapshot()} takes it. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "before the commit")
    @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "after it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "one view before, the other after")
    @State
    public static class TwoViewsAtOneInstant {
        private final StateCell cell = new StateCell();
        private final Sight one = new Sight(cell);
        private final Sight two = new Sight(cell);

        @Actor
        public void commit() {
            RowCommit first = one.close(2);
            RowCommit second = two.close(2);
            cell.set(Map.of(one.core.slot(), first.after(), two.core.slot(), second.after()));
            one.core.announce(first);
            two.core.announce(second);
        }

        @Actor
        public void read(JJ_Result r) {
            StateCell.Held[] instant = cell.all();
            r.r1 = Sight.number(one.core.stateAt(instant));
            r.r2 = Sight.number(two.core.stateAt(instant));
        }
    }

    /** A view that enters a cell while another commits takes nothing from it. */
    @JCStressTest
    @Outcome(
            id = {"1, 1", "2, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "each has its own")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a state was lost or is another's")
    @State
    public static class NewViewBesideCommit {
        private final StateCell cell = new StateCell();
        private final Sight old = new Sight(cell);

        @Actor
        public void commit() {
            old.commit(2);
        }

        @Actor
        public void enter(JJ_Result r) {
            Sight young = new Sight(cell);
            r.r1 = Sight.number(old.core.state());
            r.r2 = Sight.number(young.core.state());
        }
    }

    /** Who reads a view that leaves its cell finds its last rows, whoever has its slot by then. */
    @JCStressTest
    @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "its own rows")
    @Outcome(expect = Expect.FORBIDDEN, desc = "nothing, or another's rows")
    @State
    public static class RowsOfAViewThatLeft {
        private final StateCell cell = new StateCell();
        private final Sight sight = new Sight(cell);

        public RowsOfAViewThatLeft() {
            sight.commit(2);
        }

        @Actor
        public void leave() {
            sight.core.leaveCell();
            new Sight(cell);
        }

        @Actor
        public void read(JJ_Result r) {
            r.r1 = Sight.number(sight.core.state());
            r.r2 = Sight.number(sight.core.stateAt(cell.all()));
        }
    }

    /** A status that says live is never ahead of the rows that made it so. */
    @JCStressTest
    @Outcome(
            id = {"false, 1", "false, 2", "true, 2"},
            expect = Expect.ACCEPTABLE,
            desc = "the rows are there")
    @Outcome(expect = Expect.FORBIDDEN, desc = "live without its rows")
    @State
    public static class LiveIsNeverAheadOfRows {
        private final Sight sight = new Sight();

        @Actor
        public void commit() {
            sight.commit(2);
            sight.phase(Phase.LIVE);
        }

        @Actor
        public void read(ZJ_Result r) {
            r.r1 = sight.core.status().phase() == Phase.LIVE;
            r.r2 = Sight.number(sight.core.state());
        }
    }

    /** Nothing follows on the end of a view. */
    @JCStressTest
    @Outcome(
            id = {"LOADING, CLOSED", "LIVE, CLOSED", "CLOSED, CLOSED"},
            expect = Expect.ACCEPTABLE,
            desc = "it stays closed")
    @Outcome(expect = Expect.FORBIDDEN, desc = "it came back")
    @State
    public static class ClosedIsTheLastStatus {
        private final Sight sight = new Sight();

        @Actor
        public void live() {
            sight.phase(Phase.LIVE);
        }

        @Actor
        public void close(LL_Result r) {
            r.r1 = sight.core.status().phase();
            sight.phase(Phase.CLOSED);
            r.r2 = sight.core.status().phase();
        }

        @Arbiter
        public void after(LL_Result r) {
            r.r2 = sight.core.status().phase();
        }
    }
}
