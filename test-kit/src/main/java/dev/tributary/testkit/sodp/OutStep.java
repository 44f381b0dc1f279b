package dev.tributary.testkit.sodp;

/** Something on its way out to a client. */
sealed interface OutStep {

    /** A binary message. */
    record Message(byte[] bytes) implements OutStep {}

    /** A text message. */
    record Text(String text) implements OutStep {}

    /** The beginning of a binary message, and the break of the connection. */
    record Cut(byte[] bytes, int kept) implements OutStep {}

    /** A ping. */
    record Ping() implements OutStep {}

    /** A close frame. */
    record Close(int code, String reason) implements OutStep {}

    /** The end of the TCP connection. */
    record End() implements OutStep {}

    /** The break of the TCP connection. */
    record Reset() implements OutStep {}
}
