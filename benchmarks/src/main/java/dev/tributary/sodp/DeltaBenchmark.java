package dev.tributary.sodp;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One DELTA that changes one member of an object, from its bytes to the document after it. */
@NullMarked
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DeltaBenchmark {

    /** As many members as the object has. */
    @State(Scope.Benchmark)
    public abstract static class Sized {

        /** How many. */
        @Param("100")
        public int members;
    }

    /** The copy of this transport. */
    public static class Ours extends Sized {

        private final Decoder decoder = new Decoder();
        private @Nullable DeltaFrames frames;
        private Held state = new Held(null, 0, false);
        private long arrivals;

        /** Fills it with the whole value. */
        @Setup
        public void fill() {
            frames = new DeltaFrames(members);
            byte[] whole = frames.stateInit();
            StateInit init = StateInit.read(Frame.head(decoder, whole, 0, whole.length), decoder);
            state = new Held(init.value(), init.version(), init.initialized());
        }

        /** The next change, in the steps of {@link Copies}. */
        Object next() throws UnfitDelta {
            byte[] bytes = Objects.requireNonNull(frames).next();
            Delta delta = Delta.read(Frame.head(decoder, bytes, 0, bytes.length), decoder, arrivals++);
            DeltaSteps steps = new DeltaSteps(SodpDialect.TYPESCRIPT, state.value(), state.initialized(), false);
            steps.apply(delta, decoder);
            state = new Held(steps.document(), delta.version(), steps.initialized());
            return state;
        }

        /** What was measured must have happened. */
        @TearDown
        public void check() {
            checkLast(Objects.requireNonNull(frames), members, state.value());
        }
    }

    /** The copy of the official client. */
    public static class Tree extends Sized {

        private final TreeReplica replica = new TreeReplica();
        private @Nullable DeltaFrames frames;

        /** Fills it with the whole value. */
        @Setup
        public void fill() throws IOException {
            frames = new DeltaFrames(members);
            replica.frame(frames.stateInit());
        }

        @Nullable
        Object next() throws IOException {
            return replica.frame(Objects.requireNonNull(frames).next());
        }

        /** What was measured must have happened. */
        @TearDown
        public void check() {
            checkLast(Objects.requireNonNull(frames), members, replica.document());
        }
    }

    /** A view of the key, and its listener. */
    public static class Watched extends Sized {

        private @Nullable DeltaFrames frames;
        private @Nullable WatchedView view;

        /** Fills it with the whole value. */
        @Setup
        public void fill() {
            frames = new DeltaFrames(members);
            view = new WatchedView(frames);
        }

        @Nullable
        Object next() {
            return Objects.requireNonNull(view)
                    .message(Objects.requireNonNull(frames).next());
        }

        /** What was measured must have happened. */
        @TearDown
        public void check() {
            var heard = Objects.requireNonNull(view)
                    .message(Objects.requireNonNull(frames).next());
            var row = Objects.requireNonNull(heard).snapshot().get(DeltaFrames.KEY);
            checkLast(frames, members, Objects.requireNonNull(row).get("value"));
        }
    }

    private static void checkLast(DeltaFrames frames, int members, @Nullable Object document) {
        if (!(document instanceof Map<?, ?> map)
                || map.size() != members
                || !Long.valueOf(frames.lastValue()).equals(map.get(frames.lastMember()))) {
            throw new IllegalStateException("the document is not what the changes lead to");
        }
    }

    /** Decode and apply, as this transport does. */
    @Benchmark
    public Object apply(Ours ours) throws UnfitDelta {
        return ours.next();
    }

    /** Decode to a tree and apply to a copy, as the official client does. */
    @Benchmark
    public @Nullable Object tree(Tree tree) throws IOException {
        return tree.next();
    }

    /** The same as the first, and on to the call of a same-thread listener: protocol, draft, commit, view. */
    @Benchmark
    public @Nullable Object heard(Watched watched) {
        return watched.next();
    }
}
