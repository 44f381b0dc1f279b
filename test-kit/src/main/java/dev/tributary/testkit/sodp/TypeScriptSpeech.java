package dev.tributary.testkit.sodp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the TypeScript server talks: HEARTBEATs, refused calls as RESULT, and answers a moment later, so that errors it
 * can tell at once overtake them.
 */
final class TypeScriptSpeech implements Speech {

    private static final long AUTH_MILLIS = 15_000;
    private static final int TOO_BIG = 1009;
    private static final int FIRST_STREAM = 10;

    private final SodpSession session;
    private final SodpModel model;
    private final RateWindow writes;
    private final RateWindow watches;
    private @Nullable String subject;
    private boolean live;
    private boolean heardBeat = true;
    private long nextStream = FIRST_STREAM;
    private long lastSeq;

    TypeScriptSpeech(SodpSession session, SodpModel model) {
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
        Map<String, @Nullable Object> capabilities = new LinkedHashMap<>();
        if (options.writesPerSecond() > 0) {
            capabilities.put("rate_limit_writes", (long) options.writesPerSecond());
        }
        if (options.watchesPerSecond() > 0) {
            capabilities.put("rate_limit_watches", (long) options.watchesPerSecond());
        }
        capabilities.put("backpressure_limit", 1024L);
        capabilities.put("multi_watch", true);
        capabilities.put("params", true);
        capabilities.put("resume", true);
        send(
                SodpFrame.HELLO,
                0,
                "protocol",
                "sodp",
                "version",
                "1.0",
                "server",
                "sodp-server-ts",
                "auth",
                !live,
                "capabilities",
                capabilities);
        session.after(options.beatMillis(), this::beat);
        if (!live) {
            session.after(AUTH_MILLIS, this::authTimeOut);
        }
    }

    private void beat() {
        if (!heardBeat) {
            session.close(SodpModel.NO_CODE, "");
            return;
        }
        heardBeat = false;
        session.emit(new SodpFrame(SodpFrame.HEARTBEAT, 0, 0, null));
        session.after(model.options().beatMillis(), this::beat);
    }

    private void authTimeOut() {
        if (!live) {
            error(401, "AUTH timeout");
            session.close(SodpModel.NO_CODE, "");
        }
    }

    @Override
    public int cleanUps(boolean afterFailure) {
        return afterFailure ? 2 : 1;
    }

    @Override
    public void unreadable() {
        error(400, "malformed frame");
    }

    @Override
    public void text() {
        error(400, "malformed frame");
    }

    @Override
    public void oversized(int bytes) {
        session.close(TOO_BIG, "");
    }

    @Override
    public void frame(ClientFrame client) {
        SodpFrame request = client.frame();
        if (request.type() == SodpFrame.HEARTBEAT) {
            heardBeat = true;
        } else if (request.type() == SodpFrame.AUTH) {
            soon(() -> authenticate(request));
        } else if (!live) {
            error(401, "AUTH required");
        } else {
            switch (request.type()) {
                case SodpFrame.WATCH -> withBody(request, this::watch);
                case SodpFrame.RESUME -> withBody(request, this::resume);
                case SodpFrame.UNWATCH ->
                    withBody(request, r -> Requested.keys(r).forEach(this::unwatch));
                case SodpFrame.CALL -> call(request);
                default -> error(400, "unexpected op 0x" + Integer.toHexString(request.type()));
            }
        }
    }

    private interface Handling {

        void of(SodpFrame request);
    }

    /** The process does not survive a body that is nil. */
    private void withBody(SodpFrame request, Handling handling) {
        if (request.body() == null) {
            model.crash();
        } else {
            handling.of(request);
        }
    }

    /** Does something when all that arrived together has been looked at. */
    private void soon(Runnable action) {
        session.after(0, action);
    }

    // ---- authentication ----

    private void authenticate(SodpFrame request) {
        String text = request.text("token");
        String token = text == null ? "" : text.trim();
        SodpTokens tokens = model.options().tokens();
        SodpTokens.Grant grant = tokens == null ? null : tokens.find(token);
        if (token.isEmpty()) {
            refuseToken("missing token");
        } else if (tokens == null) {
            authenticated(request, token);
        } else if (grant == null || grant.isExpired(model.now())) {
            refuseToken("invalid token");
        } else {
            authenticated(request, grant.subject());
        }
    }

    private void authenticated(SodpFrame request, String name) {
        live = true;
        subject = name;
        send(SodpFrame.AUTH_OK, request.seq(), "sub", name);
    }

    private void refuseToken(String why) {
        error(401, why);
        session.close(SodpModel.NO_CODE, "");
    }

    // ---- watching ----

    private void watch(SodpFrame request) {
        List<String> keys = Requested.keys(request);
        if (!watches.take(model.now())) {
            error(429, "watch rate limit exceeded");
        } else if (keys.isEmpty() || keys.contains("")) {
            error(400, "missing state(s)");
        } else {
            // Subscribed at once, answered a moment later: a DELTA between is contained in the answer.
            List<@Nullable Watch> subscribed = new ArrayList<>();
            for (String key : keys) {
                subscribed.add(model.mayRead(key, subject) ? subscribe(key) : null);
            }
            soon(() -> {
                for (int i = 0; i < keys.size(); i++) {
                    Watch watch = subscribed.get(i);
                    if (watch == null) {
                        error(403, "access denied: " + keys.get(i));
                    } else {
                        stateInit(watch, request);
                    }
                }
            });
        }
    }

