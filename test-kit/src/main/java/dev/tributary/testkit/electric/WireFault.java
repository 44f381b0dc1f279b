package dev.tributary.testkit.electric;

/** What goes wrong while a response travels; the front end or simulator makes it happen. */
public sealed interface WireFault {

    /** The connection breaks (RST) before anything of the response is sent. */
    record ResetBeforeHeaders() implements WireFault {}

    /**
     * The connection breaks (RST) inside the body.
     *
     * @param bodyBytes body bytes sent before
     */
    record ResetInBody(int bodyBytes) implements WireFault {}

    /**
     * The connection is closed inside the body, less being sent than declared.
     *
     * @param bodyBytes body bytes sent before
     */
    record Cut(int bodyBytes) implements WireFault {}

    /**
     * Silence inside the body, then the rest.
     *
     * @param bodyBytes body bytes sent before
     * @param millis how long
     */
    record Stall(int bodyBytes, long millis) implements WireFault {}

    /**
     * Silence before the headers, then the response.
     *
     * @param millis how long
     */
    record Delay(long millis) implements WireFault {}

    /**
     * The body comes in small pieces with a pause before each.
     *
     * @param bytesPerStep size of a piece
     * @param millisPerStep pause
     */
    record Dribble(int bytesPerStep, long millisPerStep) implements WireFault {}
}
