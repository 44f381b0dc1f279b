package dev.tributary.spacetimedb;

import dev.tributary.Credential;
import dev.tributary.SyncException;
import dev.tributary.spi.HttpTarget;
import org.jspecify.annotations.Nullable;

/** What an application asks of a session beside rows. */
sealed interface Wish {

    /**
     * A reducer.
     *
     * @param silent whether nobody waits for its end
     */
    record Reducer(String name, Arguments arguments, boolean silent) implements Wish {}

    /** A procedure. */
    record Procedure(String name, Arguments arguments) implements Wish {}

    /** Rows, once. */
    record OneOff(String sql) implements Wish {}

    /** A connection, and who we are on it. */
    record Connect() implements Wish {}

    /** An exchange over HTTP. */
    non-sealed interface Http extends Wish {

        HttpTarget target(Targets targets, Credential credential);

        /**
         * What the answer means.
         *
         * @throws SyncException when it is a refusal or cannot be read
         */
        @Nullable
        Object answer(int status, String body);

        /** What it means that no whole answer came. */
        SyncException failure(SyncException reason);
    }
}
