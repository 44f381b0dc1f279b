package dev.tributary.testkit.electric;

/** A filter the server refuses, with the position its message names. */
final class WhereException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WhereException(int location, String reason) {
        super("At location " + location + ": " + reason, null, false, false);
    }

    /** A syntax error; the real server counts the statement text it puts before the filter. */
    static WhereException syntax(int location, String reason) {
        return new WhereException(location + "SELECT 1 WHERE ".length(), "syntax error " + reason);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
