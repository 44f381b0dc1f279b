package dev.tributary.spacetimedb.codec;

import java.util.List;

/**
 * Writes the client's requests for one subprotocol: each method gives one whole message, which is also a whole WebSocket
 * message. {@link Bundles} joins several. Ids are unsigned numbers of 32 bits.
 *
 * @see Subprotocol#kind() the kind of WebSocket message that it must be sent as
 */
public interface ClientMessages {

    /** The largest WebSocket message that the server takes (specification 6). */
    int MOST_BYTES = 32 << 20;

    /** The writer for this subprotocol. It has no state. */
    static ClientMessages of(Subprotocol subprotocol) {
        return switch (subprotocol) {
            case V1_JSON -> new V1Json();
            case V1_BSATN -> new V1Bsatn();
            case V2_BSATN, V3_BSATN -> new V2Bsatn();
        };
    }

    /**
     * CallReducer.
     *
     * @param args in the form of the subprotocol: a JSON array or object, or the BSATN of one product
     * @param silent v1: no notice when it was committed, and none when it failed (flags 1); v2 has no such thing
     */
    byte[] callReducer(long requestId, String reducer, Payload args, boolean silent);

    /** CallProcedure. */
    byte[] callProcedure(long requestId, String procedure, Payload args);

    /** SubscribeMulti in v1, Subscribe in v2. */
    byte[] subscribe(long requestId, long querySet, List<String> queries);

    /**
     * UnsubscribeMulti in v1, Unsubscribe in v2.
     *
     * @param withRows v2: ask for the rows that go with it; v1 always gives them
     */
    byte[] unsubscribe(long requestId, long querySet, boolean withRows);

    /** SubscribeSingle: v1 only, and never needed (specification 4.1). */
    byte[] subscribeSingle(long requestId, long querySet, String query);

    /** Unsubscribe of v1: v1 only, and never needed (specification 2.3). */
    byte[] unsubscribeSingle(long requestId, long querySet);

    /** The legacy Subscribe: v1 only; it replaces the whole legacy set, which has no id. */
    byte[] subscribeLegacy(long requestId, List<String> queries);

    /** OneOffQuery. In v1 the message id is the request id in four bytes, most significant first. */
    byte[] oneOffQuery(long requestId, String query);
}
