package dev.tributary.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * A connected socket as the library sees it, with streams of ours. The library's writing thread closes it when it has
 * written its last; after a goodbye that closes only our direction, since to close both while the server still sends
 * would reset the connection and could cost the server our close frame.
 */
final class LinkSocket extends Socket {

    private final Socket socket;
    private final SocketOpening opening;
    private final ServerInput input;
    private final RequestOutput output;
    private final CountDownLatch writerDone = new CountDownLatch(1);
    private volatile boolean lingering;

    LinkSocket(Socket socket, SocketOpening opening, ServerInput input, RequestOutput output) {
        this.socket = socket;
        this.opening = opening;
        this.input = input;
        this.output = output;
    }

    /** A goodbye is on its way: what the server still says is thrown away. */
    void linger() {
        lingering = true;
        input.drain();
    }

    /** Waits for the end of what was begun; {@link #abort} ends the wait. On the thread that reads. */
    void finish() {
        try {
            if (lingering) {
                input.drainAll();
            }
        } catch (IOException e) {
            // The end of the connection by another name.
            lingering = false;
        }
        try {
            writerDone.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Sockets.close(socket);
    }

    /** Waits until the library's writing thread has taken its last frame; {@link #abort} ends the wait. */
    void awaitTaken(BooleanSupplier waiting) {
        try {
            output.awaitTaken(waiting);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the connection at once. */
    void abort() {
        writerDone.countDown();
        output.stop();
        // What is below TLS: to close TLS itself waits for whoever writes.
        opening.abort();
    }

    @Override
    public synchronized void close() throws IOException {
        writerDone.countDown();
        output.stop();
        if (lingering) {
            socket.shutdownOutput();
        } else {
            socket.close();
        }
    }

    @Override
    public InputStream getInputStream() {
        return input;
    }

    @Override
    public OutputStream getOutputStream() {
        return output;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        socket.setTcpNoDelay(on);
    }

    /** Means nothing for a socket that is connected. */
    @Override
    public void setReuseAddress(boolean on) {}

    /** Is about the library's own buffer. */
    @Override
    public synchronized void setReceiveBufferSize(int size) {}
}
