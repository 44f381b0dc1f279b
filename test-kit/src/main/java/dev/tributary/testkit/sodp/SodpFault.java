package dev.tributary.testkit.sodp;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong with one frame. Met by a frame of the server, it takes the frame's place; met by a frame of
 * the client, that frame is not carried out. A fault that does not fit (no version to change) is not used up.
 */
public final class SodpFault {

    private final BiPredicate<SodpEvent, SodpSession> action;

    private SodpFault(BiPredicate<SodpEvent, SodpSession> action) {
        this.action = action;
    }

    boolean strike(SodpEvent event, SodpSession session) {
        return action.test(event, session);
    }

    // ---- the connection ----

    /** The connection breaks inside the frame; a request breaks it at once. */
    public static SodpFault cut(int bytes) {
        return onSession((event, session) -> {
            if (event.fromClient()) {
                session.abort();
            } else {
                session.cut(session.encode(event.frame()), bytes);
            }
        });
    }

    /** The connection ends behind the frame, without a close frame. */
    public static SodpFault cutBehind() {
        return onFrame((event, session) -> {
            session.deliver(session.encode(event.frame()));
            session.end();
        });
    }

    /** The connection breaks at once (RST); what was on its way may be lost. */
    public static SodpFault reset() {
        return onSession((event, session) -> session.abort());
    }

    /** A close frame in place of the frame; 1005 for one without a code. */
    public static SodpFault close(int code, String reason) {
        return onSession((event, session) -> session.close(code, reason));
    }

    /** The TCP connection ends without a close frame. */
    public static SodpFault end() {
        return onSession((event, session) -> session.end());
    }

    /** From this frame on the connection is dead in both directions, and neither side is told. */
    public static SodpFault silence() {
        return onSession((event, session) -> session.fallSilent());
    }

    /** This frame and all behind it come later. */
    public static SodpFault delay(long millis) {
        return onFrame((event, session) -> {
            session.hold(millis);
            session.deliver(session.encode(event.frame()));
        });
    }

    /** This frame comes later, and those behind it overtake it. */
    public static SodpFault late(long millis) {
        return onFrame((event, session) -> {
            byte[] message = session.encode(event.frame());
            session.after(millis, () -> session.deliver(message));
        });
    }

    // ---- frames ----

    /** The frame is lost, as on a Go server whose queue is full. */
    public static SodpFault drop() {
        return onSession((event, session) -> {});
    }

    /** The frame comes twice. */
    public static SodpFault duplicate() {
        return onFrame((event, session) -> {
            byte[] message = session.encode(event.frame());
            session.deliver(message);
            session.deliver(message);
        });
    }

    /** The frame with another version. */
    public static SodpFault version(LongUnaryOperator change) {
        return spoil(frame -> frame.field("version") instanceof Long version
                ? frame.withBody(with(frame.body(), "version", change.applyAsLong(version)))
                : null);
    }

    /** The frame with a field set to something else. */
    public static SodpFault field(String name, @Nullable Object value) {
        return spoil(frame -> frame.body() instanceof Map ? frame.withBody(with(frame.body(), name, value)) : null);
    }

    /** The frame without a field. */
    public static SodpFault withoutField(String name) {
        return spoil(frame -> frame.has(name) ? frame.withBody(without(frame.body(), name)) : null);
    }

    /** The frame as another type. */
    public static SodpFault type(int type) {
        return spoil(frame -> frame.withType(type));
    }

    /** The frame on another stream. */
    public static SodpFault stream(long stream) {
        return spoil(frame -> frame.withStream(stream));
    }

    /** Any other change to the frame; null when it does not fit. */
    public static SodpFault spoil(Function<SodpFrame, @Nullable SodpFrame> change) {
        return new SodpFault((event, session) -> {
            SodpFrame spoiled = event.fromClient() ? null : change.apply(event.frame());
            if (spoiled == null) {
                return false;
            }
            session.deliver(session.encode(spoiled));
            return true;
        });
    }

    /** An ERROR that does not say which request it is about. */
    public static SodpFault error(int code, String message) {
        return onSession((event, session) -> session.deliver(session.encode(errorFrame(0, code, message))));
    }

    /** An ERROR on the stream of the frame that meets it. */
    public static SodpFault errorOnStream(int code, String message) {
        return onSession(
                (event, session) -> session.deliver(session.encode(errorFrame(event.frame().stream(), code, message))));
    }

    /** An ERROR on stream 0, and then the end of the connection without a close frame. */
    public static SodpFault fatalError(int code, String message) {
        return onSession((event, session) -> {
            session.deliver(session.encode(errorFrame(0, code, message)));
            session.end();
        });
    }

    // ---- bytes that are no frame ----

    /** Other bytes in place of the frame. */
    public static SodpFault bytes(byte[] message) {
        byte[] copy = message.clone();
        return onSession((event, session) -> session.deliver(copy.clone()));
    }

    /** A text message in place of the frame. */
    public static SodpFault text(String message) {
        return onSession((event, session) -> session.deliverText(message));
    }

