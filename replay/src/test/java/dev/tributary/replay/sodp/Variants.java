package dev.tributary.replay.sodp;

import dev.tributary.replay.recording.Documents;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The same conversation as it might have been recorded on another day. */
final class Variants {

    private static final Duration APART = Duration.ofSeconds(3);

    private Variants() {}

    private static Transcript.Event with(Transcript.Event event, Map<String, Object> members, Duration time) {
        return new Transcript.Event(event.line(), event.kind(), time, members);
    }

    private static Transcript rewritten(Transcript from, UnaryOperator<Frame> frames, UnaryOperator<String> keys)
            throws TranscriptException {
        List<Transcript.Event> events = new ArrayList<>();
        for (Line line : Analysis.of(from)) {
            Map<String, Object> members = new LinkedHashMap<>(line.event().members());
            if (line.frame() != null) {
                Frame frame = frames.apply(line.frame());
                members.put("binary64", FrameText.of(frame.type(), frame.stream(), frame.seq(), frame.body()));
            }
            members.computeIfPresent("now", (name, now) -> renamed(now, keys));
            events.add(with(line.event(), members, line.event().time()));
        }
        Map<String, Object> header = new LinkedHashMap<>(from.header());
        header.put("query", from.queries().stream().map(keys).toList());
        header.put("final", renamed(from.finalState(), keys));
        return new Transcript(from.name(), header, events);
    }

    private static Object renamed(Object states, UnaryOperator<String> keys) {
        Map<String, Object> renamed = new LinkedHashMap<>();
        Json.members(states).forEach((key, state) -> renamed.put(keys.apply(key), state));
        return renamed;
    }

    private static Frame with(Frame frame, long stream, Map<String, Object> body) {
        return new Frame(frame.type(), stream, frame.seq(), body, frame.bytes(), frame.streamAt(), frame.callIdAt());
    }

    /** Other keys, call ids and stream numbers. */
    static Transcript renamed(Transcript from) throws TranscriptException {
        UnaryOperator<String> keys = key -> "other-" + key;
        return rewritten(
                from,
                frame -> {
                    Map<String, Object> body = new LinkedHashMap<>(frame.body());
                    body.computeIfPresent("state", (name, key) -> key instanceof String text ? keys.apply(text) : key);
                    body.computeIfPresent("key", (name, key) -> key instanceof String text ? keys.apply(text) : key);
                    body.computeIfPresent(
                            "states",
                            (name, all) -> ((List<?>) all)
                                    .stream()
                                            .map(key -> (Object) keys.apply((String) key))
                                            .toList());
                    body.computeIfPresent("call_id", (name, id) -> "unknown".equals(id) ? id : id + "-other");
                    body.computeIfPresent("args", (name, given) -> {
                        Map<Object, Object> arguments = new LinkedHashMap<>((Map<?, ?>) given);
                        arguments.computeIfPresent(
                                "state", (state, key) -> key instanceof String text ? keys.apply(text) : key);
                        return arguments;
                    });
                    boolean isServers = frame.type() == Frame.STATE_INIT || frame.type() == Frame.DELTA;
                    return with(frame, isServers ? frame.stream() + 500 : frame.stream(), body);
                },
                keys);
    }

    /** Frames of different keys that follow each other, the other way round. */
    static Transcript swapped(Transcript from) throws TranscriptException {
        List<Line> lines = Analysis.of(from);
        List<Transcript.Event> events = new ArrayList<>(from.events());
        for (int i = 0; i + 1 < lines.size(); i++) {
            Line one = lines.get(i);
            Line two = lines.get(i + 1);
            boolean independent = one.topic() != null
                    && two.topic() != null
                    && one.topic().key() != null
                    && two.topic().key() != null
                    && !one.topic().key().equals(two.topic().key());
            if (independent && one.connection().equals(two.connection())) {
                events.set(
                        i, with(two.event(), two.event().members(), one.event().time()));
                events.set(
                        i + 1,
                        with(one.event(), one.event().members(), two.event().time()));
                i++;
            }
        }
        return new Transcript(from.name(), from.header(), events);
    }

