package dev.tributary.replay.sodp;

import dev.tributary.replay.recording.Documents;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.sodp.DeltaOp;
import dev.tributary.sodp.Sodp;
import dev.tributary.sodp.SodpDialect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Damages transcripts of SODP: one frame dropped, or one value in it altered, such that a plain client ends elsewhere. */
final class Damage {

    /**
     * A damaged transcript.
     *
     * @param what was done to it
     */
    record Damaged(String what, Transcript transcript) {}

    private static final int STRIDE = 7_919;

    private final Transcript transcript;
    private final List<Line> lines;
    private final List<Object> whole;

    Damage(Transcript transcript) throws TranscriptException {
        this.transcript = transcript;
        this.lines = Analysis.of(transcript);
        this.whole = course(lines);
    }

    /** Up to so many of each sort, from all over the transcript. */
    List<Damaged> some(int most) throws TranscriptException {
        List<Line> frames = lines.stream()
                .filter(line -> line.is("ws-recv") && line.frame() != null)
                .filter(line ->
                        line.frame().type() == Frame.DELTA || line.frame().type() == Frame.STATE_INIT)
                .toList();
        List<Damaged> dropped = new ArrayList<>();
        List<Damaged> altered = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            Line line = frames.get((int) ((long) i * STRIDE % frames.size()));
            if (dropped.size() < most && line.frame().type() == Frame.DELTA) {
                add(dropped, "drop " + line.place(), without(line));
            }
            Transcript other = altered.size() < most ? altered(line) : null;
            if (other != null) {
                add(altered, "alter " + line.place(), other);
            }
        }
        dropped.addAll(altered);
        return dropped;
    }

    private void add(List<Damaged> to, String what, Transcript damaged) throws TranscriptException {
        if (!course(Analysis.of(damaged)).equals(whole)) {
            to.add(new Damaged(what, damaged));
        }
    }

    private Transcript without(Line line) {
        List<Transcript.Event> events = new ArrayList<>(transcript.events());
        events.remove(line.event());
        return new Transcript(transcript.name(), transcript.header(), events);
    }

    private Transcript altered(Line line) {
        Frame frame = line.frame();
        Map<String, Object> body = new LinkedHashMap<>(frame.body());
        if (frame.type() == Frame.STATE_INIT) {
            body.put("value", other(body.get("value")));
        } else {
            List<Object> ops = new ArrayList<>((List<?>) body.get("ops"));
            Map<Object, Object> op = new LinkedHashMap<>((Map<?, ?>) ops.get(ops.size() - 1));
            if (!op.containsKey("value")) {
                return null;
            }
            op.put("value", other(op.get("value")));
            ops.set(ops.size() - 1, op);
            body.put("ops", ops);
        }
        Map<String, Object> members = new LinkedHashMap<>(line.event().members());
        members.put("binary64", FrameText.of(frame.type(), frame.stream(), frame.seq(), body));
        List<Transcript.Event> events = new ArrayList<>(transcript.events());
        events.set(
                events.indexOf(line.event()),
                new Transcript.Event(
                        line.number(), line.event().kind(), line.event().time(), members));
        return new Transcript(transcript.name(), transcript.header(), events);
    }

    /** Another value that differs as little as it can. */
    private static Object other(Object value) {
        if (value instanceof Long number) {
            return number % 2 == 0 ? (Object) number.doubleValue() : (Object) (number + 1);
        }
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            Map<Object, Object> changed = new LinkedHashMap<>(map);
            Object name = map.keySet().iterator().next();
            changed.put(name, other(map.get(name)));
            return changed;
        }
        if (value instanceof List<?> list && !list.isEmpty()) {
            List<Object> changed = new ArrayList<>(list);
            changed.set(0, other(list.get(0)));
            return changed;
        }
        return value instanceof String text ? text + "!" : "altered";
    }

    /** What a plain client holds at each {@code now} and in the end. */
    private List<Object> course(List<Line> through) {
        List<Object> course = new ArrayList<>();
        Map<String, Object> values = new HashMap<>();
        Map<String, Long> versions = new HashMap<>();
        Map<String, SodpDialect> dialects = new HashMap<>();
        for (Line line : through) {
            Frame frame = line.frame();
            if (line.event().members().get("now") != null) {
                course.add(picked(values, line.event().members().get("now")));
            } else if (frame != null && line.is("ws-recv")) {
                if (frame.type() == Frame.HELLO) {
                    dialects.put(
                            line.connection(),
                            SodpDialect.valueOf(Dialect.of(frame).name()));
                } else if (frame.type() == Frame.STATE_INIT) {
                    boolean exists = Boolean.TRUE.equals(frame.body().get("initialized"));
                    values.put(frame.text("state"), exists ? frame.body().get("value") : null);
                    versions.put(line.connection() + frame.text("state"), frame.number("version", 0));
                } else if (frame.type() == Frame.DELTA && line.topic().key() != null) {
                    apply(line, frame, values, versions, dialects);
                }
            }
        }
        course.add(picked(values, transcript.finalState()));
        return course;
    }

    private static Map<String, Object> picked(Map<String, Object> values, Object of) {
        Map<String, Object> picked = new HashMap<>();
        Json.members(of).keySet().forEach(key -> picked.put(key, values.get(key)));
        return picked;
    }

    private static void apply(
            Line line,
            Frame frame,
            Map<String, Object> values,
            Map<String, Long> versions,
            Map<String, SodpDialect> dialects) {
        String key = line.topic().key();
        long version = frame.number("version", 0);
        Long known = versions.get(line.connection() + key);
        if (known == null || known == version) {
            return;
        }
        versions.put(line.connection() + key, version);
        List<DeltaOp> ops = new ArrayList<>();
        for (Object op : (List<?>) frame.body().get("ops")) {
            Map<?, ?> members = (Map<?, ?>) op;
            ops.add(new DeltaOp(
                    DeltaOp.Kind.valueOf((String) members.get("op")),
                    (String) members.get("path"),
                    members.get("value")));
        }
        try {
            values.put(key, Sodp.applyOps(values.get(key), ops, dialects.get(line.connection())));
        } catch (IllegalArgumentException e) {
            values.put(key, "unfit: " + Documents.shown(e.getMessage()));
        }
    }
}
