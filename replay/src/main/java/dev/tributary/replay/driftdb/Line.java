package dev.tributary.replay.driftdb;

import dev.tributary.replay.recording.Transcript;
import org.jspecify.annotations.Nullable;

/**
 * One line of a recording of DriftDB, understood.
 *
 * @param connection its id; empty for what is of no socket
 * @param client its letter; empty for none
 * @param room the id of its room; empty for none
 * @param message null for other events, and for what is no message
 * @param number that the server gave to the push of this line; 0 for none
 * @param echo the line of the frame by which the sender hears of this push; 0 for none
 */
record Line(
        Transcript.Event event,
        String connection,
        String client,
        String room,
        @Nullable Message message,
        long number,
        int echo) {

    int line() {
        return event.line();
    }

    boolean is(String kind) {
        return event.kind().equals(kind);
    }

    /** Whether it is a message of this type, sent by the recorded client. */
    boolean sends(String type) {
        return is("ws-send") && message != null && message.is(type);
    }

    /** Whether it is a message of this type for the recorded client. */
    boolean receives(String type) {
        return is("ws-recv") && message != null && message.is(type);
    }

    /** Whether somebody writes with it. */
    boolean isWrite() {
        return message != null
                && message.is("push")
                && !is("ws-recv")
                && !message.action().isEmpty();
    }

    String place() {
        return (connection.isEmpty() ? "" : connection + " ") + "(line " + line() + ")";
    }

    /** The same in a room that it does not name. */
    Line in(String other) {
        return new Line(event, connection, client, other, message, number, echo);
    }

    Line withNumber(long given, int echoed) {
        return new Line(event, connection, client, room, message, given, echoed);
    }
}
