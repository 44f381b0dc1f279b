package dev.tributary.websocket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What the library writes to, one whole frame at a time. The first write is the handshake: credentials join it here, so
 * that the library never has them. A failure is told and not thrown: the library would forget what the server said.
 */
final class RequestOutput extends OutputStream {

    /** Hears on the thread that writes. */
    interface Listener {

        /** A frame is written. */
        void written();

        void writeFailed(IOException failure);
    }

    private static final int LINE_END = 2;

    private final OutputStream out;
    private final Map<String, String> credentials;
    private final Listener listener;
    private boolean asked;
    private boolean failed;
    private boolean stopped;

    RequestOutput(OutputStream out, Map<String, String> credentials, Listener listener) {
        this.out = out;
        this.credentials = credentials;
        this.listener = listener;
    }

    /**
     * Waits until the writing thread has taken all that it was given, or is gone. Interrupted between two writes, as the
     * library does it at the end, that thread would leave the rest behind.
     */
    synchronized void awaitTaken(BooleanSupplier waiting) throws InterruptedException {
        while (!stopped && waiting.getAsBoolean()) {
            wait();
        }
    }

    /** Nobody writes any more. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    private synchronized void taken() {
        notifyAll();
    }

    @Override
    public void write(int b) {
        throw new UnsupportedOperationException("it is written in frames");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        taken();
        if (failed) {
            return;
        }
        boolean handshake = !asked;
        asked = true;
        try {
            if (handshake) {
                out.write(withCredentials(bytes, offset, length));
            } else {
                out.write(bytes, offset, length);
            }
            out.flush();
        } catch (IOException e) {
            failed = true;
            listener.writeFailed(e);
            return;
        }
        if (!handshake) {
            listener.written();
        }
    }

    private byte[] withCredentials(byte[] request, int offset, int length) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(request, offset, length - LINE_END);
        credentials.forEach(
                (name, value) -> whole.writeBytes((name + ": " + value + "\r\n").getBytes(StandardCharsets.US_ASCII)));
        whole.write(request, offset + length - LINE_END, LINE_END);
        return whole.toByteArray();
    }
}
