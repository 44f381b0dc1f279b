package dev.tributary.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that says exactly what the test scripted, bytes and all, once per connection. */
final class ScriptedServer implements AutoCloseable {

    /** Talks to one connection, after its request head was read. */
    interface Script {

        void run(String request, Socket socket) throws Exception;
    }

    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Script script;
    private final boolean listensFirst;
    final List<String> requests = new CopyOnWriteArrayList<>();

    ScriptedServer(Script script) throws IOException {
        this(script, true);
    }

    private ScriptedServer(Script script, boolean listensFirst) throws IOException {
        this.script = script;
        this.listensFirst = listensFirst;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** Answers with these Latin-1 characters and closes. */
    static ScriptedServer saying(String answer) throws IOException {
        return saying(answer.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Says this before it hears anything, and stays. */
    static ScriptedServer greeting(String text) throws IOException {
        return new ScriptedServer(
                (request, socket) -> {
                    write(socket.getOutputStream(), text);
                    readHead(socket.getInputStream());
                },
                false);
    }

    static ScriptedServer saying(byte[] answer) throws IOException {
        return new ScriptedServer((request, socket) -> {
            socket.getOutputStream().write(answer);
            socket.getOutputStream().flush();
            socket.shutdownOutput();
        });
    }

    /** A head with this content type of coding, and a body that ends with the connection. */
    static ScriptedServer saying(String head, byte[] body) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        answer.writeBytes(body);
        return saying(answer.toByteArray());
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort() + path);
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
            String request = listensFirst ? readHead(socket.getInputStream()) : "";
            requests.add(request);
            script.run(request, socket);
        } catch (Exception e) {
            // the client went away, or the test is over
        } finally {
            sockets.remove(socket);
        }
    }

    /** Reads to the empty line, or to the end. */
    static String readHead(InputStream in) throws IOException {
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

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
