package dev.tributary.testkit.driftdb;

/** A message that cannot be used, with the words of the real server. */
final class BadMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean syntax;

    private final String path;

    private BadMessageException(String message, boolean syntax, String path) {
        super(message, null, false, false);
        this.syntax = syntax;
        this.path = path;
    }

    /** It is no JSON or CBOR at all. */
    static BadMessageException syntax(String message) {
        return new BadMessageException(message, true, ".");
    }

    /** It can be read, but has the wrong shape. */
    static BadMessageException shape(String message) {
        return new BadMessageException(message, false, ".");
    }

    boolean isSyntax() {
        return syntax;
    }

    /** The same in a member of the message. */
    BadMessageException in(String member) {
        return new BadMessageException(String.valueOf(getMessage()), syntax, member);
    }

    /** The member it is about, or a point. */
    String path() {
        return path;
    }
}
