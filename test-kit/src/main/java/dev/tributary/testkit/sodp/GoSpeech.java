package dev.tributary.testkit.sodp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the Go server talks: clients choose streams, RESULT before the own DELTA, errors that never end a connection. */
final class GoSpeech implements Speech {

    private static final int TOO_BIG = 1009;
    private static final int FIRST_STREAM = 10;
    private static final int LONGEST_KEY = 256;
    private static final int MOST_KEYS = 100_000;
    /** A connection without a pong for two pings is dead. */
    private static final int PINGS = 2;

    private final SodpSession session;
    private final SodpModel model;
    private final RateWindow writes;
    private @Nullable String subject;
    private boolean live;
    private int missedPongs;
    private long nextStream = FIRST_STREAM;

    GoSpeech(SodpSession session, SodpModel model) {
        this.session = session;
        this.model = model;
        live = model.options().tokens() == null;
        writes = new RateWindow(model.options().writesPerSecond(), model.now());
    }

    @Override
    public @Nullable String subject() {
        return subject;
    }

    @Override
    public void opened() {
        SodpOptions options = model.options();
        Map<String, @Nullable Object> capabilities = new LinkedHashMap<>();
        capabilities.put("rate_limit", (long) options.writesPerSecond());
        capabilities.put("backpressure", (long) options.queueFrames());
        capabilities.put("max_sessions", (long) options.sessions());
        capabilities.put("max_watches", (long) options.watches());
        if (!live) {
            capabilities.put("jwt", "hs256");
        }
        send(
                SodpFrame.HELLO,
                0,
                0,
                "protocol",
                "sodp",
                "version",
                "1.0",
                "server_id",
                String.format(Locale.ROOT, "%08x", model.random().nextInt()),
                "auth",
                !live,
                "capabilities",
                capabilities);
        session.after(options.beatMillis(), this::beat);
    }

    private void beat() {
        if (missedPongs >= PINGS) {
            session.end();
            return;
        }
        missedPongs++;
        session.sendPing();
        session.after(model.options().beatMillis(), this::beat);
    }

    @Override
    public void pong() {
        missedPongs = 0;
    }

    @Override
    public void unreadable() {
        error(0, 400, "malformed frame");
    }

    @Override
    public void text() {
        // It is read as if it were binary; no text is a frame.
        error(0, 400, "malformed frame");
    }

    @Override
    public void oversized(int bytes) {
        session.close(TOO_BIG, "");
    }

    @Override
    public void frame(ClientFrame client) {
        SodpFrame request = client.frame();
        if (request.type() == SodpFrame.HEARTBEAT) {
            session.emit(new SodpFrame(SodpFrame.HEARTBEAT, 0, request.seq(), null));
        } else if (request.type() == SodpFrame.AUTH) {
            authenticate(request);
        } else if (!live) {
            error(request.stream(), 401, "authentication required");
        } else {
            try {
                switch (request.type()) {
                    case SodpFrame.WATCH -> watch(request);
                    case SodpFrame.RESUME -> resume(client);
                    case SodpFrame.UNWATCH -> unwatch(request);
                    case SodpFrame.CALL -> call(client);
                    default -> error(request.stream(), 400, "unknown frame type");
                }
            } catch (RefusedException e) {
                error(request.stream(), e.code(), e.text());
            }
        }
    }

    /** A refused token ends nothing: the client may try another one. */
    private void authenticate(SodpFrame request) {
        SodpTokens tokens = model.options().tokens();
        String token = request.text("token");
        if (tokens == null) {
            send(SodpFrame.AUTH_OK, 0, 0, "sub", "anonymous");
        } else if (live) {
            error(0, 400, "already authenticated");
        } else if (token == null || token.isEmpty()) {
            error(0, 400, "missing token");
        } else {
            SodpTokens.Grant grant = tokens.find(token);
            if (grant == null || grant.isExpired(model.now())) {
                error(0, 401, "invalid token");
            } else {
                live = true;
                subject = grant.subject();
                send(SodpFrame.AUTH_OK, 0, 0, "sub", grant.subject());
            }
        }
    }

    // ---- watching ----

    /** Ends at the first key that is refused. The first key gets the stream that was wished for, the others the next. */
    private void watch(SodpFrame request) throws RefusedException {
        List<String> keys = Requested.keys(request);
        if (keys.isEmpty()) {
            throw new RefusedException(400, "missing state");
        }
        long wish = request.stream();
        for (String key : keys) {
            stateInit(subscribe(key, wish), request);
            wish = 0;
        }
    }

    /** Where the log covers what was missed there is no STATE_INIT behind it. */
    private void resume(ClientFrame client) throws RefusedException {
        SodpFrame request = client.frame();
        String key = request.text("state");
        if (key == null) {
            throw new RefusedException(400, "missing state");
        }
        Watch watch = subscribe(key, request.stream());
        KeyState state = model.store().of(key);
        long since = wide(client, request, "since_version");
        List<KeyState.Logged> missed = state.after(since);
        if (missed.isEmpty() || state.oldestLogged() > since + 1) {
            stateInit(watch, request);
        } else {
            missed.forEach(logged -> delta(watch, logged.version(), logged.ops(), true));
        }
    }

    /** A number is only seen in its 8-byte forms. */
    private static long wide(ClientFrame client, SodpFrame fields, String name) {
        boolean seen = client.wide().contains(name);
        return seen && fields.field(name) instanceof Number number ? number.longValue() : 0;
    }

