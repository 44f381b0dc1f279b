package dev.tributary.spacetimedb;

/** Why a connection ended. */
public enum Disconnect {
    /** Closed with 1000. */
    NORMAL("the server closed the connection"),
    /** Closed with 1001: the module was stopped, deleted or replaced. */
    MODULE_EXITED("the module exited"),
    /** Closed with 1011: the server could not use what it was sent, or failed. */
    SERVER_ERROR("the server gave up"),
    /** Closed with 1013: more requests were waiting than the server takes. */
    TOO_MANY_REQUESTS("too many requests were waiting at the server"),
    /** Closed with another code. */
    OTHER_CODE("the server closed the connection"),
    /** It ended before the first message: the module refused the client, or the connection was lost. */
    REFUSED_OR_LOST("refused by the module or lost before the first message"),
    /** It ended without a close frame. */
    LOST("the connection was lost"),
    /** Nothing came any more, not even an answer to pings: the server may have ended the session long ago. */
    SILENT("the server was silent for too long"),
    /** What came could not be read, or was more than is allowed. */
    UNREADABLE("what the server sent cannot be used"),
    /** No connection could be made. */
    UNREACHABLE("the server cannot be reached");

    private final String text;

    Disconnect(String text) {
        this.text = text;
    }

    /** In a few words. */
    String text() {
        return text;
    }
}
