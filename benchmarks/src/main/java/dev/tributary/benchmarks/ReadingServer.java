package dev.tributary.benchmarks;

import dev.tributary.testkit.socket.HttpExchange;
import dev.tributary.testkit.socket.ServerClock;
import dev.tributary.testkit.socket.ServerWebSocket;
import dev.tributary.testkit.socket.SocketHandler;
import dev.tributary.testkit.socket.SocketServer;
import dev.tributary.testkit.socket.WebSocketListener;
import dev.tributary.testkit.socket.WebSocketOptions;
import dev.tributary.testkit.spacetimedb.SpacetimeDbAnswer;
import dev.tributary.testkit.spacetimedb.SpacetimeDbModel;
import dev.tributary.testkit.spacetimedb.SpacetimeDbPeer;
import dev.tributary.testkit.spacetimedb.SpacetimeDbSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * The reference server of SpacetimeDB with one difference: {@code SELECT * FROM reading WHERE id < N} is answered over v2
 * and v3 by a message that lies in memory as it goes on the wire, in frames of 4,096 bytes. A process of its own, so that it
 * costs those who read nothing but the other end of the loopback. Between the frames it sends pings, and notes how long
 * their answers take.
 */
public final class ReadingServer implements SocketHandler {

    /** What waits for the client before more is given to the socket. */
    private static final long MOST_QUEUED = 4L << 20;

    private static final int GZIP = 2;
    private static final Pattern QUERY = Pattern.compile("SELECT \\* FROM reading WHERE id < (\\d+)");
    private static final int PINGS = 16;

    private final SpacetimeDbModel model = Readings.model();
    /** By rows, compression and, where they are in compressed bytes, ids. */
    private final Map<String, List<byte[]>> messages = new HashMap<>();

    private final List<Double> pongs = new ArrayList<>();
    private int pings;

    private ReadingServer() {}

    /** The query of so many rows. */
    static String query(int rows) {
        return "SELECT * FROM reading WHERE id < " + rows;
    }

    /** Says at which port, answers {@code pongs}, and ends with its standard input. */
    public static void main(String[] args) throws IOException {
        ReadingServer handler = new ReadingServer();
        SocketServer server = SocketServer.start("readings", 0, ServerClock.real(), handler);
        System.out.println("PORT " + server.port());
        Child.answer(order -> handler.takePongs());
        server.close();
    }

