package dev.tributary.conformance;

import org.jspecify.annotations.Nullable;

/** A law was broken. The message says which, what was found, and where to look. */
public final class BrokenLaw extends AssertionError {

    private static final long serialVersionUID = 1;

    private final Law law;

    BrokenLaw(Law law, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.law = law;
    }

    /** Which. */
    public Law law() {
        return law;
    }
}