    /** Cut behind the first {@code now} after which more comes on the connection; null where there is none. */
    static Transcript split(Transcript from) throws TranscriptException {
        List<Line> lines = Analysis.of(from);
        for (int i = 0; i < lines.size(); i++) {
            String id = lines.get(i).event().members().containsKey("now") ? openAt(lines, i) : "";
            if (!id.isEmpty()) {
                return split(from, lines, i, id);
            }
        }
        return null;
    }

    /** The connection that is open there and has deltas to come; empty for none. */
    private static String openAt(List<Line> lines, int at) {
        String open = "";
        for (Line line : lines.subList(0, at)) {
            open = line.is("ws-open") ? line.connection() : line.is("ws-close") ? "" : open;
        }
        String id = open;
        boolean goesOn = lines.subList(at, lines.size()).stream()
                .anyMatch(line -> line.connection().equals(id)
                        && line.frame() != null
                        && line.frame().type() == Frame.DELTA);
        return goesOn ? id : "";
    }

    private static Transcript split(Transcript from, List<Line> lines, int at, String id) {
        List<Transcript.Event> events = new ArrayList<>(from.events().subList(0, at + 1));
        Transcript.Event place = lines.get(at).event();
        Line hello = lines.stream()
                .filter(line -> line.connection().equals(id) && line.frame() != null)
                .findFirst()
                .orElseThrow();
        Duration then = place.time().plus(APART);
        events.add(
                event(place, "ws-close", place.time(), Map.of("id", id, "by", "drop", "code", new BigDecimal(1006))));
        events.add(event(place, "ws-open", then, Map.of("id", id + "b", "target", "/")));
        events.add(frame(place, "ws-recv", id + "b", then, hello.event().text("binary64")));
        Map<String, Long> streams = new HashMap<>();
        Map<Long, Long> moved = new HashMap<>();
        Json.members(place.members().get("now")).forEach((key, state) -> {
            Map<String, Object> now = Json.members(state);
            long version = ((BigDecimal) now.get("version")).longValue();
            long stream = 900L + streams.size();
            streams.put(key, stream);
            Map<String, Object> asked = new LinkedHashMap<>(Map.of("state", key));
            if (version > 0) {
                asked.put("since_version", version);
            }
            events.add(frame(
                    place,
                    "ws-send",
                    id + "b",
                    then,
                    FrameText.of(version > 0 ? Frame.RESUME : Frame.WATCH, stream, 0, asked)));
            Map<String, Object> init = new LinkedHashMap<>();
            init.put("state", key);
            init.put("version", version);
            init.put("value", Documents.plain(now.get("value")));
            init.put("initialized", now.get("initialized"));
            events.add(frame(place, "ws-recv", id + "b", then, FrameText.of(Frame.STATE_INIT, stream, 0, init)));
        });
        for (Line line : lines.subList(0, at)) {
            boolean binds = line.connection().equals(id)
                    && line.is("ws-recv")
                    && line.frame() != null
                    && line.frame().type() == Frame.STATE_INIT;
            if (binds && streams.containsKey(line.frame().text("state"))) {
                moved.put(line.frame().stream(), streams.get(line.frame().text("state")));
            }
        }
        for (Line line : lines.subList(at + 1, lines.size())) {
            events.add(moved(line, id, moved));
        }
        return new Transcript(from.name(), from.header(), events);
    }

    private static Transcript.Event moved(Line line, String id, Map<Long, Long> streams) {
        Map<String, Object> members = new LinkedHashMap<>(line.event().members());
        if (line.connection().equals(id)) {
            members.put("id", id + "b");
            Frame frame = line.frame();
            boolean isMoved = frame != null && frame.type() == Frame.DELTA && streams.containsKey(frame.stream());
            if (isMoved) {
                long stream = streams.get(frame.stream());
                members.put("binary64", FrameText.of(frame.type(), stream, frame.seq(), frame.body()));
            }
        }
        return with(line.event(), members, line.event().time().plus(APART));
    }

    private static Transcript.Event event(
            Transcript.Event place, String kind, Duration time, Map<String, Object> members) {
        return new Transcript.Event(place.line(), kind, time, new LinkedHashMap<>(members));
    }

    private static Transcript.Event frame(
            Transcript.Event place, String kind, String id, Duration time, String binary64) {
        return event(place, kind, time, Map.of("id", id, "binary64", binary64));
    }
}