    private void resume(SodpFrame request) {
        String key = request.text("state");
        if (!watches.take(model.now())) {
            error(429, "watch rate limit exceeded");
        } else if (key == null || key.isEmpty()) {
            error(400, "missing state(s)");
        } else if (!model.mayRead(key, subject)) {
            soon(() -> error(403, "access denied: " + key));
        } else {
            Watch watch = subscribe(key);
            replay(watch, request.field("since_version") instanceof Number since ? since.longValue() : 0);
            soon(() -> stateInit(watch, request));
        }
    }

    /** Everything that was missed, or nothing when the log no longer holds all of it. */
    private void replay(Watch watch, long since) {
        KeyState state = model.store().of(watch.key());
        if (since >= state.oldestLogged() - 1) {
            for (KeyState.Logged missed : state.after(since)) {
                delta(watch, missed.version(), missed.ops(), true);
            }
        }
    }

    private Watch subscribe(String key) {
        for (Watch watch : session.watches()) {
            if (watch.key().equals(key)) {
                return watch;
            }
        }
        Watch watch = new Watch(session, key, nextStream++);
        model.subscribe(watch);
        return watch;
    }

    private void unwatch(String key) {
        model.unsubscribe(model.watches(session, key));
        session.watches().removeIf(watch -> watch.key().equals(key));
    }

    private void stateInit(Watch watch, SodpFrame request) {
        KeyState state = model.store().of(watch.key());
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("state", watch.key());
        body.put("version", state.version());
        body.put("value", state.value());
        body.put("initialized", state.exists());
        if (request.has("params")) {
            body.put("params", request.field("params"));
        }
        session.emit(new SodpFrame(SodpFrame.STATE_INIT, watch.stream(), request.seq(), body), watch.key(), false);
    }

    @Override
    public void changed(Watch watch, long version, List<SodpOp> ops) {
        delta(watch, version, ops, false);
    }

    private void delta(Watch watch, long version, List<SodpOp> ops, boolean replayed) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("version", version);
        body.put("ops", OpEncoding.of(ops, value -> false));
        body.put("state", watch.key());
        session.emit(new SodpFrame(SodpFrame.DELTA, watch.stream(), ++lastSeq, body), watch.key(), replayed);
    }

    // ---- calls ----

    private void call(SodpFrame request) {
        if (!writes.take(model.now())) {
            error(429, "write rate limit exceeded");
            return;
        }
        String method = String.valueOf(request.field("method"));
        SodpModel.Application application = model.application(method);
        if (application != null) {
            Object data = application.function().apply(request.field("args"));
            session.after(
                    application.millis(),
                    () -> result(request, true, model.form().of(data)));
            return;
        }
        try {
            carryOut(method, Requested.arguments(request));
            soon(() -> result(request, true, null));
        } catch (RefusedException e) {
            soon(() -> result(request, false, e.text()));
        }
    }

    private void carryOut(String method, SodpFrame args) throws RefusedException {
        switch (method) {
            case "state.set", "state.patch", "state.set_in", "state.presence", "state.delete" -> {}
            default -> throw new RefusedException(404, "unknown method: " + method);
        }
        String key = args.text("state");
        if (key == null || key.isEmpty()) {
            throw new RefusedException(400, "missing state");
        }
        if (!model.mayWrite(key, subject)) {
            throw new RefusedException(403, "access denied");
        }
        Edit edit = edit(model.store().of(key), method, args);
        // Presence is the one write that no schema looks at.
        String fault = method.equals("state.presence") ? null : model.schemaFault(key, edit);
        if (fault != null) {
            throw new RefusedException(422, fault);
        }
        long version = model.store().commit(key, edit);
        if (method.equals("state.presence")) {
            session.presence().add(new Presence(key, String.valueOf(args.text("path"))));
        }
        model.publish(session, key, version, edit.ops());
    }

    private Edit edit(KeyState state, String method, SodpFrame args) throws RefusedException {
        WriteRules rules = model.rules();
        return switch (method) {
            case "state.set" -> rules.set(state, args.field("value"));
            case "state.delete" -> rules.delete(state);
            case "state.patch" -> {
                if (!(args.field("patch") instanceof Map<?, ?> patch)) {
                    throw new RefusedException(400, "patch must be an object");
                }
                yield rules.patch(state, patch);
            }
            default -> {
                String path = args.text("path");
                if (path == null) {
                    throw new RefusedException(400, "missing path");
                }
                yield rules.setIn(state, path, args.field("value"));
            }
        };
    }

    private void result(SodpFrame request, boolean success, @Nullable Object data) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("call_id", request.field("call_id"));
        body.put("success", success);
        body.put("data", data);
        session.emit(new SodpFrame(SodpFrame.RESULT, 0, request.seq(), body));
    }

    // ---- frames ----

    private void error(int code, String message) {
        send(SodpFrame.ERROR, ++lastSeq, "code", (long) code, "message", message);
    }

    private void send(int type, long seq, Object... fields) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            body.put((String) fields[i], fields[i + 1]);
        }
        session.emit(new SodpFrame(type, 0, seq, body));
    }
}
