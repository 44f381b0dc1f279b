package dev.tributary.testkit.sodp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How the Rust server talks: answers in the order of requests, every refusal an ERROR, pings and no HEARTBEATs. */
final class RustSpeech implements Speech {

    private static final int CUT_BYTES = 16 * 1024 * 1024;
    private static final int FIRST_STREAM = 10;
    /** Deeper paths overflow the real server's stack. */
    private static final int DEEPEST_PATH = 20_000;

    private final SodpSession session;
    private final SodpModel model;
    private final RateWindow writes;
    private final RateWindow watches;
    private @Nullable String subject;
    private boolean live;
    private boolean pongIsDue;
    private long nextStream = FIRST_STREAM;
    private long lastSeq;

    RustSpeech(SodpSession session, SodpModel model) {
        this.session = session;
        this.model = model;
        live = model.options().tokens() == null;
        writes = new RateWindow(model.options().writesPerSecond(), model.now());
        watches = new RateWindow(model.options().watchesPerSecond(), model.now());
    }

    @Override
    public @Nullable String subject() {
        return subject;
    }

    @Override
    public void opened() {
        SodpOptions options = model.options();
        Map<String, @Nullable Object> capabilities = new TreeMap<>();
        capabilities.put("backpressure_limit", (long) options.queueFrames());
        capabilities.put("multi_watch", true);
        capabilities.put("params", true);
        capabilities.put("resume", true);
        capabilities.put("rate_limit_watches", limit(options.watchesPerSecond()));
        capabilities.put("rate_limit_writes", limit(options.writesPerSecond()));
        send(SodpFrame.HELLO, 0, 0, "auth", !live, "capabilities", capabilities, "server", "SODP-RS", "version", "0.1");
        session.after(options.beatMillis(), this::beat);
    }

    private static @Nullable Object limit(int perSecond) {
        return perSecond == 0 ? null : (Object) (long) perSecond;
    }

    private void beat() {
        if (pongIsDue) {
            session.close(SodpModel.NO_CODE, "");
            return;
        }
        pongIsDue = true;
        session.sendPing();
        session.after(model.options().beatMillis(), this::beat);
    }

    /** The library and the server both answer; before authentication the server does it by a HEARTBEAT. */
    @Override
    public int ping() {
        if (live) {
            return 2;
        }
        session.emit(new SodpFrame(SodpFrame.HEARTBEAT, 0, 0, null));
        return 1;
    }

    @Override
    public void pong() {
        pongIsDue = false;
    }

    @Override
    public void unreadable() {
        if (!live) {
            refuseToken("bad frame during auth");
        }
    }

    @Override
    public void text() {
        // Text is not looked at.
    }

    @Override
    public void oversized(int bytes) {
        if (bytes > CUT_BYTES) {
            session.end();
            return;
        }
        error(0, 0, 413, "frame too large");
        if (live) {
            session.close(SodpModel.NO_CODE, "");
        } else {
            session.end();
        }
    }

    @Override
    public void frame(ClientFrame client) {
        SodpFrame request = client.frame();
        if (request.type() == SodpFrame.HEARTBEAT) {
            session.emit(new SodpFrame(SodpFrame.HEARTBEAT, 0, 0, null));
        } else if (!live) {
            authenticate(request);
        } else {
            switch (request.type()) {
                case SodpFrame.WATCH -> watch(request);
                case SodpFrame.RESUME -> resume(request);
                case SodpFrame.UNWATCH -> Requested.keys(request).forEach(this::unwatch);
                case SodpFrame.CALL -> call(request);
                default -> {
                    // Not answered: unknown types, acknowledgements, a second AUTH.
                }
            }
        }
    }

    // ---- authentication ----

    private void authenticate(SodpFrame request) {
        SodpTokens tokens = model.options().tokens();
        if (tokens == null || request.type() != SodpFrame.AUTH) {
            refuseToken("auth required");
            return;
        }
        String token = request.text("token");
        SodpTokens.Grant grant = token == null ? null : tokens.find(token);
        if (token == null || grant == null) {
            boolean looksRight = token != null && token.split("\\.", -1).length == 3;
            refuseToken("auth failed: JWT error: " + (looksRight ? "InvalidSignature" : "InvalidToken"));
        } else if (grant.isExpired(model.now())) {
            refuseToken("auth failed: JWT error: ExpiredSignature");
        } else {
            live = true;
            subject = grant.subject();
            send(SodpFrame.AUTH_OK, 0, 0, "sub", grant.subject());
            OptionalLong expires = grant.expires();
            if (expires.isPresent()) {
                model.later(expires.getAsLong(), session, this::expire);
            }
        }
    }

    /** Before a session is live, an ERROR is followed by the bare end of the connection. */
    private void refuseToken(String why) {
        error(0, 0, 401, why);
        session.end();
    }

    private void expire() {
        error(0, 0, 401, "token expired");
        session.close(SodpModel.NO_CODE, "");
    }

    // ---- watching ----

    private void watch(SodpFrame request) {
        if (!watches.take(model.now())) {
            error(request.stream(), ++lastSeq, 429, "rate limit exceeded");
        } else if (!(request.field("states") instanceof List) && request.text("state") == null) {
            error(request.stream(), ++lastSeq, 400, "WATCH: missing 'state' or 'states' key");
        } else {
            for (String key : Requested.keys(request)) {
                if (model.mayRead(key, subject)) {
                    stateInit(subscribe(key), request);
                } else {
                    error(0, ++lastSeq, 403, "forbidden: " + key);
                }
            }
        }
    }

