package dev.tributary.websocket;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.framing.Framedata;
import org.java_websocket.protocols.IProtocol;
import org.java_websocket.protocols.Protocol;

/**
 * The library's protocol, but for what is read: the library takes masked frames from servers, reserves what a header
 * merely claims, keeps fragments without a bound until the last, and holds a message three times. Those bytes go to a
 * {@link FrameReader} instead.
 */
final class StreamingDraft extends Draft_6455 {

    private final FrameReader frames;

    /** For one client only. */
    StreamingDraft(List<String> subprotocols, FrameReader frames) {
        super(List.of(), protocols(subprotocols));
        this.frames = frames;
    }

    private static List<IProtocol> protocols(List<String> names) {
        List<IProtocol> protocols = new ArrayList<>();
        for (String name : names) {
            protocols.add(new Protocol(name));
        }
        // The server may choose none. What it chose was checked when the head was read.
        protocols.add(new Protocol(""));
        return protocols;
    }

    /** Gives the library no frame: all of them are dealt with on the way. */
    @Override
    public List<Framedata> translateFrame(ByteBuffer buffer) {
        frames.read(buffer);
        return List.of();
    }

    @Override
    public Draft copyInstance() {
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
