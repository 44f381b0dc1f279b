package dev.tributary.sodp;

import dev.tributary.sodp.Packed.Sent;
import dev.tributary.testkit.socket.HttpExchange;
import dev.tributary.testkit.socket.ServerClock;
import dev.tributary.testkit.socket.ServerWebSocket;
import dev.tributary.testkit.socket.SocketHandler;
import dev.tributary.testkit.socket.SocketServer;
import dev.tributary.testkit.socket.WebSocketListener;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server on a real port that says what the test says, word by word. */
final class WordByWord implements AutoCloseable, SocketHandler {

    static final int PATIENCE_SECONDS = 60;

    private final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
    private final SocketServer server = SocketServer.start("word-by-word", 0, ServerClock.manual(0), this);

    URI uri() {
        return URI.create("ws://127.0.0.1:" + server.port());
    }

    /** The next client that connects. */
    Peer next() throws InterruptedException {
        return next(peers, "no client came");
    }

    @Override
    public void request(HttpExchange exchange) {
        Peer peer = new Peer();
        peer.socket = exchange.accept(peer);
        peers.add(peer);
    }

    @Override
    public void close() {
        server.close();
    }

    private static <T> T next(BlockingQueue<T> queue, String otherwise) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError(otherwise);
        }
        return next;
    }

    /** One client. */
    static final class Peer implements WebSocketListener {

        private final BlockingQueue<Sent> frames = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> pongs = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        private @Nullable ServerWebSocket socket;

        ServerWebSocket socket() {
            return socket;
        }

        void say(int type, long stream, @Nullable Object body) {
            socket.binary(Packed.frame(type, stream, 1, body));
        }

        void hello(boolean auth) {
            say(
                    FrameType.HELLO,
                    0,
                    Packed.map("protocol", "sodp", "version", "1.0", "auth", auth, "capabilities", Map.of()));
        }

        /** The next frame of the client. */
        Sent heard() throws InterruptedException {
            return next(frames, "the client said nothing");
        }

        boolean heardNothingMore() {
            return frames.isEmpty();
        }

        String pong() throws InterruptedException {
            return next(pongs, "the ping was not answered");
        }

        /** How the connection ended: the code of a close frame, or "gone". */
        String end() throws InterruptedException {
            return next(ends, "the connection did not end");
        }

        @Override
        public void binary(ServerWebSocket from, byte[] message) {
            frames.add(Packed.sent(message));
        }

        @Override
        public void pong(ServerWebSocket from, byte[] payload) {
            pongs.add(new String(payload, java.nio.charset.StandardCharsets.UTF_8));
        }

        @Override
        public void close(ServerWebSocket from, int code, String reason) {
            ends.add(Integer.toString(code));
            from.close(code, reason);
        }

        @Override
        public void gone(ServerWebSocket from) {
            ends.add("gone");
        }
    }
}
