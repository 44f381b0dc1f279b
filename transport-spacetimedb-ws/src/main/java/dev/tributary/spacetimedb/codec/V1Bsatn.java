package dev.tributary.spacetimedb.codec;

import java.nio.ByteBuffer;
import java.util.List;

/** The client messages of {@code v1.bsatn} (specification 3.4). */
final class V1Bsatn implements ClientMessages {

    private static byte[] done(String what, BsatnOutput out) {
        return Outgoing.bounded(what, out.toBytes());
    }

    @Override
    public byte[] callReducer(long requestId, String reducer, Payload args, boolean silent) {
        return done(
                "CallReducer",
                new BsatnOutput(0)
                        .text(reducer)
                        .bytes(Outgoing.form(args, false).shared())
                        .u32(Outgoing.id(requestId))
                        .u8(silent ? 1 : 0));
    }

    @Override
    public byte[] callProcedure(long requestId, String procedure, Payload args) {
        return done(
                "CallProcedure",
                new BsatnOutput(7)
                        .text(procedure)
                        .bytes(Outgoing.form(args, false).shared())
                        .u32(Outgoing.id(requestId))
                        .u8(0));
    }

    @Override
    public byte[] subscribe(long requestId, long querySet, List<String> queries) {
        return done(
                "SubscribeMulti",
                new BsatnOutput(4).texts(queries).u32(Outgoing.id(requestId)).u32(Outgoing.id(querySet)));
    }

    @Override
    public byte[] unsubscribe(long requestId, long querySet, boolean withRows) {
        return done(
                "UnsubscribeMulti",
                new BsatnOutput(6).u32(Outgoing.id(requestId)).u32(Outgoing.id(querySet)));
    }

    @Override
    public byte[] subscribeSingle(long requestId, long querySet, String query) {
        return done(
                "SubscribeSingle",
                new BsatnOutput(3).text(query).u32(Outgoing.id(requestId)).u32(Outgoing.id(querySet)));
    }

    @Override
    public byte[] unsubscribeSingle(long requestId, long querySet) {
        return done(
                "Unsubscribe", new BsatnOutput(5).u32(Outgoing.id(requestId)).u32(Outgoing.id(querySet)));
    }

    @Override
    public byte[] subscribeLegacy(long requestId, List<String> queries) {
        return done("Subscribe", new BsatnOutput(1).texts(queries).u32(Outgoing.id(requestId)));
    }

    @Override
    public byte[] oneOffQuery(long requestId, String query) {
        byte[] messageId = ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) Outgoing.id(requestId))
                .array();
        return done("OneOffQuery", new BsatnOutput(2).bytes(messageId).text(query));
    }
}