    /** The frame cut short, the connection intact. */
    public static SodpFault truncated(int bytes) {
        return onFrame((event, session) -> {
            byte[] message = session.encode(event.frame());
            byte[] part = new byte[Math.min(bytes, message.length)];
            System.arraycopy(message, 0, part, 0, part.length);
            session.deliver(part);
        });
    }

    /** A frame of a type that does not exist. */
    public static SodpFault unknownType() {
        return hex("94 cc fe 00 00 80");
    }

    /** A map where an array of four is due. */
    public static SodpFault notAnArray() {
        return hex("81 a1 61 01");
    }

    /** Three elements in place of four. */
    public static SodpFault threeElements() {
        return hex("93 04 0a 00");
    }

    /** Texts where numbers are due. */
    public static SodpFault wrongTypes() {
        return hex("94 a1 34 a2 31 30 a1 30 81 a7 76657273696f6e a1 31");
    }

    /** A DELTA on a negative stream. */
    public static SodpFault negativeStream() {
        return hex("94 04 d0 f6 00 82 a7 76657273696f6e 01 a3 6f7073 90");
    }

    /** A DELTA whose version is 2^64 - 1. */
    public static SodpFault hugeVersion() {
        return hex("94 04 0a 00 82 a7 76657273696f6e cf ffffffffffffffff a3 6f7073 90");
    }

    /** A DELTA whose version is negative. */
    public static SodpFault negativeVersion() {
        return hex("94 04 0a 00 82 a7 76657273696f6e ff a3 6f7073 90");
    }

    /** A body that claims to be a map of four thousand million fields. */
    public static SodpFault hugeMap() {
        return hex("94 04 0a 00 df ffffffff");
    }

    /** Ops that claim to be four thousand million. */
    public static SodpFault hugeArray() {
        return hex("94 04 0a 00 82 a7 76657273696f6e 01 a3 6f7073 dd ffffffff");
    }

    /** A field name that claims to be 4 GiB long. */
    public static SodpFault hugeText() {
        return hex("94 04 0a 00 81 db ffffffff 61");
    }

    /** A field name that claims to be 2 GiB - 1 long, the longest that fits an int. */
    public static SodpFault longText() {
        return hex("94 04 0a 00 81 db 7fffffff 61");
    }

    /** A byte that MessagePack never uses. */
    public static SodpFault neverUsedByte() {
        return hex("c1");
    }

    /** A text that is not UTF-8. */
    public static SodpFault brokenText() {
        return hex("94 04 0a 00 81 a4 7374c328 01");
    }

    /** An empty message. */
    public static SodpFault empty() {
        return bytes(new byte[0]);
    }

    /** The frame with its value, or the value of its first op, below so many arrays. */
    public static SodpFault deep(int levels) {
        return spoil(frame -> {
            if (frame.has("value")) {
                return frame.withBody(with(frame.body(), "value", nested(levels, frame.field("value"))));
            }
            if (frame.field("ops") instanceof List<?> ops && !ops.isEmpty()) {
                List<@Nullable Object> deeper = new ArrayList<>(ops);
                Object first = ops.get(0);
                deeper.set(0, with(first, "value", nested(levels, null)));
                return frame.withBody(with(frame.body(), "ops", deeper));
            }
            return null;
        });
    }

    // ---- inside ----

    private static SodpFault hex(String digits) {
        return bytes(HexFormat.of().parseHex(digits.replace(" ", "")));
    }

    private static @Nullable Object nested(int levels, @Nullable Object core) {
        Object value = core;
        for (int i = 0; i < levels; i++) {
            List<@Nullable Object> around = new ArrayList<>(1);
            around.add(value);
            value = around;
        }
        return value;
    }

    private static SodpFrame errorFrame(long stream, int code, String message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("code", (long) code);
        body.put("message", message);
        return new SodpFrame(SodpFrame.ERROR, stream, 0, body);
    }

    private static Map<String, @Nullable Object> with(@Nullable Object body, String name, @Nullable Object value) {
        Map<String, @Nullable Object> changed = copy(body);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, @Nullable Object> without(@Nullable Object body, String name) {
        Map<String, @Nullable Object> changed = copy(body);
        changed.remove(name);
        return changed;
    }

    private static Map<String, @Nullable Object> copy(@Nullable Object body) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        if (body instanceof Map<?, ?> map) {
            map.forEach((name, value) -> copy.put((String) name, value));
        }
        return copy;
    }

    private static SodpFault onSession(Effect effect) {
        return new SodpFault((event, session) -> {
            effect.on(event, session);
            return true;
        });
    }

    /** Fits frames of the server only. */
    private static SodpFault onFrame(Effect effect) {
        return new SodpFault((event, session) -> {
            if (!event.fromClient()) {
                effect.on(event, session);
            }
            return !event.fromClient();
        });
    }

    @FunctionalInterface
    private interface Effect {

        void on(SodpEvent event, SodpSession session);
    }
}
