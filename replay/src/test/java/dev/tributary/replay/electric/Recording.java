package dev.tributary.replay.electric;

import dev.tributary.replay.recording.JsonTexts;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.Transcripts;
import java.util.ArrayList;
import java.util.List;

/** Writes a small transcript of Electric, exchange by exchange. */
final class Recording {

    static final String SCHEMA =
            "{\"id\":{\"type\":\"int4\",\"not_null\":true,\"pk_index\":0},\"v\":{\"type\":\"text\"}}";
    static final String UP_TO_DATE = "{\"headers\":{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\"1\"}}";
    static final String SNAPSHOT_END =
            "{\"headers\":{\"control\":\"snapshot-end\",\"xmin\":\"1\",\"xmax\":\"1\",\"xip_list\":[]}}";

    private final List<String> lines = new ArrayList<>();
    private int number;
    private int time;

    Recording(String query, String finalState) {
        this("\"query\":" + query + ",\"final\":" + finalState);
    }

    Recording(String members) {
        lines.add("{\"protocol\":\"electric\"," + members + "}");
    }

    /** The next request comes so much later. */
    Recording later(int millis) {
        time += millis;
        return this;
    }

    /** An exchange: what is asked, and the answer by status, headers ({@code name=value}, a comma between) and body. */
    Recording exchange(String query, int status, String headers, String body) {
        return exchange(query, 5, status, headers, "\"body\":" + JsonTexts.quote(body));
    }

    Recording exchange(String query, int millis, int status, String headers, String bodyMembers) {
        String id = "r" + ++number;
        time += 5;
        lines.add(
                "{\"kind\":\"http-request\",\"id\":\"%s\",\"t\":%d,\"method\":\"GET\",\"target\":\"/v1/shape?%s\",\"headers\":{},\"body\":null}"
                        .formatted(id, time, query));
        time += millis;
        StringBuilder members = new StringBuilder();
        for (String header : headers.isEmpty() ? new String[0] : headers.split(";")) {
            int equals = header.indexOf('=');
            members.append(members.isEmpty() ? "" : ",")
                    .append(JsonTexts.quote(header.substring(0, equals)))
                    .append(':')
                    .append(JsonTexts.quote(header.substring(equals + 1)));
        }
        lines.add("{\"kind\":\"http-response\",\"id\":\"%s\",\"t\":%d,\"status\":%d,\"headers\":{%s},%s}"
                .formatted(id, time, status, members, bodyMembers));
        return this;
    }

    /** A good answer that waits for nobody. */
    Recording catchUp(String query, String handle, String offset, String... messages) {
        return exchange(query, 200, catchUpHeaders(handle, offset, messages), body(messages));
    }

    /** A good answer to a live request. */
    Recording live(String query, String handle, String offset, String cursor, String... messages) {
        return exchange(query, 200, liveHeaders(handle, offset, cursor, messages), body(messages));
    }

    static String catchUpHeaders(String handle, String offset, String... messages) {
        return "electric-handle=" + handle + ";electric-offset=" + offset + ";electric-schema=" + SCHEMA
                + upToDate(messages);
    }

    static String liveHeaders(String handle, String offset, String cursor, String... messages) {
        return "electric-handle=" + handle + ";electric-offset=" + offset + ";electric-cursor=" + cursor
                + upToDate(messages);
    }

    private static String upToDate(String... messages) {
        boolean is = messages.length > 0 && messages[messages.length - 1].equals(UP_TO_DATE);
        return is ? ";electric-up-to-date=" : "";
    }

    static String body(String... messages) {
        return "[" + String.join(",", messages) + "]";
    }

    static String row(String table, int id, String value) {
        return "{\"key\":\"\\\"public\\\".\\\"%s\\\"/\\\"%d\\\"\",\"value\":{\"id\":\"%d\",\"v\":\"%s\"},\"headers\":{\"operation\":\"insert\"}}"
                .formatted(table, id, id, value);
    }

    static String change(String operation, String table, int id, String value, int lsn, int position) {
        return "{\"key\":\"\\\"public\\\".\\\"%s\\\"/\\\"%d\\\"\",\"value\":{\"id\":\"%d\"%s},\"headers\":{\"operation\":\"%s\",\"lsn\":\"%d\",\"op_position\":%d,\"txids\":[1]}}"
                .formatted(table, id, id, value == null ? "" : ",\"v\":\"" + value + "\"", operation, lsn, position);
    }

    static String held(String table, int id, String value) {
        return "\"\\\"public\\\".\\\"%s\\\"/\\\"%d\\\"\":{\"id\":\"%d\",\"v\":\"%s\"}".formatted(table, id, id, value);
    }

    Recording line(String line) {
        lines.add(line);
        return this;
    }

    Transcript transcript() {
        return Transcripts.parse(lines.toArray(String[]::new));
    }

    Outcome replay() {
        return new ElectricReplay().judge(transcript(), new ReplayOptions(1, 0));
    }
}
