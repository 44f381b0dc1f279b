package dev.tributary.sodp;

import dev.tributary.Commit;
import dev.tributary.Options;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.benchmarks.ViewOutput;
import dev.tributary.engine.FirstLoad;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Resume;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Wire;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** One key in a view, with all that lies between the bytes of a message and a listener on a same-thread executor. */
@NullMarked
final class WatchedView {

    private static final URI ADDRESS = URI.create("ws://localhost/");

    private final FirstLoad view = new FirstLoad();
    private final ViewOutput out = new ViewOutput(view);
    private final Protocol protocol;
    private final Wire wire;
    private @Nullable Commit<Row> heard;

    private record Following(Query query) implements Subscription {

        @Override
        public @Nullable Resume resume() {
            return null;
        }

        @Override
        public boolean keepsRows() {
            return true;
        }
    }

    WatchedView(DeltaFrames frames) {
        SodpTransport transport = new SodpTransport();
        protocol = transport.session(
                new SessionContext(ADDRESS, Options.of(Map.of()), false, new Random(7), transport.memory()));
        protocol.subscribe(new Following(Sodp.value(DeltaFrames.KEY)), out);
        wire = out.opened();
        protocol.opened(wire, new Head(101, Map.of()), out);
        message(DeltaFrames.hello());
        view.listen(commit -> heard = commit, Runnable::run);
        message(frames.stateInit());
    }

    /** A message of the server; gives what the listener heard last. */
    @Nullable
    Commit<Row> message(byte[] bytes) {
        protocol.data(wire, Protocol.DataKind.BINARY, ByteBuffer.wrap(bytes), true, out);
        return heard;
    }
}
