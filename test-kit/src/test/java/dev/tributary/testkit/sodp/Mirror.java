package dev.tributary.testkit.sodp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client's copy of one key, kept from the frames alone; written apart from the model, for simple cases. */
final class Mirror implements SodpPeer {

    private final SodpDialect dialect;
    private final FrameReader reader;
    private @Nullable Object value;
    private boolean exists;
    private long version;
    private long stream = -1;

    Mirror(SodpDialect dialect) {
        this.dialect = dialect;
        reader = new FrameReader(dialect, new ValueForm(dialect));
    }

    @Nullable
    Object value() {
        return value;
    }

    boolean exists() {
        return exists;
    }

    long version() {
        return version;
    }

    @Override
    public void binary(byte[] message) {
        SodpFrame frame;
        try {
            frame = reader.read(message).frame();
        } catch (UnreadableFrameException e) {
            throw new AssertionError(e);
        }
        if (frame.type() == SodpFrame.STATE_INIT) {
            stream = frame.stream();
            value = frame.field("value");
            exists = Boolean.TRUE.equals(frame.field("initialized"));
            version = (Long) frame.field("version");
        } else if (frame.type() == SodpFrame.DELTA && frame.stream() == stream) {
            version = (Long) frame.field("version");
            for (Object op : (List<?>) frame.field("ops")) {
                try {
                    apply((Map<?, ?>) op);
                } catch (RuntimeException e) {
                    throw new AssertionError("not to be applied: " + op, e);
                }
            }
        }
    }

    private void apply(Map<?, ?> op) {
        String kind = (String) op.get("op");
        String path = (String) op.get("path");
        if (path.equals("/")) {
            exists = !kind.equals("REMOVE");
            value = exists ? op.get("value") : null;
            return;
        }
        exists = true;
        value = at(value, List.of(path.substring(1).split("/", -1)), kind, op.get("value"));
    }

    private @Nullable Object at(@Nullable Object node, List<String> segments, String kind, @Nullable Object written) {
        String segment = segments.get(0);
        List<String> rest = segments.subList(1, segments.size());
        if (node instanceof List<?> list) {
            if (!segment.matches("-|0|[1-9][0-9]*")) {
                // A property of an array, which nobody sees.
                return node;
            }
            List<@Nullable Object> copy = new ArrayList<>(list);
            int index = segment.equals("-") ? copy.size() : Integer.parseInt(segment);
            if (!rest.isEmpty()) {
                while (copy.size() <= index) {
                    copy.add(null);
                }
                copy.set(index, at(copy.get(index), rest, kind, written));
            } else if (kind.equals("REMOVE")) {
                if (index < copy.size()) {
                    copy.remove(index);
                }
            } else if (kind.equals("ADD")) {
                copy.add(Math.min(index, copy.size()), written);
            } else {
                while (copy.size() <= index) {
                    copy.add(null);
                }
                copy.set(index, written);
            }
            return copy;
        }
        if (node == null && dialect == SodpDialect.TYPESCRIPT && segment.matches("-|0|[1-9][0-9]*")) {
            return at(new ArrayList<>(), segments, kind, written);
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        if (node instanceof Map<?, ?> map) {
            map.forEach((name, member) -> copy.put((String) name, member));
        }
        String name =
                dialect == SodpDialect.TYPESCRIPT ? segment.replace("~1", "/").replace("~0", "~") : segment;
        if (!rest.isEmpty()) {
            copy.put(name, at(copy.get(name), rest, kind, written));
        } else if (kind.equals("REMOVE")) {
            copy.remove(name);
        } else {
            copy.put(name, written);
        }
        return copy;
    }

    @Override
    public void text(String message) {
        throw new AssertionError(message);
    }

    @Override
    public void cut(byte[] message, int bytes) {
        throw new AssertionError("cut");
    }

    @Override
    public void ping() {}

    @Override
    public void close(int code, String reason) {
        throw new AssertionError("close " + code);
    }

    @Override
    public void end() {
        throw new AssertionError("end");
    }

    @Override
    public void reset() {
        throw new AssertionError("reset");
    }
}