    private synchronized String takePongs() {
        String told = String.format(
                "%d of %d answered, after %.1f ms at most",
                pongs.size(),
                pings,
                pongs.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN));
        pongs.clear();
        pings = 0;
        return told;
    }

    @Override
    public synchronized void request(HttpExchange exchange) {
        boolean gzip = exchange.request().target().contains("compression=Gzip");
        model.request(exchange.request(), answer -> {
            if (answer instanceof SpacetimeDbAnswer.Response response) {
                exchange.respond(response.response());
            } else if (answer instanceof SpacetimeDbAnswer.Open open) {
                Client client = new Client(open.session(), gzip);
                client.attach(exchange.accept(WebSocketOptions.defaults().subprotocol(open.subprotocol()), client));
            } else {
                exchange.cut();
            }
        });
    }

    @Override
    public synchronized OptionalLong nextDeadline() {
        return model.nextDeadline();
    }

    @Override
    public synchronized void tick() {
        model.tick();
    }

    /** Of whole frames. */
    private List<byte[]> message(int rows, byte[] ids, boolean gzip) {
        if (gzip) {
            return messages.computeIfAbsent(
                    rows + " gzip " + HexFormat.of().formatHex(ids), any -> compressed(rows, ids));
        }
        List<byte[]> blocks = new ArrayList<>(messages.computeIfAbsent(rows + " plain", any -> plain(rows)));
        byte[] first = blocks.get(0).clone();
        System.arraycopy(ids, 0, first, Fragments.firstHead() + Applied.IDS_AT, ids.length);
        blocks.set(0, first);
        return blocks;
    }

    private static List<byte[]> plain(int rows) {
        Fragments out = new Fragments();
        try {
            Applied.readings(rows, new byte[Applied.IDS_BYTES], out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.end();
    }

    private static List<byte[]> compressed(int rows, byte[] ids) {
        Fragments out = new Fragments();
        out.write(GZIP);
        try (GZIPOutputStream zip = new GZIPOutputStream(out, 1 << 16)) {
            // The byte of compression is not compressed.
            Applied.readings(rows, ids, new java.io.OutputStream() {
                private boolean begun;

                @Override
                public void write(int b) throws IOException {
                    if (begun) {
                        zip.write(b);
                    }
                    begun = true;
                }

                @Override
                public void write(byte[] bytes, int from, int count) throws IOException {
                    zip.write(bytes, from, count);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.end();
    }

    /** One client: what it asks for is looked at, and the rest is for the model. */
    private final class Client implements WebSocketListener, SpacetimeDbPeer {

        private final SpacetimeDbSession session;
        private final boolean gzip;
        private ServerWebSocket socket;
        private List<byte[]> sending = List.of();
        private int sent;
        private long pingedAt;

        @SuppressWarnings("NullAway.Init")
        Client(SpacetimeDbSession session, boolean gzip) {
            this.session = session;
            this.gzip = gzip;
        }

        void attach(ServerWebSocket accepted) {
            socket = accepted;
            session.attach(this);
        }

        @Override
        public void binary(ServerWebSocket from, byte[] bytes) {
            synchronized (ReadingServer.this) {
                Matcher matcher = QUERY.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
                if (bytes[0] == 0 && session.subprotocolName().startsWith("v") && matcher.find()) {
                    byte[] ids = Arrays.copyOfRange(bytes, 1, 1 + Applied.IDS_BYTES);
                    sending = message(Integer.parseInt(matcher.group(1)), ids, gzip);
                    sent = 0;
                    pump();
                } else {
                    session.binary(bytes);
                }
            }
        }

        private void pump() {
            while (sent < sending.size() && socket.queuedBytes() < MOST_QUEUED) {
                if (sent % Math.max(1, sending.size() / PINGS) == 1 && pingedAt == 0) {
                    pings++;
                    pingedAt = System.nanoTime();
                    socket.ping(new byte[] {1});
                }
                socket.raw(sending.get(sent++));
            }
        }

        @Override
        public void pong(ServerWebSocket from, byte[] payload) {
            synchronized (ReadingServer.this) {
                if (payload.length == 1 && pingedAt != 0) {
                    pongs.add((System.nanoTime() - pingedAt) / (double) TimeUnit.MILLISECONDS.toNanos(1));
                    pingedAt = 0;
                } else {
                    session.pong();
                }
            }
        }

        @Override
        public void drained(ServerWebSocket from) {
            synchronized (ReadingServer.this) {
                pump();
            }
        }

        @Override
        public void close(ServerWebSocket from, int code, String reason) {
            synchronized (ReadingServer.this) {
                if (session.closedByClient()) {
                    from.close(code, reason);
                }
            }
        }

        @Override
        public void gone(ServerWebSocket from) {
            synchronized (ReadingServer.this) {
                sending = List.of();
                session.gone();
            }
        }

        @Override
        public void text(byte[] utf8) {
            socket.text(new String(utf8, StandardCharsets.UTF_8));
        }

        @Override
        public void binary(byte[] message) {
            socket.binary(message);
        }

        @Override
        public void cut(byte[] message, int bytes, boolean text) {
            socket.abort();
        }

        @Override
        public void ping() {
            socket.ping(new byte[0]);
        }

        @Override
        public void close(int code, String reason) {
            socket.close(code, reason);
        }

        @Override
        public void end() {
            socket.end();
        }

        @Override
        public void reset() {
            socket.abort();
        }
    }
}
