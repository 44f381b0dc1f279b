package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server messages of the second version, each with a byte for the compression, which is none yet, before it. */
final class V2Writer {

    /** What a transaction did to one query set; the deltas of one table stand together. */
    record SetDelta(long querySetId, List<List<QueryDelta>> tables) {}

    private final RowListWriter lists;

    private BsatnWriter out = new BsatnWriter();

    V2Writer(Database database, @Nullable RowDamage damage) {
        lists = new RowListWriter(database.module().types(), damage);
    }

    private BsatnWriter begin(int tag, long estimate) {
        out = new BsatnWriter((int) Math.min(estimate + 256, Integer.MAX_VALUE - 16L));
        return out.u8(Compression.NONE.tag()).u8(tag);
    }

    private static long estimate(List<QueryDelta> rows) {
        long size = 0;
        for (QueryDelta delta : rows) {
            size += 128L + RowListWriter.estimate(delta.inserts()) + RowListWriter.estimate(delta.deletes());
        }
        return size;
    }

    byte[] initialConnection(BigInteger identity, BigInteger connection, String token) {
        return begin(0, 1_024)
                .integer(identity, 32)
                .integer(connection, 16)
                .string(token)
                .toBytes();
    }

    byte[] subscribeApplied(long requestId, long querySetId, List<QueryDelta> rows) {
        begin(1, estimate(rows)).u32(requestId).u32(querySetId);
        queryRows(rows, false);
        return out.toBytes();
    }

    byte[] unsubscribeApplied(long requestId, long querySetId, @Nullable List<QueryDelta> dropped) {
        begin(2, dropped == null ? 0 : estimate(dropped)).u32(requestId).u32(querySetId);
        if (dropped == null) {
            out.u8(1);
        } else {
            out.u8(0);
            queryRows(dropped, true);
        }
        return out.toBytes();
    }

    byte[] subscriptionError(@Nullable Long requestId, long querySetId, String error) {
        return begin(3, error.length())
                .optionU32(requestId)
                .u32(querySetId)
                .string(error)
                .toBytes();
    }

    byte[] transactionUpdate(List<SetDelta> sets) {
        begin(4, 1_024);
        update(sets);
        return out.toBytes();
    }

    byte[] oneOffResult(long requestId, @Nullable QueryDelta rows, String error) {
        begin(5, rows == null ? 0 : estimate(List.of(rows))).u32(requestId);
        if (rows == null) {
            out.u8(1).string(error);
        } else {
            out.u8(0);
            queryRows(List.of(rows), false);
        }
        return out.toBytes();
    }

    byte[] reducerOk(long requestId, long micros, List<SetDelta> sets) {
        begin(6, 1_024).u32(requestId).u64(micros).u8(0).bytes(new byte[0]);
        update(sets);
        return out.toBytes();
    }

    byte[] reducerErr(long requestId, long micros, String error) {
        byte[] text = new BsatnWriter().string(error).toBytes();
        return begin(6, text.length)
                .u32(requestId)
                .u64(micros)
                .u8(2)
                .bytes(text)
                .toBytes();
    }

    byte[] reducerInternalError(long requestId, long micros, String error) {
        return begin(6, error.length())
                .u32(requestId)
                .u64(micros)
                .u8(3)
                .string(error)
                .toBytes();
    }

    byte[] procedureResult(byte @Nullable [] returned, String error, long micros, long requestId) {
        begin(7, 256);
        if (returned != null) {
            out.u8(0).bytes(returned);
        } else {
            out.u8(1).string(error);
        }
        return out.u64(micros)
                .u64(returned == null ? 0 : V1Writer.MICROS)
                .u32(requestId)
                .toBytes();
    }

    private void queryRows(List<QueryDelta> rows, boolean deletes) {
        out.u32(rows.size());
        for (QueryDelta delta : rows) {
            out.string(delta.query().relation());
            lists.write(delta.query(), deletes ? delta.deletes() : delta.inserts(), out);
        }
    }

    private void update(List<SetDelta> sets) {
        out.u32(sets.size());
        for (SetDelta set : sets) {
            out.u32(set.querySetId()).u32(set.tables().size());
            for (List<QueryDelta> table : set.tables()) {
                out.string(table.get(0).query().relation()).u32(table.size());
                for (QueryDelta delta : table) {
                    if (delta.query().event()) {
                        out.u8(1);
                        lists.write(delta.query(), delta.inserts(), out);
                    } else {
                        out.u8(0);
                        lists.write(delta.query(), delta.inserts(), out);
                        lists.write(delta.query(), delta.deletes(), out);
                    }
                }
            }
        }
    }
}
