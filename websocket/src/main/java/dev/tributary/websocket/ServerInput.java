package dev.tributary.websocket;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the library reads from. It sees the answer to the handshake first: the library throws away every answer but an
 * accepting one, and takes a subprotocol or an extension that nobody offered.
 */
final class ServerInput extends InputStream {

    /** Hears on the thread that reads. */
    interface Listener {

        /**
         * @param body of an answer that refuses; read before this returns
         * @return whether the library shall see the answer
         */
        boolean answered(ResponseHead head, RefusalBody body) throws IOException;

        /** The answer is none. */
        void failed(WireFault fault);

        void readFailed(IOException failure);
    }

    private static final int BUFFER = 1 << 10;

    private final InputStream in;
    private final Listener listener;
    private final List<String> offered;
    private volatile boolean draining;
    private boolean answered;
    private boolean refused;
    private byte @Nullable [] head;
    private int headAt;

    ServerInput(InputStream socket, List<String> offered, Listener listener) {
        this.in = new BufferedInputStream(socket, BUFFER);
        this.offered = offered;
        this.listener = listener;
    }

    /** From now on all that comes is thrown away. */
    void drain() {
        draining = true;
    }

    /** Throws away what comes until the end. */
    void drainAll() throws IOException {
        byte[] nothing = new byte[BUFFER];
        while (in.read(nothing) >= 0) {
            // it is thrown away
        }
    }

    @Override
    public int read() {
        throw new UnsupportedOperationException("it is read in blocks");
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            if (!answered) {
                answered = true;
                refused = !takeAnswer();
            }
            if (refused) {
                return -1;
            }
            byte[] first = head;
            if (first != null) {
                int count = Math.min(length, first.length - headAt);
                System.arraycopy(first, headAt, buffer, offset, count);
                headAt += count;
                head = headAt == first.length ? null : first;
                return count;
            }
            int count = in.read(buffer, offset, length);
            if (draining && count >= 0) {
                drainAll();
                return -1;
            }
            return count;
        } catch (IOException e) {
            listener.readFailed(e);
            throw e;
        }
    }

    private boolean takeAnswer() throws IOException {
        try {
            ResponseHead answer = ResponseHead.read(in);
            if (answer.isSwitch()) {
                check(answer);
                head = answer.bytes();
            }
            return listener.answered(answer, new RefusalBody(in));
        } catch (WireFault fault) {
            listener.failed(fault);
            return false;
        }
    }

    private void check(ResponseHead answer) throws WireFault {
        List<String> chosen = answer.all("sec-websocket-protocol");
        if (chosen.size() > 1 || !offered.containsAll(chosen)) {
            throw WireFault.malformed("the server chose a subprotocol that was not offered");
        }
        if (!answer.all("sec-websocket-extensions").isEmpty()) {
            throw WireFault.malformed("the server chose an extension, and none was offered");
        }
    }
}
