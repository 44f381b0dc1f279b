package dev.tributary.spacetimedb;

import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.testkit.simulation.SimulatedConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The far end of a WebSocket that says what the test wants it to say, in {@code v1.json}. Schemas come from the model. */
final class Puppet {

    static final String SELF = "c200" + "0".repeat(60);
    static final int CONNECTION = 77;

    final List<String> received = new ArrayList<>();
    final List<Integer> closed = new ArrayList<>();
    SimulatedConnection connection;
    private final Rig rig;

    Puppet(Rig rig) {
        this.rig = rig;
        rig.intercept = wire -> {
            if (!(wire.target() instanceof WebSocketTarget)) {
                return false;
            }
            accept(wire);
            return true;
        };
    }

    private void accept(SimulatedConnection wire) {
        connection = wire;
        wire.head(101, Map.of("sec-websocket-protocol", "v1.json.spacetimedb"));
        wire.listen(new SimulatedConnection.ClientListener() {
            @Override
            public void message(DataKind kind, ByteBuffer bytes) {
                received.add(StandardCharsets.UTF_8.decode(bytes.duplicate()).toString());
            }

            @Override
            public void closed(int code, String reason) {
                closed.add(code);
            }
        });
        wire.text("{\"IdentityToken\":{\"identity\":{\"__identity__\":\"0x" + SELF + "\"},\"token\":\"t0ken\","
                + "\"connection_id\":{\"__connection_id__\":" + CONNECTION + "}}}");
    }

    void say(String json) {
        connection.text(json);
        rig.run();
    }

    /** The number of a field in the last message that has it. */
    long last(String field) {
        for (int i = received.size() - 1; i >= 0; i--) {
            String text = received.get(i);
            int at = text.indexOf("\"" + field + "\":");
            if (at >= 0) {
                String digits = text.substring(at + field.length() + 3).replaceFirst("^\\D*?(\\d+).*$", "$1");
                return Long.parseLong(digits);
            }
        }
        throw new AssertionError("no " + field + " in " + received);
    }

    long lastId() {
        return last("query_id");
    }

    static String table(String table, String deletes, String inserts) {
        return "{\"table_id\":4097,\"table_name\":\"" + table + "\",\"num_rows\":1,\"updates\":[{\"deletes\":["
                + deletes + "],\"inserts\":[" + inserts + "]}]}";
    }

    /** A row in the computed form. */
    static String row(long id, long v) {
        return "\"[" + id + "," + v + "]\"";
    }

    void applied(String... inserts) {
        say("{\"SubscribeMultiApplied\":{\"request_id\":" + last("request_id")
                + ",\"total_host_execution_duration_micros\":4,\"query_id\":{\"id\":" + lastId()
                + "},\"update\":{\"tables\":[" + table("stock", "", String.join(",", inserts)) + "]}}}");
    }

    void light(String tables) {
        light(9, tables);
    }

    void light(long requestId, String tables) {
        say("{\"TransactionUpdateLight\":{\"request_id\":" + requestId + ",\"update\":{\"tables\":[" + tables + "]}}}");
    }

    /** A full update; {@code status} is JSON. */
    void full(String status, String reducer, long reducerId, long connectionId, long requestId) {
        full(status, reducer, reducerId, connectionId, requestId, "[]");
    }

    void full(String status, String reducer, long reducerId, long connectionId, long requestId, String args) {
        say("{\"TransactionUpdate\":{\"status\":" + status
                + ",\"timestamp\":{\"__timestamp_micros_since_unix_epoch__\":1735689600000000},"
                + "\"caller_identity\":{\"__identity__\":\"0x" + SELF + "\"},"
                + "\"caller_connection_id\":{\"__connection_id__\":" + connectionId + "},"
                + "\"reducer_call\":{\"reducer_name\":\"" + reducer + "\",\"reducer_id\":" + reducerId
                + ",\"args\":\"" + args + "\",\"request_id\":" + requestId + "},"
                + "\"energy_quanta_used\":{\"quanta\":260},"
                + "\"total_host_execution_duration\":{\"__time_duration_micros__\":450}}}");
    }

    static String committed(String tables) {
        return "{\"Committed\":{\"tables\":[" + tables + "]}}";
    }
}
