package dev.tributary.spacetimedb.codec;

import java.util.List;

/** The client messages of {@code v2.bsatn} and {@code v3.bsatn} (specification 3.5). */
final class V2Bsatn implements ClientMessages {

    private static byte[] done(String what, BsatnOutput out) {
        return Outgoing.bounded(what, out.toBytes());
    }

    private static UnsupportedOperationException onlyInV1(String what) {
        return new UnsupportedOperationException(what + " is a message of the first version only");
    }

    @Override
    public byte[] callReducer(long requestId, String reducer, Payload args, boolean silent) {
        if (silent) {
            throw onlyInV1("a silent call");
        }
        return done(
                "CallReducer",
                new BsatnOutput(3)
                        .u32(Outgoing.id(requestId))
                        .u8(0)
                        .text(reducer)
                        .bytes(Outgoing.form(args, false).shared()));
    }

    @Override
    public byte[] callProcedure(long requestId, String procedure, Payload args) {
        return done(
                "CallProcedure",
                new BsatnOutput(4)
                        .u32(Outgoing.id(requestId))
                        .u8(0)
                        .text(procedure)
                        .bytes(Outgoing.form(args, false).shared()));
    }

    @Override
    public byte[] subscribe(long requestId, long querySet, List<String> queries) {
        return done(
                "Subscribe",
                new BsatnOutput(0)
                        .u32(Outgoing.id(requestId))
                        .u32(Outgoing.id(querySet))
                        .texts(queries));
    }

    @Override
    public byte[] unsubscribe(long requestId, long querySet, boolean withRows) {
        return done(
                "Unsubscribe",
                new BsatnOutput(1)
                        .u32(Outgoing.id(requestId))
                        .u32(Outgoing.id(querySet))
                        .u8(withRows ? 1 : 0));
    }

    @Override
    public byte[] subscribeSingle(long requestId, long querySet, String query) {
        throw onlyInV1("SubscribeSingle");
    }

    @Override
    public byte[] unsubscribeSingle(long requestId, long querySet) {
        throw onlyInV1("Unsubscribe of a single query");
    }

    @Override
    public byte[] subscribeLegacy(long requestId, List<String> queries) {
        throw onlyInV1("the legacy Subscribe");
    }

    @Override
    public byte[] oneOffQuery(long requestId, String query) {
        return done(
                "OneOffQuery", new BsatnOutput(2).u32(Outgoing.id(requestId)).text(query));
    }
}
