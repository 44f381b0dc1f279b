package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Transcript;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Changes recordings, event by event. */
final class Edit {

    static final int PLAIN = 0;
    static final int BROTLI = 1;
    static final int GZIP = 2;

    private Edit() {}

    /** A recording whose events are these. */
    static Transcript with(Transcript from, List<Transcript.Event> events) {
        return new Transcript(from.name(), from.header(), events);
    }

    static Transcript withHeader(Transcript from, String member, Object value) {
        Map<String, Object> header = new LinkedHashMap<>(from.header());
        header.put(member, value);
        return new Transcript(from.name(), header, from.events());
    }

    static Transcript withFinal(Transcript from, Object value) {
        return withHeader(from, "final", value);
    }

    static Transcript each(Transcript from, Function<Transcript.Event, List<Transcript.Event>> change) {
        List<Transcript.Event> events = new ArrayList<>();
        from.events().forEach(event -> events.addAll(change.apply(event)));
        return with(from, events);
    }

    static Transcript without(Transcript from, Transcript.Event left) {
        return each(from, event -> event.equals(left) ? List.of() : List.of(event));
    }

    static Transcript.Event with(Transcript.Event event, String member, Object value) {
        Map<String, Object> members = new LinkedHashMap<>(event.members());
        members.put(member, value);
        return new Transcript.Event(event.line(), event.kind(), event.time(), members);
    }

    /** A frame with other bytes, of the same kind. */
    static Transcript.Event withBytes(Transcript.Event event, byte[] bytes) {
        return event.text("text") != null
                ? with(event, "text", new String(bytes, StandardCharsets.UTF_8))
                : with(event, "binary64", Base64.getEncoder().encodeToString(bytes));
    }

    static byte[] bytes(Transcript.Event event) {
        String text = event.text("text");
        return text != null
                ? text.getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(event.text("binary64"));
    }

    /** A binary frame of a server. */
    static boolean isPacked(Transcript.Event event) {
        return event.kind().equals("ws-recv") && event.text("text") == null;
    }

    /** Whether it is compressed in a way that is not undone here. */
    static boolean isBrotli(Transcript.Event event) {
        return isPacked(event) && bytes(event)[0] == BROTLI;
    }

    /** What a frame says, without compression. */
    static byte[] payload(Transcript.Event event) {
        byte[] bytes = bytes(event);
        if (!isPacked(event)) {
            return bytes;
        }
        byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
        if (bytes[0] == PLAIN) {
            return rest;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(rest))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A frame that says this, compressed in this way where it is of a kind that may be. */
    static Transcript.Event saying(Transcript.Event event, byte[] payload, int compression) {
        if (!isPacked(event)) {
            return withBytes(event, payload);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(compression);
        try {
            if (compression == GZIP) {
                try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                    gzip.write(payload);
                }
            } else {
                out.write(payload);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return withBytes(event, out.toByteArray());
    }

    static boolean isFrame(Transcript.Event event) {
        return event.kind().equals("ws-recv") || event.kind().equals("ws-send");
    }

    /** Bytes in which each occurrence of some others has become these; in texts as in BSATN. */
    static byte[] replaced(byte[] bytes, String from, String to) {
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        String old = new String(from.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String now = new String(to.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return all.replace(old, now).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A value of a header with each text changed. */
    static Object texts(Object value, Function<String, String> change) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> changed = new LinkedHashMap<>();
            map.forEach((name, member) -> changed.put(change.apply((String) name), texts(member, change)));
            return changed;
        }
        if (value instanceof List<?> list) {
            List<Object> changed = new ArrayList<>();
            list.forEach(element -> changed.add(texts(element, change)));
            return changed;
        }
        return value instanceof String text ? change.apply(text) : value;
    }
}
