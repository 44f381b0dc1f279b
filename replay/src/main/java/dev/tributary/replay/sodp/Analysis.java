package dev.tributary.replay.sodp;

import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what each frame of a recording is about: which key, which call. The frames themselves often do not say: deltas
 * name a stream at best, errors neither key nor call.
 */
final class Analysis {

    private static final long BAD = 400;
    private static final long UNAUTHORIZED = 401;
    private static final long TOO_LARGE = 413;
    private static final long TOO_FAST = 429;

    /** A request that the recorded client sent and the server has not answered yet. */
    private static final class Open {

        final @Nullable String key;
        final @Nullable RecordedCall call;
        final long stream;
        final boolean resumes;

        Open(@Nullable String key, @Nullable RecordedCall call, long stream, boolean resumes) {
            this.key = key;
            this.call = call;
            this.stream = stream;
            this.resumes = resumes;
        }

        Topic topic() {
            if (key != null) {
                return Topic.key(key);
            }
            return call == null ? Topic.FOREIGN : Topic.call(call);
        }
    }

    /** What is known of one connection while its frames are gone through. */
    private static final class Connection {

        final Map<Long, String> keyOfStream = new HashMap<>();
        /** Answered otherwise than by an error. */
        final Set<String> resultIds = new HashSet<>();

        final Map<String, Integer> initsToCome = new HashMap<>();
        final List<Open> open = new ArrayList<>();
        Dialect dialect = Dialect.TYPESCRIPT;
        boolean authenticates;
        boolean live;
        int heartbeatsOwed;
        int heartbeatsAsked;
    }

    private final Map<String, Connection> connections = new LinkedHashMap<>();

    private Analysis() {}

    static List<Line> of(Transcript transcript) throws TranscriptException {
        return new Analysis().lines(transcript);
    }

