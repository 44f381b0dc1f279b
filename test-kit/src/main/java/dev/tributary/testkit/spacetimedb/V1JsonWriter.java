package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.model.RustJson;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server messages of {@code v1.json}. */
final class V1JsonWriter implements V1Writer {

    private final Database database;
    private final StringBuilder out = new StringBuilder();

    V1JsonWriter(Database database) {
        this.database = database;
    }

    @Override
    public byte[] identityToken(BigInteger identity, String token, BigInteger connection) {
        out.append("{\"IdentityToken\":{\"identity\":");
        identity(identity);
        out.append(",\"token\":").append(RustJson.quoted(token)).append(",\"connection_id\":");
        connection(connection);
        return end();
    }

    @Override
    public byte[] initialSubscription(List<List<QueryDelta>> update, long requestId) {
        out.append("{\"InitialSubscription\":{\"database_update\":");
        update(update);
        out.append(",\"request_id\":").append(requestId);
        duration();
        return end();
    }

    @Override
    public byte[] transactionUpdate(
            @Nullable List<List<QueryDelta>> committed, @Nullable String failure, long micros, CallCause cause) {
        out.append("{\"TransactionUpdate\":{\"status\":{");
        if (committed != null) {
            out.append("\"Committed\":");
            update(committed);
        } else if (failure != null) {
            out.append("\"Failed\":").append(RustJson.quoted(failure));
        } else {
            out.append("\"OutOfEnergy\":[]");
        }
        out.append("},\"timestamp\":");
        timestamp(micros);
        out.append(",\"caller_identity\":");
        identity(cause.identity());
        out.append(",\"caller_connection_id\":");
        BigInteger connection = cause.connection();
        connection(connection == null ? BigInteger.ZERO : connection);
        out.append(",\"reducer_call\":{\"reducer_name\":")
                .append(RustJson.quoted(cause.reducer()))
                .append(",\"reducer_id\":")
                .append(cause.reducerId())
                .append(",\"args\":")
                .append(RustJson.quoted(cause.jsonArguments()))
                .append(",\"request_id\":")
                .append(cause.requestId())
                .append("},\"energy_quanta_used\":{\"quanta\":")
                .append(ENERGY)
                .append('}');
        duration();
        return end();
    }

    @Override
    public byte[] light(long requestId, List<List<QueryDelta>> update) {
        out.append("{\"TransactionUpdateLight\":{\"request_id\":")
                .append(requestId)
                .append(",\"update\":");
        update(update);
        return end();
    }

    @Override
    public byte[] applied(boolean subscribed, long requestId, long queryId, QueryDelta rows) {
        String relation = rows.query().relation();
        begin(subscribed ? "SubscribeApplied" : "UnsubscribeApplied", requestId, queryId);
        out.append(",\"rows\":{\"table_id\":")
                .append(database.id(relation))
                .append(",\"table_name\":")
                .append(RustJson.quoted(relation))
                .append(",\"table_rows\":");
        entry(List.of(rows));
        out.append('}');
        return end();
    }

    @Override
    public byte[] multiApplied(boolean subscribed, long requestId, long queryId, List<List<QueryDelta>> update) {
        begin(subscribed ? "SubscribeMultiApplied" : "UnsubscribeMultiApplied", requestId, queryId);
        out.append(",\"update\":");
        update(update);
        return end();
    }

    private void begin(String variant, long requestId, long queryId) {
        out.append("{\"")
                .append(variant)
                .append("\":{\"request_id\":")
                .append(requestId)
                .append(",\"total_host_execution_duration_micros\":")
                .append(MICROS)
                .append(",\"query_id\":{\"id\":")
                .append(queryId)
                .append('}');
    }

