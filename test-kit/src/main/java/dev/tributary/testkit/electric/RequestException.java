package dev.tributary.testkit.electric;

import java.util.Map;
import java.util.TreeMap;

/** A request the server refuses, normally with 400 and a message by field. */
final class RequestException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String body;

    RequestException(Map<String, String> errors) {
        this(400, body(errors));
    }

    RequestException(String field, String message) {
        this(Map.of(field, message));
    }

    private RequestException(int status, String body) {
        super(body, null, false, false);
        this.status = status;
        this.body = body;
    }

    /** A system table: the real server fails to publish it and calls that its own error. */
    static RequestException unpublishable(TableName table) {
        String reason =
                "Unexpected error while creating snapshot: cannot add relation \"" + table.name() + "\" to publication";
        return new RequestException(500, "{\"message\":" + JsonBytes.quoted(reason) + "}");
    }

    int status() {
        return status;
    }

    /** The response body the real server sends. */
    String body() {
        return body;
    }

    private static String body(Map<String, String> errors) {
        StringBuilder out = new StringBuilder("{\"message\":\"Invalid request\",\"errors\":{");
        String comma = "";
        for (Map.Entry<String, String> error : new TreeMap<>(errors).entrySet()) {
            out.append(comma).append(JsonBytes.quoted(error.getKey()));
            out.append(":[").append(JsonBytes.quoted(error.getValue())).append(']');
            comma = ",";
        }
        return out.append("}}").toString();
    }
}