    private List<Line> lines(Transcript transcript) throws TranscriptException {
        List<@Nullable Frame> frames = new ArrayList<>();
        for (Transcript.Event event : transcript.events()) {
            Frame frame = frame(event);
            frames.add(frame);
            if (frame != null && event.kind().equals("ws-recv")) {
                foresee(connection(event), frame);
            }
        }
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            lines.add(line(transcript.events().get(i), frames.get(i)));
        }
        return lines;
    }

    static @Nullable Frame frame(Transcript.Event event) throws TranscriptException {
        byte[] bytes = binary(event);
        return bytes == null ? null : Frame.read(bytes);
    }

    static byte @Nullable [] binary(Transcript.Event event) throws TranscriptException {
        String text = event.text("binary64");
        if (text == null || !event.kind().startsWith("ws-")) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new TranscriptException(event.line(), "binary64 is no base64: " + e.getMessage());
        }
    }

    private Connection connection(Transcript.Event event) {
        return connections.computeIfAbsent(String.valueOf(event.text("id")), id -> new Connection());
    }

    private static void foresee(Connection connection, Frame frame) {
        String key = frame.text("state");
        if (frame.type() == Frame.STATE_INIT && key != null) {
            connection.keyOfStream.put(frame.stream(), key);
            connection.initsToCome.merge(key, 1, Integer::sum);
        } else if (frame.type() == Frame.RESULT) {
            connection.resultIds.add(String.valueOf(frame.body().get("call_id")));
        }
    }

    private Line line(Transcript.Event event, @Nullable Frame frame) throws TranscriptException {
        String id = event.kind().startsWith("ws-") ? event.requireText("id") : "";
        if (event.kind().equals("ws-recv")) {
            Topic topic = frame == null ? Topic.CONNECTION : topic(connection(event), frame);
            return new Line(event, id, frame, topic, null);
        }
        if (event.kind().equals("ws-send")) {
            RecordedCall call = sent(connection(event), event, frame);
            return new Line(event, id, frame, null, call);
        }
        return new Line(event, id, null, null, null);
    }

    // ---- what the recorded client sent ----

    private static @Nullable RecordedCall sent(Connection connection, Transcript.Event event, @Nullable Frame frame) {
        if (frame == null) {
            odd(connection, 0, false);
            return null;
        }
        switch (frame.type()) {
            case Frame.WATCH, Frame.RESUME -> ask(connection, frame);
            case Frame.CALL -> {
                RecordedCall call = new RecordedCall(event.line(), frame);
                if (connection.dialect == Dialect.TYPESCRIPT || call.isDocument()) {
                    connection.open.add(new Open(null, call, frame.stream(), false));
                }
                return call;
            }
            case Frame.HEARTBEAT -> {
                if (connection.heartbeatsOwed > 0) {
                    connection.heartbeatsOwed--;
                } else {
                    connection.heartbeatsAsked++;
                }
            }
            case Frame.AUTH, Frame.UNWATCH -> {}
            default -> odd(connection, frame.stream(), false);
        }
        return null;
    }

    private static void ask(Connection connection, Frame frame) {
        if (frame.keys().isEmpty()) {
            // Rust's server says nothing to an empty list.
            boolean isEmptyList = frame.body().get("states") instanceof List<?>;
            odd(connection, frame.stream(), connection.dialect != Dialect.RUST || !isEmptyList);
        }
        for (String key : frame.keys()) {
            connection.open.add(new Open(key, null, frame.stream(), frame.type() == Frame.RESUME));
        }
    }

    /** Something that our client never sends. */
    private static void odd(Connection connection, long stream, boolean isAnswered) {
        if (isAnswered || connection.dialect == Dialect.TYPESCRIPT) {
            connection.open.add(new Open(null, null, stream, false));
        }
    }

    // ---- what the server said ----

    private static Topic topic(Connection connection, Frame frame) {
        switch (frame.type()) {
            case Frame.HELLO -> {
                connection.dialect = Dialect.of(frame);
                connection.authenticates = Boolean.TRUE.equals(frame.body().get("auth"));
                connection.live = !connection.authenticates;
                return Topic.HELLO;
            }
            case Frame.AUTH_OK -> {
                connection.live = true;
                return Topic.AUTH;
            }
            case Frame.HEARTBEAT -> {
                if (connection.heartbeatsAsked > 0) {
                    connection.heartbeatsAsked--;
                    return Topic.FOREIGN;
                }
                connection.heartbeatsOwed++;
                return Topic.HEARTBEAT;
            }
            case Frame.STATE_INIT -> {
                return stateInit(connection, frame);
            }
            case Frame.DELTA -> {
                return delta(connection, frame);
            }
            case Frame.RESULT -> {
                return result(connection, frame);
            }
            case Frame.ERROR -> {
                return error(connection, frame);
            }
            default -> {
                return Topic.CONNECTION;
            }
        }
    }

    private static Topic stateInit(Connection connection, Frame frame) {
        String key = frame.text("state");
        if (key == null) {
            return Topic.CONNECTION;
        }
        connection.initsToCome.merge(key, -1, Integer::sum);
        for (Iterator<Open> all = connection.open.iterator(); all.hasNext(); ) {
            if (key.equals(all.next().key)) {
                all.remove();
                break;
            }
        }
        return Topic.key(key);
    }

    private static Topic delta(Connection connection, Frame frame) {
        String key = frame.text("state") == null ? frame.text("key") : frame.text("state");
        if (key == null) {
            key = connection.keyOfStream.get(frame.stream());
        }
        if (key == null) {
            // Its value never came: it belongs to the request that was being answered.
            key = connection.open.stream()
                    .filter(open -> open.resumes)
                    .map(open -> open.key)
                    .findFirst()
                    .orElse(null);
        }
        return key == null ? Topic.CONNECTION : Topic.key(key);
    }

    private static Topic result(Connection connection, Frame frame) {
        Object id = frame.body().get("call_id");
        for (Iterator<Open> all = connection.open.iterator(); all.hasNext(); ) {
            RecordedCall call = all.next().call;
            boolean is = call != null
                    && (call.id() == null ? "unknown".equals(id) : call.id().equals(id));
            if (call != null && is) {
                all.remove();
                return Topic.call(call);
            }
        }
        return Topic.FOREIGN;
    }

    private static Topic error(Connection connection, Frame frame) {
        long code = frame.number("code", 0);
        if (!connection.live) {
            return Topic.AUTH;
        }
        if (code == UNAUTHORIZED || code == TOO_LARGE) {
            return Topic.CONNECTION;
        }
        Open answered = answered(connection, frame, code, String.valueOf(frame.text("message")));
        if (answered == null) {
            return Topic.CONNECTION;
        }
        connection.open.remove(answered);
        return answered.topic();
    }

    private static @Nullable Open answered(Connection connection, Frame frame, long code, String message) {
        List<Open> candidates = connection.open.stream()
                .filter(open -> !isAnsweredLater(connection, open))
                .toList();
        if (frame.stream() != 0) {
            for (Open open : candidates) {
                if (open.stream == frame.stream()) {
                    return open;
                }
            }
        }
        for (Open open : candidates) {
            if (open.key != null && message.endsWith(": " + open.key)) {
                return open;
            }
        }
        if (connection.dialect.answersInOrder()) {
            return candidates.isEmpty() ? null : candidates.get(0);
        }
        for (Open open : candidates) {
            boolean isOdd = open.key == null && open.call == null;
            boolean fits = code == TOO_FAST
                    ? (message.contains("watch") ? open.key != null : open.call != null)
                    : code == BAD && isOdd;
            if (fits) {
                return open;
            }
        }
        return candidates.isEmpty() ? null : candidates.get(0);
    }

    private static boolean isAnsweredLater(Connection connection, Open open) {
        if (open.key != null) {
            return connection.initsToCome.getOrDefault(open.key, 0) > 0;
        }
        RecordedCall call = open.call;
        return call != null && connection.resultIds.contains(call.id() == null ? "unknown" : call.id());
    }
}
