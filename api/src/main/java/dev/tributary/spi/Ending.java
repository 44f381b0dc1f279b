package dev.tributary.spi;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a run ended, as the protocol sees it. The engine decides what comes next.
 *
 * @param kind what the engine should do
 * @param reason the cause, for statuses; null only for {@link Kind#CONTINUE} and {@link Kind#CLOSED}
 * @param notBefore the server's word on how long to wait at least; zero for none
 * @param change what will be different next time, for logs: {@code time}, {@code url}, {@code credentials} …
 */
public record Ending(Kind kind, @Nullable Throwable reason, Duration notBefore, String change) {

    /** What the engine does. */
    public enum Kind {
        /** Waits and opens a new session, with the carry. */
        RETRY,
        /** A normal end: opens a new session at once, without a penalty, unless the server said when to come. */
        CONTINUE,
        /** The credentials were refused: asks for new ones and opens a new session after a wait. */
        REAUTHENTICATE,
        /** The log is gone: forgets the checkpoint, keeps the rows for readers, opens a new session. */
        RESET,
        /** This way does not work here: opens a new session that takes another, told by the carry. */
        FALL_BACK,
        /** This session cannot serve the query beside the others: another one will. */
        ELSEWHERE,
        /** The server refuses the query: the view fails. */
        REJECTED,
        /** What the query names is gone for good: the view fails. */
        GONE,
        /** The engine asked for it. */
        CLOSED
    }

    public Ending {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(notBefore, "notBefore");
        Objects.requireNonNull(change, "change");
    }

    public static Ending retry(Throwable reason) {
        return new Ending(Kind.RETRY, reason, Duration.ZERO, "time");
    }

    public static Ending retry(Throwable reason, Duration notBefore) {
        return new Ending(Kind.RETRY, reason, notBefore, "time");
    }

    /** This end, and not before the server wants it: its word on how long to wait at least, or zero. */
    public Ending after(Duration wait) {
        return new Ending(kind, reason, wait, change);
    }

    public static Ending proceed() {
        return new Ending(Kind.CONTINUE, null, Duration.ZERO, "nothing");
    }

    public static Ending reauthenticate(Throwable reason) {
        return new Ending(Kind.REAUTHENTICATE, reason, Duration.ZERO, "credentials");
    }

    public static Ending reset(Throwable reason) {
        return new Ending(Kind.RESET, reason, Duration.ZERO, "checkpoint");
    }

    public static Ending fallBack(Throwable reason, String change) {
        return new Ending(Kind.FALL_BACK, reason, Duration.ZERO, change);
    }

    public static Ending elsewhere(Throwable reason) {
        return new Ending(Kind.ELSEWHERE, reason, Duration.ZERO, "session");
    }

    public static Ending rejected(Throwable reason) {
        return new Ending(Kind.REJECTED, reason, Duration.ZERO, "nothing");
    }

    public static Ending gone(Throwable reason) {
        return new Ending(Kind.GONE, reason, Duration.ZERO, "nothing");
    }

    public static Ending closed() {
        return new Ending(Kind.CLOSED, null, Duration.ZERO, "nothing");
    }
}
