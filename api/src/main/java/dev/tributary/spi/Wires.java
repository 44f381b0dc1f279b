package dev.tributary.spi;

import java.nio.ByteBuffer;

/** The wires of one source. Safe for any thread. */
public interface Wires extends AutoCloseable {

    /**
     * Begins to open a wire and returns at once. The listener hears no more than it was granted by
     * {@link Connection#request}; the head and the end need no grant.
     */
    Connection open(Target target, Listener listener);

    /**
     * Closes all wires that are open, without a word to their listeners, and all threads. Does not wait; may be called
     * again.
     */
    @Override
    void close();

    /** The hold on a wire. */
    interface Connection {

        /** Grants so many pieces of content more. */
        void request(int pieces);

        /**
         * Queues a message.
         *
         * @return false when the wire is full: {@link Listener#writable} will be called
         */
        boolean send(Protocol.DataKind kind, ByteBuffer bytes);

        /** Ends the wire; nothing is delivered any more. Returns at once. */
        void close(int code, String reason);
    }

    /** Hears a wire, one call at a time, on a thread of the wire. It returns quickly and never throws. */
    interface Listener {

        void opened(Head head);

        /**
         * @param bytes given away: the wire does not touch them any more
         */
        void data(Protocol.DataKind kind, ByteBuffer bytes, boolean last);

        void writable();

        /** The wire asks for a sign of life by itself: a ping is about to go out. */
        default void pinging() {}

        /** The other side is there although it has nothing to say: a ping or a pong came. */
        default void alive() {}

        /** The last call. */
        void ended(WireEnd end);
    }
}
