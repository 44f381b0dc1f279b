package dev.tributary.testkit.sodp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One transcript, its client's side played into a model. */
final class RecordedConversation {

    private static final Pattern OTHER_CLIENT = Pattern.compile("client ([AB]) ");
    private static final Pattern EXPIRY = Pattern.compile("\"exp\":(\\d+)");
    private static final int TOO_LARGE = 1_048_646;

    private final List<Map<String, @Nullable Object>> events = new ArrayList<>();
    private final Map<String, @Nullable Object> header;
    private final SodpDialect dialect;
    private final ValueForm form;
    private final SodpTokens tokens = new SodpTokens();
    private final SodpModel model;
    private final Map<String, RecordingPeer> recorded = new LinkedHashMap<>();
    private final Map<String, RecordingPeer> others = new LinkedHashMap<>();
    private final Map<String, List<byte[]>> expected = new LinkedHashMap<>();
    /** What differs, empty when nothing does. */
    final List<String> differences = new ArrayList<>();

    private long base;
    private long now;

    RecordedConversation(String name, SodpDialect dialect) {
        this.dialect = dialect;
        form = new ValueForm(dialect);
        List<String> lines = lines(name);
        header = JsonTree.object(lines.get(0));
        lines.subList(1, lines.size()).forEach(line -> events.add(JsonTree.object(line)));
        findTime();
        now = base;
        model = new SodpModel(options(), () -> now, new SplittableRandom(1));
        seed();
    }

