package dev.tributary.spacetimedb;

import dev.tributary.Commit;
import dev.tributary.Options;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.benchmarks.Applied;
import dev.tributary.benchmarks.Readings;
import dev.tributary.benchmarks.ViewOutput;
import dev.tributary.engine.FirstLoad;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.Resume;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * A view of so many readings, and transactions that change a thousand of them, with all that lies between the bytes of a
 * message and a listener on a same-thread executor.
 */
@NullMarked
final class ChangedView {

    private static final URI ADDRESS = URI.create("ws://localhost/game");
    private static final int CHANGED = 1_000;
    private static final int QUERY_SET = 1;

    private final FirstLoad view = new FirstLoad();
    private final ViewOutput out = new ViewOutput(view);
    private final Protocol protocol;
    private final Wire wire;
    private final int rows;
    /** From the first version to the second, and back. */
    private final byte[][] changes = new byte[2][];

    private int turn;
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

    ChangedView(int rows) throws IOException {
        this.rows = rows;
        SpacetimeDbTransport transport = new SpacetimeDbTransport();
        Options options = Options.of(
                Map.of(SpacetimeDbOptions.SCHEMA, Received.schemaText(), SpacetimeDbOptions.MAX_MESSAGE, 4L << 30));
        protocol = transport.session(new SessionContext(ADDRESS, options, false, new Random(7), transport.memory()));
        protocol.subscribe(new Following(SpacetimeDb.table(Readings.READING)), out);
        wire = out.opened();
        protocol.opened(wire, new Head(101, Map.of("sec-websocket-protocol", List.of("v2.bsatn.spacetimedb"))), out);
        // Identity, connection and an empty token.
        message(new byte[1 + 1 + 32 + 16 + 4]);
        view.listen(commit -> heard = commit, Runnable::run);
        Pieces pieces = new Pieces();
        // The first query set of a connection has the id 1, its request 2.
        Applied.readings(rows, new byte[] {2, 0, 0, 0, QUERY_SET, 0, 0, 0}, pieces);
        pieces.flushPiece(true);
        int[] ids = new int[CHANGED];
        for (int i = 0; i < CHANGED; i++) {
            ids[i] = (int) ((long) i * rows / CHANGED);
        }
        changes[0] = transaction(ids, 0, 1);
        changes[1] = transaction(ids, 1, 0);
    }

    private static byte[] transaction(int[] ids, int from, int to) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Applied.changes(ids, from, to, QUERY_SET, bytes);
        return bytes.toByteArray();
    }

    /** Gives first rows on as they are written, so that they are nowhere as a whole. */
    private final class Pieces extends OutputStream {

        private final byte[] piece = new byte[Received.PIECE];
        private int length;

        @Override
        public void write(int b) {
            if (length == piece.length) {
                flushPiece(false);
            }
            piece[length++] = (byte) b;
        }

        void flushPiece(boolean last) {
            protocol.data(wire, DataKind.BINARY, ByteBuffer.wrap(piece, 0, length), last, out);
            length = 0;
        }
    }

    private void message(byte[] bytes) {
        protocol.data(wire, DataKind.BINARY, ByteBuffer.wrap(bytes), true, out);
    }

    /** The next transaction; gives what the listener heard. */
    @Nullable
    Commit<Row> change() {
        message(changes[turn++ & 1]);
        return heard;
    }

    /** What was measured must have happened. */
    void check() {
        Commit<Row> commit = heard;
        if (commit == null || view.size() != rows || commit.changes().size() != CHANGED) {
            throw new IllegalStateException("the view has " + view.size() + " rows and heard " + commit);
        }
    }
}