    @Override
    public byte[] error(@Nullable Long requestId, @Nullable Long queryId, String error) {
        out.append("{\"SubscriptionError\":{\"total_host_execution_duration_micros\":")
                .append(MICROS)
                .append(",\"request_id\":")
                .append(option(requestId))
                .append(",\"query_id\":")
                .append(option(queryId))
                .append(",\"table_id\":{\"none\":[]},\"error\":")
                .append(RustJson.quoted(error));
        return end();
    }

    @Override
    public byte[] oneOff(byte[] messageId, @Nullable String error, @Nullable QueryDelta rows) {
        out.append("{\"OneOffQueryResponse\":{\"message_id\":\"")
                .append(HexFormat.of().formatHex(messageId))
                .append("\",\"error\":")
                .append(error == null ? "{\"none\":[]}" : "{\"some\":" + RustJson.quoted(error) + "}")
                .append(",\"tables\":[");
        if (rows != null) {
            out.append("{\"table_name\":")
                    .append(RustJson.quoted(rows.query().relation()))
                    .append(",\"rows\":");
            rows(rows.query(), rows.inserts());
            out.append('}');
        }
        out.append(']');
        duration();
        return end();
    }

    @Override
    public byte[] procedureResult(
            byte @Nullable [] returned, SpacetimeType type, String error, long micros, long requestId) {
        out.append("{\"ProcedureResult\":{\"status\":{");
        if (returned != null) {
            String json = RowJson.text(database.module().types(), type, returned, false);
            out.append("\"Returned\":").append(RustJson.quoted(json));
        } else {
            out.append("\"InternalError\":").append(RustJson.quoted(error));
        }
        out.append("},\"timestamp\":");
        timestamp(micros);
        out.append(",\"total_host_execution_duration\":{\"__time_duration_micros__\":")
                .append(returned == null ? 0 : MICROS)
                .append("},\"request_id\":")
                .append(requestId);
        return end();
    }

    private byte[] end() {
        return out.append("}}").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String option(@Nullable Long value) {
        return value == null ? "{\"none\":[]}" : "{\"some\":" + value + "}";
    }

    private void identity(BigInteger identity) {
        out.append("{\"__identity__\":\"").append(RowJson.hex(identity)).append("\"}");
    }

    private void connection(BigInteger connection) {
        out.append("{\"__connection_id__\":").append(connection).append('}');
    }

    private void timestamp(long micros) {
        out.append("{\"__timestamp_micros_since_unix_epoch__\":").append(micros).append('}');
    }

    private void duration() {
        out.append(",\"total_host_execution_duration\":{\"__time_duration_micros__\":")
                .append(MICROS)
                .append('}');
    }

    private void update(List<List<QueryDelta>> update) {
        out.append("{\"tables\":[");
        String comma = "";
        for (List<QueryDelta> entry : update) {
            out.append(comma);
            comma = ",";
            entry(entry);
        }
        out.append("]}");
    }

    private void entry(List<QueryDelta> deltas) {
        String relation = deltas.get(0).query().relation();
        long rows = 0;
        for (QueryDelta delta : deltas) {
            rows += delta.deletes().size() + delta.inserts().size();
        }
        out.append("{\"table_id\":")
                .append(database.id(relation))
                .append(",\"table_name\":")
                .append(RustJson.quoted(relation))
                .append(",\"num_rows\":")
                .append(rows)
                .append(",\"updates\":[");
        String comma = "";
        for (QueryDelta delta : deltas) {
            out.append(comma).append("{\"deletes\":");
            comma = ",";
            rows(delta.query(), delta.deletes());
            out.append(",\"inserts\":");
            rows(delta.query(), delta.inserts());
            out.append('}');
        }
        out.append("]}");
    }

    private void rows(Query query, RowBag bag) {
        out.append('[');
        for (int i = 0; i < bag.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            RustJson.quote(
                    RowJson.text(
                            database.module().types(),
                            database.module().rowType(query.relation()),
                            bag.rows().get(i).bytes(),
                            bag.isStored(i)),
                    out);
        }
        out.append(']');
    }
}
