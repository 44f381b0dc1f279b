package dev.tributary.conformance;

/** What a bad listener throws, on purpose; where from is no news. */
final class ThrowingListener extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ThrowingListener() {
        super("a listener that throws", null, false, false);
    }
}
