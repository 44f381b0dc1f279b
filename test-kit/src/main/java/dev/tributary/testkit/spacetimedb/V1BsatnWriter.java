package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server messages of {@code v1.bsatn}. */
final class V1BsatnWriter implements V1Writer {

    private final Database database;
    private final RowListWriter lists;
    /** How single query updates are compressed. */
    private final Compression inside;

    private BsatnWriter out = new BsatnWriter();

    V1BsatnWriter(Database database, @Nullable RowDamage damage, Compression inside) {
        this.database = database;
        this.inside = inside;
        lists = new RowListWriter(database.module().types(), damage);
    }

    private BsatnWriter begin(int tag, List<List<QueryDelta>> update) {
        long size = 256;
        for (List<QueryDelta> entry : update) {
            for (QueryDelta delta : entry) {
                size += 256L + RowListWriter.estimate(delta.deletes()) + RowListWriter.estimate(delta.inserts());
            }
        }
        out = new BsatnWriter((int) Math.min(size, Integer.MAX_VALUE - 16L));
        return out.u8(Compression.NONE.tag()).u8(tag);
    }

    @Override
    public byte[] identityToken(BigInteger identity, String token, BigInteger connection) {
        return begin(3, List.of())
                .integer(identity, 32)
                .string(token)
                .integer(connection, 16)
                .toBytes();
    }

    @Override
    public byte[] initialSubscription(List<List<QueryDelta>> update, long requestId) {
        begin(0, update);
        update(update);
        return out.u32(requestId).u64(MICROS).toBytes();
    }

    @Override
    public byte[] transactionUpdate(
            @Nullable List<List<QueryDelta>> committed, @Nullable String failure, long micros, CallCause cause) {
        begin(1, committed == null ? List.of() : committed);
        if (committed != null) {
            out.u8(0);
            update(committed);
        } else if (failure != null) {
            out.u8(1).string(failure);
        } else {
            out.u8(2);
        }
        BigInteger connection = cause.connection();
        return out.u64(micros)
                .integer(cause.identity(), 32)
                .integer(connection == null ? BigInteger.ZERO : connection, 16)
                .string(cause.reducer())
                .u32(cause.reducerId())
                .bytes(cause.bsatnArguments())
                .u32(cause.requestId())
                .integer(BigInteger.valueOf(ENERGY), 16)
                .u64(MICROS)
                .toBytes();
    }

    @Override
    public byte[] light(long requestId, List<List<QueryDelta>> update) {
        begin(2, update).u32(requestId);
        update(update);
        return out.toBytes();
    }

    @Override
    public byte[] applied(boolean subscribed, long requestId, long queryId, QueryDelta rows) {
        begin(subscribed ? 5 : 6, List.of(List.of(rows)))
                .u32(requestId)
                .u64(MICROS)
                .u32(queryId)
                .u32(database.id(rows.query().relation()))
                .string(rows.query().relation());
        entry(List.of(rows));
        return out.toBytes();
    }

    @Override
    public byte[] multiApplied(boolean subscribed, long requestId, long queryId, List<List<QueryDelta>> update) {
        begin(subscribed ? 8 : 9, update).u32(requestId).u64(MICROS).u32(queryId);
        update(update);
        return out.toBytes();
    }

    @Override
    public byte[] error(@Nullable Long requestId, @Nullable Long queryId, String error) {
        return begin(7, List.of())
                .u64(MICROS)
                .optionU32(requestId)
                .optionU32(queryId)
                .optionU32(null)
                .string(error)
                .toBytes();
    }

    @Override
    public byte[] oneOff(byte[] messageId, @Nullable String error, @Nullable QueryDelta rows) {
        begin(4, rows == null ? List.of() : List.of(List.of(rows))).bytes(messageId);
        if (error == null) {
            out.u8(1);
        } else {
            out.u8(0).string(error);
        }
        out.u32(rows == null ? 0 : 1);
        if (rows != null) {
            out.string(rows.query().relation());
            lists.write(rows.query(), rows.inserts(), out);
        }
        return out.u64(MICROS).toBytes();
    }

    @Override
    public byte[] procedureResult(
            byte @Nullable [] returned, SpacetimeType type, String error, long micros, long requestId) {
        begin(10, List.of());
        if (returned != null) {
            out.u8(0).bytes(returned);
        } else {
            out.u8(2).string(error);
        }
        return out.u64(micros).u64(returned == null ? 0 : MICROS).u32(requestId).toBytes();
    }

    private void update(List<List<QueryDelta>> update) {
        out.u32(update.size());
        update.forEach(this::entry);
    }

    private void entry(List<QueryDelta> deltas) {
        String relation = deltas.get(0).query().relation();
        long rows = 0;
        for (QueryDelta delta : deltas) {
            rows += delta.deletes().size() + delta.inserts().size();
        }
        out.u32(database.id(relation)).string(relation).u64(rows).u32(deltas.size());
        for (QueryDelta delta : deltas) {
            BsatnWriter outer = out;
            if (inside != Compression.NONE) {
                out = new BsatnWriter();
            } else {
                out.u8(0);
            }
            lists.write(delta.query(), delta.deletes(), out);
            lists.write(delta.query(), delta.inserts(), out);
            if (inside != Compression.NONE) {
                byte[] plain = out.toBytes();
                out = outer;
                if (plain.length > Compression.THRESHOLD) {
                    out.u8(inside.tag()).bytes(inside.compress(plain, 0, plain.length));
                } else {
                    out.u8(0).raw(plain);
                }
            }
        }
    }
}
