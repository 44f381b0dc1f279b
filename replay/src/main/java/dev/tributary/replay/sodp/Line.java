package dev.tributary.replay.sodp;

import dev.tributary.replay.recording.Transcript;
import org.jspecify.annotations.Nullable;

/**
 * One line of a recording of SODP, understood.
 *
 * @param connection its id; empty for none
 * @param frame null for other events, and for what is no frame
 * @param topic of a frame of the server; null for everything else
 * @param call that the recorded client made with this line; null for everything else
 */
record Line(
        Transcript.Event event,
        String connection,
        @Nullable Frame frame,
        @Nullable Topic topic,
        @Nullable RecordedCall call) {

    int number() {
        return event.line();
    }

    boolean is(String kind) {
        return event.kind().equals(kind);
    }

    /** Whether the recorded client sent a frame of this type. */
    boolean sends(int type) {
        return is("ws-send") && frame != null && frame.type() == type;
    }

    /** For messages: {@code c1 (line 7)}. */
    String place() {
        return connection + " (line " + number() + ")";
    }
}
