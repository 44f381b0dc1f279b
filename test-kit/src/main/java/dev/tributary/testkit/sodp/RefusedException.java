package dev.tributary.testkit.sodp;

/** A request that the server does not carry out, with what it says about that. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int code;

    RefusedException(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
