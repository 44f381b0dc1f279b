package dev.tributary.replay.spacetimedb;

import static dev.tributary.replay.spacetimedb.Layout.fields;
import static dev.tributary.replay.spacetimedb.Layout.integer;
import static dev.tributary.replay.spacetimedb.Layout.option;
import static dev.tributary.replay.spacetimedb.Layout.variants;

/**
 * The server messages in BSATN (specification 3.4 and 3.5), read by themselves and not by the transport: this is the
 * other side of the comparison. Those of v1 are named as {@code v1.json} names them.
 */
final class ServerLayouts {

    private static final Layout U32 = integer(4);
    private static final Layout I64 = integer(8);
    private static final Layout U128 = integer(16);
    private static final Layout TEXT = new Layout.Text();
    private static final Layout OCTETS = new Layout.Octets();
    private static final Layout ROWS = new Layout.Rows();
    private static final Layout UNIT = fields();
    private static final Layout IDENTITY = fields("__identity__", integer(32));
    private static final Layout CONNECTION_ID = fields("__connection_id__", U128);
    private static final Layout QUERY_ID = fields("id", U32);

    private static final Layout TABLE_UPDATE = fields(
            "table_id",
            U32,
            "table_name",
            TEXT,
            "num_rows",
            I64,
            "updates",
            new Layout.Elements(variants(
                    "Uncompressed", fields("deletes", ROWS, "inserts", ROWS), "Brotli", OCTETS, "Gzip", OCTETS)));
    private static final Layout DATABASE_UPDATE = fields("tables", new Layout.Elements(TABLE_UPDATE));
    private static final Layout OF_ONE_QUERY = fields(
            "request_id",
            U32,
            "total_host_execution_duration_micros",
            I64,
            "query_id",
            QUERY_ID,
            "rows",
            fields("table_id", U32, "table_name", TEXT, "table_rows", TABLE_UPDATE));
    private static final Layout OF_QUERIES = fields(
            "request_id",
            U32,
            "total_host_execution_duration_micros",
            I64,
            "query_id",
            QUERY_ID,
            "update",
            DATABASE_UPDATE);
    private static final Layout CALL =
            fields("reducer_name", TEXT, "reducer_id", U32, "args", OCTETS, "request_id", U32);

    /** The messages of {@code v1.bsatn}. */
    static final Layout FIRST = variants(
            "InitialSubscription",
            fields("database_update", DATABASE_UPDATE, "request_id", U32, "total_host_execution_duration", I64),
            "TransactionUpdate",
            fields(
                    "status",
                    variants("Committed", DATABASE_UPDATE, "Failed", TEXT, "OutOfEnergy", UNIT),
                    "timestamp",
                    I64,
                    "caller_identity",
                    IDENTITY,
                    "caller_connection_id",
                    CONNECTION_ID,
                    "reducer_call",
                    CALL,
                    "energy_quanta_used",
                    U128,
                    "total_host_execution_duration",
                    I64),
            "TransactionUpdateLight",
            fields("request_id", U32, "update", DATABASE_UPDATE),
            "IdentityToken",
            fields("identity", IDENTITY, "token", TEXT, "connection_id", CONNECTION_ID),
            "OneOffQueryResponse",
            fields(
                    "message_id",
                    OCTETS,
                    "error",
                    option(TEXT),
                    "tables",
                    new Layout.Elements(fields("table_name", TEXT, "rows", ROWS)),
                    "total_host_execution_duration",
                    I64),
            "SubscribeApplied",
            OF_ONE_QUERY,
            "UnsubscribeApplied",
            OF_ONE_QUERY,
            "SubscriptionError",
            fields(
                    "total_host_execution_duration_micros",
                    I64,
                    "request_id",
                    option(U32),
                    "query_id",
                    option(U32),
                    "table_id",
                    option(U32),
                    "error",
                    TEXT),
            "SubscribeMultiApplied",
            OF_QUERIES,
            "UnsubscribeMultiApplied",
            OF_QUERIES,
            "ProcedureResult",
            fields(
                    "status",
                    variants("Returned", OCTETS, "OutOfEnergy", UNIT, "InternalError", TEXT),
                    "timestamp",
                    I64,
                    "total_host_execution_duration",
                    I64,
                    "request_id",
                    U32));

    private static final Layout QUERY_ROWS =
            fields("tables", new Layout.Elements(fields("table_name", TEXT, "rows", ROWS)));
    private static final Layout QUERY_SETS = new Layout.Elements(fields(
            "query_set_id",
            U32,
            "tables",
            new Layout.Elements(fields(
                    "table_name",
                    TEXT,
                    "rows",
                    new Layout.Elements(variants(
                            "PersistentTable",
                            fields("inserts", ROWS, "deletes", ROWS),
                            "EventTable",
                            fields("events", ROWS)))))));

    /** The messages of {@code v2.bsatn} and {@code v3.bsatn}. */
    static final Layout SECOND = variants(
            "InitialConnection",
            fields("identity", IDENTITY, "connection_id", CONNECTION_ID, "token", TEXT),
            "SubscribeApplied",
            fields("request_id", U32, "query_set_id", U32, "rows", QUERY_ROWS),
            "UnsubscribeApplied",
            fields("request_id", U32, "query_set_id", U32, "rows", option(QUERY_ROWS)),
            "SubscriptionError",
            fields("request_id", option(U32), "query_set_id", U32, "error", TEXT),
            "TransactionUpdate",
            fields("query_sets", QUERY_SETS),
            "OneOffQueryResult",
            fields("request_id", U32, "result", variants("ok", QUERY_ROWS, "err", TEXT)),
            "ReducerResult",
            fields(
                    "request_id",
                    U32,
                    "timestamp",
                    I64,
                    "outcome",
                    variants(
                            "Ok",
                            fields("ret_value", OCTETS, "query_sets", QUERY_SETS),
                            "OkEmpty",
                            UNIT,
                            "Err",
                            OCTETS,
                            "InternalError",
                            TEXT)),
            "ProcedureResult",
            fields(
                    "status",
                    variants("Returned", OCTETS, "InternalError", TEXT),
                    "timestamp",
                    I64,
                    "total_host_execution_duration",
                    I64,
                    "request_id",
                    U32));

    private ServerLayouts() {}
}
