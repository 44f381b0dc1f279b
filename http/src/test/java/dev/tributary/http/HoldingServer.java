package dev.tributary.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Reads requests, one per connection and all on one thread, and holds them until they are all answered together. */
final class HoldingServer implements AutoCloseable {

    private final ServerSocket listening;
    private final List<Socket> held = new CopyOnWriteArrayList<>();
    private final CountDownLatch expected;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    HoldingServer(int requests) throws IOException {
        expected = new CountDownLatch(requests);
        listening = new ServerSocket(0, requests, InetAddress.getLoopbackAddress());
        thread.execute(this::accept);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort() + path);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                held.add(socket);
                ScriptedServer.readHead(socket.getInputStream());
                expected.countDown();
            }
        } catch (IOException e) {
            // closed
        }
    }

    boolean awaitAll() throws InterruptedException {
        return expected.await(RecordingListener.GENEROUS_SECONDS, TimeUnit.SECONDS);
    }

    void answer(byte[] bytes) throws IOException {
        for (Socket socket : held) {
            socket.getOutputStream().write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : held) {
            socket.close();
        }
        thread.shutdownNow();
    }
}
