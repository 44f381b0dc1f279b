package dev.tributary.electric;

import dev.tributary.spi.Head;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An answer of the server, in pieces. */
record Reply(int status, Map<String, String> headers, byte[] body) {

    static final String SCHEMA =
            "{\"id\":{\"type\":\"int4\",\"not_null\":true,\"pk_index\":0},\"v\":{\"type\":\"text\"}}";
    static final String UP_TO_DATE = "{\"headers\":{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\"900\"}}";
    static final String SNAPSHOT_END =
            "{\"headers\":{\"control\":\"snapshot-end\",\"xmin\":\"100\",\"xmax\":\"110\",\"xip_list\":[\"105\"]}}";

    static Reply status(int status) {
        return new Reply(status, Map.of(), new byte[0]);
    }

    /** A good answer to a request that catches up. */
    static Reply caughtUp(String handle, String offset, String... messages) {
        return status(200)
                .with("electric-handle", handle)
                .with("electric-offset", offset)
                .with("electric-schema", SCHEMA)
                .messages(messages);
    }

    /** A good answer to a live request. */
    static Reply live(String handle, String offset, String cursor, String... messages) {
        return status(200)
                .with("electric-handle", handle)
                .with("electric-offset", offset)
                .with("electric-cursor", cursor)
                .messages(messages);
    }

    Reply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, more, body);
    }

    Reply without(String header) {
        Map<String, String> fewer = new LinkedHashMap<>(headers);
        fewer.remove(header);
        return new Reply(status, fewer, body);
    }

    Reply text(String text) {
        return new Reply(status, headers, text.getBytes(StandardCharsets.UTF_8));
    }

    Reply messages(String... messages) {
        Reply reply = text("[" + String.join(",", messages) + "]");
        boolean upToDate = messages.length > 0 && messages[messages.length - 1].contains("up-to-date");
        return upToDate ? reply.with("electric-up-to-date", "") : reply;
    }

    Head head() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        return new Head(status, all);
    }

    /** A row of a snapshot. */
    static String row(int id, String value) {
        return "{\"key\":\"\\\"public\\\".\\\"items\\\"/\\\"" + id + "\\\"\",\"value\":{\"id\":\"" + id + "\",\"v\":\""
                + value + "\"},\"headers\":{\"relation\":[\"public\",\"items\"],\"operation\":\"insert\"}}";
    }

    /** A streamed change. */
    static String change(String operation, int id, String value, long lsn, long position) {
        String columns =
                "{\"id\":\"" + id + "\"" + (operation.equals("delete") ? "" : ",\"v\":\"" + value + "\"") + "}";
        return "{\"value\":" + columns + ",\"key\":\"\\\"public\\\".\\\"items\\\"/\\\"" + id
                + "\\\"\",\"headers\":{\"last\":true,\"relation\":[\"public\",\"items\"],\"operation\":\"" + operation
                + "\",\"lsn\":\"" + lsn + "\",\"op_position\":" + position + ",\"txids\":[" + lsn + "]}}";
    }
}
