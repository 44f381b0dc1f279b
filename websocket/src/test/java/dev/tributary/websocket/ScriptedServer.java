package dev.tributary.websocket;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** A server that says exactly what the test scripted, bytes and all. */
final class ScriptedServer implements AutoCloseable {

    /** Talks to one connection, after its request head was read. */
    interface Script {

        void run(Peer peer) throws Exception;
    }

    private final ServerSocket listening;
    private final String scheme;
    private final boolean listensFirst;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Script script;
    final List<String> requests = new CopyOnWriteArrayList<>();

    ScriptedServer(Script script) throws IOException {
        this(script, null, true);
    }

    /**
     * @param tls null for clear text
     * @param listensFirst whether the request is read before the script runs
     */
    ScriptedServer(Script script, SSLContext tls, boolean listensFirst) throws IOException {
        this.script = script;
        this.listensFirst = listensFirst;
        this.scheme = tls == null ? "ws" : "wss";
        InetAddress loopback = InetAddress.getLoopbackAddress();
        this.listening = tls == null
                ? new ServerSocket(0, 2_000, loopback)
                : tls.getServerSocketFactory().createServerSocket(0, 50, loopback);
        threads.execute(this::accept);
    }

    /** Accepts the handshake and runs the script. */
    static ScriptedServer accepting(Script script) throws IOException {
        return new ScriptedServer(peer -> {
            peer.accept();
            script.run(peer);
        });
    }

    /** Accepts the handshake, waits for a first message and runs the script. */
    static ScriptedServer asked(Script script) throws IOException {
        return accepting(peer -> {
            peer.next();
            script.run(peer);
        });
    }

    /** Accepts the handshake, says these bytes and reads until the client goes. */
    static ScriptedServer saying(byte[]... answers) throws IOException {
        return accepting(peer -> {
            for (byte[] answer : answers) {
                peer.write(answer);
            }
            peer.readToEnd();
        });
    }

    /** Answers with these Latin-1 characters and closes. */
    static ScriptedServer answering(String answer) throws IOException {
        return new ScriptedServer(peer -> {
            peer.write(answer);
            peer.socket.shutdownOutput();
            peer.readToEnd();
        });
    }

    URI uri() {
        return URI.create(scheme + "://localhost:" + port() + "/room?token=secret");
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                sockets.add(socket);
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Peer peer = new Peer(socket);
            if (listensFirst) {
                peer.readHead();
                requests.add(peer.request);
            }
            script.run(peer);
        } catch (Exception e) {
            // the client went away, or the test is over
        } finally {
            sockets.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }

    /** The server's side of one connection. */
    static final class Peer {

        final Socket socket;
        final DataInputStream in;
        final OutputStream out;
        String request = "";

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            this.out = socket.getOutputStream();
        }

        void readHead() throws IOException {
            request = readHead(in);
        }

        private static String readHead(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int b = in.read();
                if (b < 0) {
                    break;
                }
                head.append((char) b);
            }
            return head.toString();
        }

        String header(String name) {
            Matcher matcher = Pattern.compile("(?im)^" + name + ": ([^\r]*)").matcher(request);
            return matcher.find() ? matcher.group(1) : "";
        }

        String acceptKey() throws NoSuchAlgorithmException {
            String text = header("sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        }

        void accept(String... headers) throws Exception {
            StringBuilder answer = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Accept: " + acceptKey() + "\r\n");
            for (String header : headers) {
                answer.append(header).append("\r\n");
            }
            write(answer + "\r\n");
        }

        void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** The next frame that is no ping and no pong. */
        Frame next() throws IOException {
            Frame frame = Frame.read(in);
            return frame.opcode() == Frame.PING || frame.opcode() == Frame.PONG ? next() : frame;
        }

        void readToEnd() throws IOException {
            while (in.read() >= 0) {
                // it is thrown away
            }
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** The names of the headers of the request, in lower case. */
        List<String> headerNames() {
            return request.lines()
                    .skip(1)
                    .filter(line -> line.contains(":"))
                    .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
                    .toList();
        }
    }
}
