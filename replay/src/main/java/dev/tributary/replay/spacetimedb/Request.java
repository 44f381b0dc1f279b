package dev.tributary.replay.spacetimedb;

import dev.tributary.spacetimedb.Arguments;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a recorded client asked for. Ids are those of the recording. */
sealed interface Request {

    /** The number that the answer will have. */
    long requestId();

    /**
     * A reducer was called.
     *
     * @param arguments in the form in which they were sent
     * @param silent whether with flags 1: then no answer comes
     */
    record Call(long requestId, String reducer, Arguments arguments, boolean silent) implements Request {}

    /**
     * A procedure was called.
     *
     * @param arguments in the form in which they were sent
     */
    record Procedure(long requestId, String procedure, Arguments arguments) implements Request {}

    /** A query set was asked for. */
    record Subscribe(long requestId, long querySet, List<String> queries) implements Request {

        public Subscribe {
            queries = List.copyOf(queries);
        }
    }

    /** All that was asked for in this way before is replaced; v1 only. */
    record Legacy(long requestId, List<String> queries) implements Request {

        public Legacy {
            queries = List.copyOf(queries);
        }
    }

    /** A query set is not wanted any more. */
    record Unsubscribe(long requestId, long querySet) implements Request {}

    /**
     * Rows were asked for, once.
     *
     * @param messageId as hexadecimal digits in v1, where it is all that the answer has; else null
     */
    record OneOff(long requestId, @Nullable String messageId, String query) implements Request {}
}
