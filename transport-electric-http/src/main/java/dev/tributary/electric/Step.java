package dev.tributary.electric;

import dev.tributary.spi.Ending;
import org.jspecify.annotations.Nullable;

/**
 * What comes after an answer.
 *
 * @param ending of the run, for {@link Kind#END}
 * @param reason why what was shown so far may be behind the server's rows, for {@link Kind#ANEW}
 */
record Step(Kind kind, @Nullable Ending ending, String reason) {

    enum Kind {
        /** The body is to be read. */
        BODY,
        /** The answer is done with; the next one follows. */
        DONE,
        /** All that is on its way is of no use: ask anew, from where the state stands. */
        ANEW,
        /** The run is over. */
        END
    }

    static final Step BODY = new Step(Kind.BODY, null, "");
    static final Step DONE = new Step(Kind.DONE, null, "");

    /** The ending, where there is one. */
    Ending requiredEnding() {
        if (ending == null) {
            throw new IllegalStateException(kind + " ends nothing");
        }
        return ending;
    }

    static Step anew(String reason) {
        return new Step(Kind.ANEW, null, reason);
    }

    static Step end(Ending ending) {
        return new Step(Kind.END, ending, "");
    }
}
