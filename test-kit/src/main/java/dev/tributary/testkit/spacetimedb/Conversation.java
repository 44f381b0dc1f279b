package dev.tributary.testkit.spacetimedb;

/** What one version of the protocol says over one connection. */
interface Conversation {

    /** The first message. */
    void greet();

    /** A message of the client; an exception ends the connection with its text. */
    void receive(byte[] message, boolean text) throws BsatnException, JsonException;

    /** A transaction that the client gets no answer for. */
    void changed(Commit commit, CallCause cause);

    /** A reducer that the client called has run. */
    void answer(CallCause cause, Outcome outcome, long micros);

    /** A reducer that the client called did not run at all. */
    void refuse(CallCause cause, String error);

    /** A procedure that the client called has ended. */
    void procedureResult(long requestId, SpacetimeType type, byte[] returned, long micros);

    /** A procedure that the client called has failed. */
    void procedureError(long requestId, String error);

    /** A set has failed in a later transaction; the first version drops them all. */
    void endSet(long id, String error);

    /** A delete of a row, whether it is there or not. */
    void sendDelete(String table, Row row);

    /** How many sets are live. */
    int liveSets();
}