    private static List<String> lines(String name) {
        try (InputStream in = Objects.requireNonNull(
                        RecordedConversation.class.getResourceAsStream("/transcripts/sodp/" + name), name);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a connection ends because its token did, the clock must agree with the token. */
    private void findTime() {
        base = 1_795_000_000_000L;
        long lastExpiry = 0;
        for (Map<String, @Nullable Object> event : events) {
            SodpFrame frame = frame(event);
            if (frame == null) {
                continue;
            }
            String token = frame.type() == SodpFrame.AUTH ? frame.text("token") : null;
            if (token != null && expiry(token) > 0) {
                lastExpiry = expiry(token);
            }
            if ("token expired".equals(frame.field("message"))) {
                base = lastExpiry - millis(event);
            }
        }
    }

    private static long expiry(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return 0;
        }
        Matcher matcher = EXPIRY.matcher(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        return matcher.find() ? Long.parseLong(matcher.group(1)) * 1000 : 0;
    }

    private SodpOptions options() {
        SodpOptions options = SodpOptions.of(dialect);
        SodpFrame hello = Objects.requireNonNull(first(SodpFrame.HELLO));
        Map<?, ?> capabilities = (Map<?, ?>) Objects.requireNonNull(hello.field("capabilities"));
        options = options.withRates(
                limit(capabilities.get("rate_limit_writes")), limit(capabilities.get("rate_limit_watches")));
        String scenario = String.valueOf(header.get("scenario"));
        if (scenario.contains("error-results")) {
            SodpAccess access = new SodpAccess()
                    .rule("secret.*", false, false)
                    .rule("locked.doc", true, false)
                    .rule("*", true, true);
            Map<String, String> player = new LinkedHashMap<>();
            player.put("name", "String");
            player.put("health", "Int");
            options = options.withAccess(access)
                    .withSchemas(
                            Map.of("typed.player", SodpSchema.object(player), "typed.count", SodpSchema.value("Int")));
        }
        if (Boolean.TRUE.equals(hello.field("auth"))) {
            learnTokens();
            options = options.withTokens(tokens)
                    .withAccess(new SodpAccess().rule("public.*", true, true).rule("user.{sub}.*", true, true));
        }
        return scenario.contains("restart-with-log") ? options.withLogOnDisk() : options;
    }

    private static int limit(@Nullable Object perSecond) {
        return perSecond instanceof Long number ? number.intValue() : 0;
    }

    /** All tokens are good but the one that a note says was signed by somebody else. */
    private void learnTokens() {
        boolean forged = false;
        for (Map<String, @Nullable Object> event : events) {
            String note = String.valueOf(event.get("note"));
            SodpFrame frame = frame(event);
            String token = frame != null && frame.type() == SodpFrame.AUTH ? frame.text("token") : null;
            if (note.contains("signed with another key")) {
                forged = true;
            } else if (token != null) {
                if (!forged && expiry(token) > 0) {
                    tokens.accept(token, "ada", expiry(token));
                }
                forged = false;
            }
        }
    }

    /** What was there before the recording began: on the TypeScript server no event tells. */
    private void seed() {
        if (dialect != SodpDialect.TYPESCRIPT) {
            return;
        }
        for (Map<String, @Nullable Object> event : events) {
            SodpFrame frame = frame(event);
            if ("truth".equals(event.get("kind")) && event.get("now") == null) {
                return;
            }
            if (frame != null
                    && frame.type() == SodpFrame.STATE_INIT
                    && Boolean.TRUE.equals(frame.field("initialized"))) {
                model.load(String.valueOf(frame.text("state")), frame.field("value"), (Long) frame.field("version"));
            }
        }
    }

    private @Nullable SodpFrame first(int type) {
        for (Map<String, @Nullable Object> event : events) {
            SodpFrame frame = frame(event);
            if (frame != null && frame.type() == type) {
                return frame;
            }
        }
        return null;
    }

    private @Nullable SodpFrame frame(Map<String, @Nullable Object> event) {
        if (!(event.get("binary64") instanceof String text)) {
            return null;
        }
        try {
            return new FrameReader(dialect, form)
                    .read(Base64.getDecoder().decode(text))
                    .frame();
        } catch (UnreadableFrameException e) {
            return null;
        }
    }

    private static long millis(Map<String, @Nullable Object> event) {
        return (long) Double.parseDouble(String.valueOf(event.get("t")));
    }

    // ---- playing ----

    /** Plays everything and compares what came of it. */
    void play() {
        boolean among = false;
        for (int i = 0; i < events.size(); i++) {
            Map<String, @Nullable Object> event = events.get(i);
            if (among) {
                // What was sent together arrives together.
                now = Math.max(now, base + millis(event));
            } else {
                advance(base + millis(event));
            }
            boolean oneOfMany = i + 1 < events.size()
                    && "ws-send".equals(event.get("kind"))
                    && "ws-send".equals(events.get(i + 1).get("kind"));
            play(event);
            among = oneOfMany;
            if (!oneOfMany) {
                model.tick();
            }
        }
        recorded.forEach(this::compare);
    }

    private void advance(long to) {
        while (model.nextDeadline().orElse(Long.MAX_VALUE) <= to) {
            now = Math.max(now, model.nextDeadline().getAsLong());
            model.tick();
        }
        now = Math.max(now, to);
    }

    private void play(Map<String, @Nullable Object> event) {
        String id = String.valueOf(event.get("id"));
        switch (String.valueOf(event.get("kind"))) {
            case "ws-open" -> recorded.put(id, RecordingPeer.connect(model));
            case "ws-send" -> {
                SodpSession session = peer(id).session();
                if (event.get("text") instanceof String text) {
                    session.text(text);
                } else {
                    session.message(bytes(event));
                }
            }
            case "ws-recv" ->
                expected.computeIfAbsent(id, key -> new ArrayList<>()).add(bytes(event));
            case "ws-close" -> close(id, event);
            default -> truth(event);
        }
    }

    private RecordingPeer peer(String id) {
        return Objects.requireNonNull(recorded.get(id), id);
    }

    private static byte[] bytes(Map<String, @Nullable Object> event) {
        return Base64.getDecoder().decode(String.valueOf(event.get("binary64")));
    }

    private void close(String id, Map<String, @Nullable Object> event) {
        if ("server".equals(event.get("by"))) {
            String ended = Long.valueOf(1006).equals(event.get("code")) ? "end" : "close " + event.get("code");
            List<String> heard = peer(id).heard;
            if (!heard.get(heard.size() - 1).equals(ended)) {
                differences.add(id + ": no " + ended + " at the end");
            }
        } else {
            peer(id).session().closed();
        }
    }

    private void truth(Map<String, @Nullable Object> event) {
        String note = String.valueOf(event.get("note"));
        if (event.get("method") instanceof String method) {
            write(note, method, (Map<?, ?>) Objects.requireNonNull(event.get("args")));
        } else if (event.get("ops") instanceof List<?> ops) {
            model.apply(
                    String.valueOf(event.get("key")), ops.stream().map(this::op).toArray(SodpOp[]::new));
        } else if (event.containsKey("item")) {
            model.append(String.valueOf(event.get("key")), event.get("item"), 2);
        } else if (event.get("count") instanceof Long count) {
            manyOps(String.valueOf(event.get("key")), count);
        } else {
            happen(note);
        }
        if (event.get("now") instanceof Map<?, ?> states) {
            states.forEach((key, state) -> compareState((String) key, (Map<?, ?>) state, millis(event)));
        }
    }

    private void write(String note, String method, Map<?, ?> args) {
        String key = (String) args.get("state");
        switch (method) {
            case "state.set" -> model.set(key, args.get("value"));
            case "state.patch" -> model.patch(key, fields(args.get("patch")));
            case "state.set_in" -> model.setIn(key, (String) args.get("path"), args.get("value"));
            case "state.delete" -> model.delete(key);
            default -> {
                Matcher who = OTHER_CLIENT.matcher(note);
                RecordingPeer peer = who.find() ? other(who.group(1)) : other("C");
                peer.call(method, "state", key, "path", args.get("path"), "value", args.get("value"));
            }
        }
    }

    private RecordingPeer other(String name) {
        RecordingPeer peer = others.get(name);
        if (peer == null || !peer.session().isOpen()) {
            peer = RecordingPeer.connect(model);
            others.put(name, peer);
        }
        return peer;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> fields(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }

    private SodpOp op(Object encoded) {
        Map<?, ?> op = (Map<?, ?>) encoded;
        SodpOp.Kind kind = SodpOp.Kind.valueOf((String) op.get("op"));
        return new SodpOp(kind, (String) op.get("path"), op.get("value"));
    }

    /** As the recording's header lets one see: a counter, and at each fiftieth change a new field. */
    private void manyOps(String key, long count) {
        for (long i = 1; i <= count; i++) {
            SodpOp counter = SodpOp.update("/n", i + 3);
            if (i % 50 == 0) {
                model.apply(key, counter, SodpOp.add("/k" + i, i));
            } else {
                model.apply(key, counter);
            }
        }
    }

    private void happen(String note) {
        Matcher who = OTHER_CLIENT.matcher(note);
        if (note.contains("the server restarted with its log")) {
            model.restart(true);
        } else if (note.contains("not kept in this file")) {
            peer("c1").session().message(new byte[TOO_LARGE]);
        } else if (note.contains("six fields lost0 to lost5")) {
            model.set("feed.latest", Map.of("n", 0));
            for (int i = 0; i < 6; i++) {
                model.patch("feed.latest", Map.of("lost" + i, i));
            }
            for (int i = 1; i <= 999; i++) {
                model.patch("feed.latest", Map.of("n", i));
            }
            for (int i = 1; i <= 3; i++) {
                model.patch("feed.small", Map.of("n", i));
            }
        } else if (who.find() && (note.contains("lost its connection") || note.contains("closed"))) {
            other(who.group(1)).session().closed();
        }
    }

    // ---- comparing ----

    private void compareState(String key, Map<?, ?> state, long at) {
        Object value = form.of(state.get("value"));
        boolean same = Sameness.same(value, model.value(key))
                && state.get("version").equals(model.version(key))
                && state.get("initialized").equals(model.exists(key));
        if (!same) {
            differences.add(key + " at " + at + " ms: " + model.value(key) + " version " + model.version(key)
                    + ", recorded " + state);
        }
    }

    private void compare(String id, RecordingPeer peer) {
        List<byte[]> theirs = expected.getOrDefault(id, List.of());
        List<byte[]> ours = peer.received;
        for (int i = 0; i < Math.max(theirs.size(), ours.size()); i++) {
            String their = i < theirs.size() ? RecordingPeer.readable(theirs.get(i)) : "nothing";
            String our = i < ours.size() ? RecordingPeer.readable(ours.get(i)) : "nothing";
            if (!their.equals(our) || !Arrays.equals(theirs.get(i), ours.get(i))) {
                differences.add(id + " frame " + i + "\n  recorded " + their + "\n  model    " + our);
            }
        }
    }

    /** How many frames of the server the recording has. */
    int recordedFrames() {
        return expected.values().stream().mapToInt(List::size).sum();
    }
}
