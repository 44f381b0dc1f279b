package dev.tributary.replay.sodp;

import dev.tributary.replay.recording.JsonTexts;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcripts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a small transcript of SODP, frame by frame. */
final class Recorded {

    private final List<String> lines = new ArrayList<>();
    private int time;

    /** @param members of the header beside the protocol, as JSON */
    Recorded(String members) {
        lines.add("{\"protocol\":\"sodp\"," + members + "}");
    }

    /** One that ends with this value of the key {@code k}. */
    static Recorded endsWith(String value, long version) {
        return new Recorded("\"query\":[\"k\"],\"final\":{\"k\":" + state(value, version) + "}");
    }

    static String state(String value, long version) {
        return "{\"value\":" + value + ",\"version\":" + version + ",\"initialized\":true}";
    }

    Recorded line(String kind, String id, String members) {
        time += 10;
        lines.add("{\"kind\":\"%s\",\"id\":\"%s\",\"t\":%d%s}"
                .formatted(kind, id, time, members.isEmpty() ? "" : "," + members));
        return this;
    }

    /** What comes next comes so much later. */
    Recorded later(int millis) {
        time += millis;
        return this;
    }

    Recorded rust(String id) {
        return open(id, Map.of("auth", false, "server", "SODP-RS", "version", "0.1", "capabilities", abilities()));
    }

    Recorded typeScript(String id) {
        return open(
                id,
                Map.of(
                        "protocol",
                        "sodp",
                        "version",
                        "1.0",
                        "server",
                        "x",
                        "auth",
                        false,
                        "capabilities",
                        abilities()));
    }

    static Map<String, Object> abilities() {
        return Map.of("multi_watch", true, "params", true, "resume", true);
    }

    Recorded open(String id, Map<String, Object> hello) {
        return line("ws-open", id, "\"target\":\"/\"").hears(id, Frame.HELLO, 0, hello);
    }

    Recorded hears(String id, int type, long stream, Object body) {
        return line("ws-recv", id, "\"binary64\":\"" + FrameText.of(type, stream, 0, body) + "\"");
    }

    Recorded says(String id, int type, long stream, Object body) {
        return line("ws-send", id, "\"binary64\":\"" + FrameText.of(type, stream, 0, body) + "\"");
    }

    Recorded watches(String id, String key) {
        return says(id, Frame.WATCH, 10, Map.of("state", key));
    }

    Recorded unwatches(String id, String key) {
        return says(id, Frame.UNWATCH, 0, Map.of("state", key));
    }

    Recorded resumes(String id, String key, long since) {
        return says(id, Frame.RESUME, 10, Map.of("state", key, "since_version", since));
    }

    Recorded init(String id, long stream, String key, long version, Object value) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("state", key);
        body.put("version", version);
        body.put("value", value);
        body.put("initialized", version > 0);
        return hears(id, Frame.STATE_INIT, stream, body);
    }

    /** A delta of Rust's, of one step. */
    Recorded delta(String id, long stream, long version, String op, String path, Object value) {
        return hears(
                id,
                Frame.DELTA,
                stream,
                Map.of("version", version, "ops", List.of(Map.of("op", op, "path", path, "value", value))));
    }

    Recorded calls(String id, String callId, String method, Map<String, Object> arguments) {
        return says(id, Frame.CALL, 0, Map.of("call_id", callId, "method", method, "args", arguments));
    }

    Recorded drops(String id) {
        return line("ws-close", id, "\"by\":\"drop\",\"code\":1006,\"reason\":\"\"");
    }

    Recorded now(String key, String state) {
        time += 10;
        lines.add("{\"kind\":\"truth\",\"t\":%d,\"note\":\"now\",\"now\":{%s:%s}}"
                .formatted(time, JsonTexts.quote(key), state));
        return this;
    }

    Outcome replay() {
        return new SodpReplay().judge(Transcripts.parse(lines.toArray(String[]::new)), new ReplayOptions(1, 0));
    }
}