    private void resume(SodpFrame request) {
        String key = request.text("state");
        if (!watches.take(model.now())) {
            error(request.stream(), ++lastSeq, 429, "rate limit exceeded");
        } else if (key == null) {
            error(request.stream(), ++lastSeq, 400, "RESUME: missing 'state' key");
        } else if (!model.mayRead(key, subject)) {
            error(request.stream(), ++lastSeq, 403, "forbidden");
        } else {
            Watch watch = subscribe(key);
            if (request.field("since_version") instanceof Long since && since > 0) {
                for (KeyState.Logged missed : model.store().of(key).after(since)) {
                    delta(watch, ++lastSeq, missed.version(), missed.ops(), true);
                }
            }
            stateInit(watch, request);
        }
    }

    private Watch subscribe(String key) {
        Watch watch = new Watch(session, key, nextStream++);
        model.subscribe(watch);
        return watch;
    }

    private void stateInit(Watch watch, SodpFrame request) {
        KeyState state = model.store().of(watch.key());
        Map<String, @Nullable Object> body = new TreeMap<>();
        body.put("initialized", state.exists());
        body.put("state", watch.key());
        body.put("value", state.value());
        body.put("version", state.version());
        if (request.has("params")) {
            body.put("params", request.field("params"));
        }
        session.emit(new SodpFrame(SodpFrame.STATE_INIT, watch.stream(), ++lastSeq, body), watch.key(), false);
    }

    /** The fan-out forgets all subscriptions to the key, the session only the oldest: own writes still reach the others. */
    private void unwatch(String key) {
        model.unsubscribe(model.watches(session, key));
        List<Watch> own = session.watches();
        for (int i = 0; i < own.size(); i++) {
            if (own.get(i).key().equals(key)) {
                own.remove(i);
                return;
            }
        }
    }

    @Override
    public void changed(Watch watch, long version, List<SodpOp> ops) {
        delta(watch, 0, version, ops, false);
    }

    private void delta(Watch watch, long seq, long version, List<SodpOp> ops, boolean replayed) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("version", version);
        body.put("ops", OpEncoding.of(ops, value -> false));
        session.emit(new SodpFrame(SodpFrame.DELTA, watch.stream(), seq, body), watch.key(), replayed);
    }

    // ---- calls ----

    private void call(SodpFrame request) {
        String method = request.text("method");
        SodpFrame args = Requested.arguments(request);
        String key = args.text("state");
        if (method == null) {
            error(request.stream(), ++lastSeq, 400, "CALL: missing 'method'");
        } else if (!writes.take(model.now())) {
            error(request.stream(), ++lastSeq, 429, "rate limit exceeded");
        } else if (key != null && !model.mayWrite(key, subject)) {
            error(request.stream(), ++lastSeq, 403, "forbidden");
        } else {
            try {
                carryOut(request, method, args, key);
            } catch (RefusedException e) {
                error(request.stream(), ++lastSeq, e.code(), e.text());
            }
        }
    }

    private void carryOut(SodpFrame request, String method, SodpFrame args, @Nullable String key)
            throws RefusedException {
        switch (method) {
            case "state.set", "state.patch", "state.set_in", "state.presence", "state.delete" -> {}
            default -> throw new RefusedException(404, "unknown method: " + method);
        }
        if (key == null) {
            throw new RefusedException(400, method + ": missing 'state' key");
        }
        String path = args.text("path");
        boolean byPath = method.equals("state.set_in") || method.equals("state.presence");
        if (byPath && path == null) {
            throw new RefusedException(400, method + ": missing 'path' key");
        }
        if (path != null && byPath && path.chars().filter(c -> c == '/').count() >= DEEPEST_PATH) {
            model.crash();
            return;
        }
        Edit edit = edit(model.store().of(key), method, args, path == null ? "" : path);
        String fault = model.schemaFault(key, edit);
        if (fault != null) {
            throw new RefusedException(422, fault);
        }
        long version = model.store().commit(key, edit);
        if (path != null && method.equals("state.presence")) {
            register(new Presence(key, path));
        }
        model.publish(session, key, version, edit.ops());
        String callId = request.text("call_id");
        Map<String, Object> data =
                Map.of("version", method.equals("state.delete") && !edit.takesVersion() ? 0 : version);
        send(
                SodpFrame.RESULT,
                request.stream(),
                ++lastSeq,
                "call_id",
                callId == null ? "unknown" : callId,
                "data",
                data,
                "success",
                true);
    }

    private Edit edit(KeyState state, String method, SodpFrame args, String path) throws RefusedException {
        WriteRules rules = model.rules();
        return switch (method) {
            case "state.set" -> rules.set(state, args.field("value"));
            case "state.delete" -> rules.delete(state);
            case "state.patch" -> {
                if (!(args.field("patch") instanceof Map<?, ?> patch)) {
                    throw new RefusedException(400, "state.patch: 'patch' must be an object");
                }
                yield rules.patch(state, patch);
            }
            default -> rules.setIn(state, path, args.field("value"));
        };
    }

    private void register(Presence entry) {
        if (!session.presence().contains(entry)) {
            session.presence().add(entry);
        }
    }

    // ---- frames ----

    private void error(long stream, long seq, int code, String message) {
        send(SodpFrame.ERROR, stream, seq, "code", (long) code, "message", message);
    }

    /** Sends a body whose fields are sorted by name. */
    private void send(int type, long stream, long seq, Object... fields) {
        Map<String, @Nullable Object> body = new TreeMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            body.put((String) fields[i], fields[i + 1]);
        }
        session.emit(new SodpFrame(type, stream, seq, body));
    }
}