    private Watch subscribe(String key, long wish) throws RefusedException {
        checkKey(key);
        if (!model.mayRead(key, subject)) {
            throw new RefusedException(403, "access denied");
        }
        int most = model.options().watches();
        if (most > 0 && session.watches().size() >= most) {
            throw new RefusedException(429, "watch limit reached");
        }
        Watch watch = new Watch(session, key, wish == 0 ? nextStream++ : wish);
        model.subscribe(watch);
        return watch;
    }

    private static void checkKey(String key) throws RefusedException {
        boolean bad = key.isEmpty()
                || key.length() > LONGEST_KEY
                || key.startsWith(".")
                || key.endsWith(".")
                || key.contains("..")
                || key.chars().anyMatch(c -> c < ' ' || c == 0x7F || c == '/' || c == '\\');
        if (bad) {
            throw new RefusedException(400, "invalid key: " + key);
        }
    }

    /** A stream says which one, whatever the body says; a key ends only its oldest subscription. */
    private void unwatch(SodpFrame request) {
        if (request.stream() != 0) {
            List<Watch> gone = session.watches().stream()
                    .filter(watch -> watch.stream() == request.stream())
                    .toList();
            forget(gone);
            return;
        }
        for (String key : Requested.keys(request)) {
            forget(session.watches().stream()
                    .filter(watch -> watch.key().equals(key))
                    .limit(1)
                    .toList());
        }
    }

    private void forget(List<Watch> gone) {
        model.unsubscribe(gone);
        session.watches().removeAll(gone);
    }

    private void stateInit(Watch watch, SodpFrame request) {
        KeyState state = model.store().of(watch.key());
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("state", watch.key());
        body.put("version", state.version());
        body.put("value", state.value());
        body.put("initialized", state.exists() && state.value() != null);
        body.put("params", request.field("params"));
        session.emit(new SodpFrame(SodpFrame.STATE_INIT, watch.stream(), 0, body), watch.key(), false);
    }

    @Override
    public void changed(Watch watch, long version, List<SodpOp> ops) {
        delta(watch, version, ops, false);
    }

    private void delta(Watch watch, long version, List<SodpOp> ops, boolean replayed) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("version", version);
        body.put("ops", OpEncoding.of(ops, GoSpeech::isFalsy));
        body.put("key", watch.key());
        session.emit(new SodpFrame(SodpFrame.DELTA, watch.stream(), version, body), watch.key(), replayed);
    }

    /** Such values are left out of an op. */
    private static boolean isFalsy(@Nullable Object value) {
        return value == null
                || value instanceof Boolean flag && !flag
                || value instanceof Number number && number.doubleValue() == 0
                || value instanceof String text && text.isEmpty()
                || value instanceof List<?> list && list.isEmpty()
                || value instanceof Map<?, ?> map && map.isEmpty();
    }

    // ---- calls ----

    private void call(ClientFrame client) throws RefusedException {
        SodpFrame request = client.frame();
        SodpFrame args = Requested.arguments(request);
        String method = String.valueOf(request.field("method"));
        if (!writes.take(model.now())) {
            throw new RefusedException(429, "rate limit exceeded");
        }
        String key = args.text("state");
        switch (method) {
            case "state.set", "state.patch", "state.set_in", "state.append", "state.delete" -> {}
            default -> throw new RefusedException(400, "unknown method: " + method);
        }
        if (key == null) {
            throw new RefusedException(400, "missing state");
        }
        checkKey(key);
        if (!model.mayWrite(key, subject)) {
            throw new RefusedException(403, "access denied");
        }
        KeyState state = model.store().of(key);
        Edit edit = edit(state, method, client, args);
        if (!state.exists() && edit.exists() && model.store().size() >= MOST_KEYS) {
            // The real server says success and keeps nothing.
            result(request, Map.of());
            return;
        }
        long version = model.store().commit(key, edit);
        result(request, edit.takesVersion() ? Map.of("version", version) : Map.of());
        model.publish(session, key, version, edit.ops());
    }

    private Edit edit(KeyState state, String method, ClientFrame client, SodpFrame args) throws RefusedException {
        WriteRules rules = model.rules();
        return switch (method) {
            case "state.set" -> rules.set(state, args.field("value"));
            case "state.delete" -> rules.delete(state);
            case "state.append" -> rules.append(state, args.field("value"), wide(client, args, "max_len"));
            case "state.patch" -> {
                if (!(args.field("patch") instanceof Map<?, ?> patch)) {
                    throw new RefusedException(400, "patch must be an object");
                }
                yield rules.patch(state, patch);
            }
            default -> {
                String path = args.text("path");
                yield rules.setIn(state, path == null ? "" : path, args.field("value"));
            }
        };
    }

    private void result(SodpFrame request, Map<String, Object> data) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("call_id", request.field("call_id"));
        body.put("success", true);
        body.put("data", data);
        session.emit(new SodpFrame(SodpFrame.RESULT, request.stream(), request.seq(), body));
    }

    // ---- frames ----

    private void error(long stream, int code, String message) {
        send(SodpFrame.ERROR, stream, 0, "code", (long) code, "message", message);
    }

    private void send(int type, long stream, long seq, Object... fields) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            body.put((String) fields[i], fields[i + 1]);
        }
        session.emit(new SodpFrame(type, stream, seq, body));
    }
}
