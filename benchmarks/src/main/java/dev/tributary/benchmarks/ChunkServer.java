package dev.tributary.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Serves one shape over HTTP/1.1 as Electric does, from answers that lie in memory as they go on the wire: the snapshot
 * in chunks, then "up to date", then held requests. A process of its own, so that it costs those who read nothing but
 * the other end of the loopback.
 */
public final class ChunkServer {

    private static final int TRANSFER_CHUNK = 64 * 1024;
    private static final String LAST = "0_inf";
    private static final String UP_TO_DATE =
            "[{\"headers\":{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\"1\"}}]";

    private final List<byte[]> answers = new ArrayList<>();
    private final byte[] upToDate;

    private ChunkServer(int rows, int chunkBytes) {
        Items.forEachChunk(rows, chunkBytes, answers::add);
        for (int i = 0; i < answers.size(); i++) {
            String offset = i == answers.size() - 1 ? LAST : "0_" + i;
            answers.set(i, answer(offset, "electric-schema: " + Items.SCHEMA + "\r\n", answers.get(i)));
        }
        byte[] body = UP_TO_DATE.getBytes(StandardCharsets.US_ASCII);
        upToDate = answer(LAST, "electric-schema: " + Items.SCHEMA + "\r\nelectric-up-to-date: \r\n", body);
    }

    private static byte[] answer(String offset, String headers, byte[] body) {
        String head = "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n"
                + "cache-control: public, max-age=60\r\ntransfer-encoding: chunked\r\n"
                + "access-control-allow-origin: *\r\naccess-control-expose-headers: *\r\n"
                + "electric-handle: 1-1\r\nelectric-offset: " + offset + "\r\n" + headers + "\r\n";
        byte[] answer = new byte[head.length() + body.length + 16 * (body.length / TRANSFER_CHUNK + 3)];
        int length = put(answer, 0, head);
        for (int at = 0; at < body.length; at += TRANSFER_CHUNK) {
            int size = Math.min(TRANSFER_CHUNK, body.length - at);
            length = put(answer, length, Integer.toHexString(size) + "\r\n");
            System.arraycopy(body, at, answer, length, size);
            length = put(answer, length + size, "\r\n");
        }
        length = put(answer, length, "0\r\n\r\n");
        return Arrays.copyOf(answer, length);
    }

    private static int put(byte[] target, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, target, at, bytes.length);
        return at + bytes.length;
    }

    /** Serves so many rows in chunks of such a size, says at which port, and ends with its standard input. */
    public static void main(String[] args) throws IOException {
        int rows = Integer.parseInt(args[0]);
        int chunkBytes = args.length > 1 ? Integer.parseInt(args[1]) : Items.CHUNK_BYTES;
        ChunkServer server = new ChunkServer(rows, chunkBytes);
        try (ServerSocket listener = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"))) {
            start(() -> server.serve(listener));
            System.out.println("PORT " + listener.getLocalPort());
            while (System.in.read() >= 0) {
                // whoever started this has nothing to say but that it is over
            }
        }
        System.exit(0);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(ServerSocket listener) {
        try {
            while (true) {
                Socket socket = listener.accept();
                start(() -> converse(socket));
            }
        } catch (IOException e) {
            if (!listener.isClosed()) {
                System.err.println("the server ends: " + e.getMessage());
            }
        }
    }

    private void converse(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                OutputStream out = socket.getOutputStream()) {
            socket.setTcpNoDelay(true);
            for (String request = in.readLine(); request != null; request = in.readLine()) {
                String header = in.readLine();
                while (header != null && !header.isEmpty()) {
                    header = in.readLine();
                }
                // Nothing happens in the table: a live request is held until the client leaves.
                if (!request.contains("live=true")) {
                    out.write(answerTo(request));
                }
            }
        } catch (IOException e) {
            // The client went away, as they do when they have what they want.
            return;
        }
    }

    private byte[] answerTo(String request) {
        String offset = request.replaceFirst(".*[?&]offset=", "").replaceFirst("[& ].*", "");
        if (offset.equals(LAST)) {
            return upToDate;
        }
        return answers.get(offset.equals("-1") ? 0 : Integer.parseInt(offset.substring(2)) + 1);
    }
}
