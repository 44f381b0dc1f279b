package dev.tributary.spacetimedb.codec;

/** A value cannot be; whoever knows message, field and place says the rest. */
final class BadValue extends Exception {

    private static final long serialVersionUID = 1;

    BadValue(String problem) {
        super(problem, null, false, false);
    }

    /** What is wrong, to be put behind the name of the field. */
    String problem() {
        return String.valueOf(getMessage());
    }
}
