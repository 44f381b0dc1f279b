package dev.tributary.testkit.sodp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The behaviour of a SODP server over keys held in memory, in one of three dialects: pure, deterministic and for one
 * thread at a time. It has no clock, no randomness and no sockets of its own; whoever runs it calls {@link #tick()} when
 * {@link #nextDeadline()} has come. That is at once for what a TypeScript server does a moment later: its answers to
 * requests that arrived together come behind the refusals it can tell at once.
 *
 * <p>Documents are null, Boolean, Long, BigInteger, Double, String, List and Map; they are never changed once they are
 * there. Peers are called when a call of the model's or a session's method is nearly done; they may call again.
 */
public final class SodpModel {

    static final int NO_CODE = 1005;

    /** What the embedding application makes of a call. */
    record Application(long millis, Function<@Nullable Object, @Nullable Object> function) {}

    private final SodpOptions options;
    private final LongSupplier clock;
    private final RandomGenerator random;
    private final ValueForm form;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final WriteRules rules;
    private final KeyStore store;
    private final SodpFaults faults = new SodpFaults();
    private final Timers timers = new Timers();
    private final Set<SodpSession> sessions = new LinkedHashSet<>();
    private final Set<SodpSession> draining = new LinkedHashSet<>();
    private final Map<String, List<Watch>> watchers = new LinkedHashMap<>();
    private final Map<String, Application> applications = new HashMap<>();
    private final List<Consumer<SodpEvent>> listeners = new ArrayList<>();
    private int connections;
    private long frames;
    private boolean busy;
    private boolean flushing;

    /**
     * Creates an empty server.
     *
     * @param options set-up
     * @param clock milliseconds since 1970
     * @param random source of all that varies
     */
    public SodpModel(SodpOptions options, LongSupplier clock, RandomGenerator random) {
        this.options = options;
        this.clock = clock;
        this.random = random;
        form = new ValueForm(options.dialect());
        reader = new FrameReader(options.dialect(), form);
        writer = new FrameWriter(options.dialect(), random);
        store = new KeyStore(options);
        rules = switch (options.dialect()) {
            case RUST -> new RustWrites(form);
            case TYPESCRIPT -> new TypeScriptWrites();
            case GO -> new GoWrites(form);
        };
    }

    // ---- connections ----

    /** What becomes of the next WebSocket upgrade; asked once for each. */
    public SodpAdmission admit() {
        SodpAdmission refusal = faults.nextRefusal();
        if (refusal != null) {
            return refusal;
        }
        if (options.sessions() == 0 || sessions.size() < options.sessions()) {
            return SodpAdmission.ACCEPTED;
        }
        return options.dialect() == SodpDialect.GO ? new SodpAdmission(503) : SodpAdmission.RESET;
    }

    /** A WebSocket has been opened. */
    public SodpSession connect(SodpPeer peer) {
        SodpSession session = new SodpSession(this, ++connections, peer);
        run(() -> {
            sessions.add(session);
            session.speech().opened();
        });
        return session;
    }

    /** Does everything that is due. */
    public void tick() {
        run(() -> timers.runDue(now()));
    }

    /** When {@link #tick()} has something to do next, on the model's clock. */
    public OptionalLong nextDeadline() {
        return timers.nextDue();
    }

    /** The open connections, oldest first. */
    public List<SodpSession> sessions() {
        return List.copyOf(sessions);
    }

    /** Number of connections so far. */
    public int connectionCount() {
        return connections;
    }

    /** Number of frames received so far that could be read. */
    public long frameCount() {
        return frames;
    }

    /** Calls the listener with every frame of a client that could be read, before it is carried out. */
    public void onFrame(Consumer<SodpEvent> listener) {
        listeners.add(listener);
    }

    /** The script of faults. */
    public SodpFaults faults() {
        return faults;
    }

    /** How it is set up. */
    public SodpOptions options() {
        return options;
    }

    // ---- keys ----

    /** Writes a whole value, as another client does. Returns the version of the key. */
    public long set(String key, @Nullable Object value) {
        return write(key, state -> rules.set(state, form.of(value)));
    }

    /** Merges fields into an object, as another client does. Returns the version of the key. */
    public long patch(String key, Map<String, ?> fields) {
        return write(key, state -> rules.patch(state, (Map<?, ?>) required(form.of(fields))));
    }

    /** Writes one place, as another client does. Returns the version of the key. */
    public long setIn(String key, String path, @Nullable Object value) {
        return write(key, state -> rules.setIn(state, path, form.of(value)));
    }

    /** Deletes a key, as another client does. Returns the version of that. */
    public long delete(String key) {
        return write(key, rules::delete);
    }

    /** Appends to a list, as the embedding application of a TypeScript or Go server may. */
    public long append(String key, @Nullable Object item, int most) {
        return write(key, state -> rules.append(state, form.of(item), most));
    }

    /** Any ops in one DELTA, as the embedding application of a TypeScript server may. */
    public long apply(String key, SodpOp... ops) {
        if (options.dialect() != SodpDialect.TYPESCRIPT) {
            throw new IllegalStateException("only the TypeScript server takes ops from its application");
        }
        List<SodpOp> formed = new ArrayList<>();
        for (SodpOp op : ops) {
            formed.add(new SodpOp(op.kind(), op.path(), form.of(op.value())));
        }
        return write(key, state -> TypeScriptWrites.apply(state, formed));
    }

    /**
     * Puts a value there without a DELTA, as an application does that loads it from elsewhere.
     *
     * @param version what it is given out as; 0 on a TypeScript server that loads
     */
    public void load(String key, @Nullable Object value, long version) {
        store.load(key, form.of(value), version);
    }

    /** The value of a key; null for nil and for none. */
    public @Nullable Object value(String key) {
        return ValueForm.readOnly(store.of(key).value());
    }

    /** The version of a key as a STATE_INIT would tell it. */
    public long version(String key) {
        return store.of(key).version();
    }

    /** Whether a key has been written and not been deleted. */
    public boolean exists(String key) {
        return store.of(key).exists();
    }

    /** The keys that exist, oldest first. */
    public List<String> keys() {
        return store.names();
    }

    /** Lets the embedding application of a TypeScript server answer a method, after some time. */
    public void application(String method, long millis, Function<@Nullable Object, @Nullable Object> function) {
        applications.put(method, new Application(millis, function));
    }

    // ---- the process ----

    /**
     * Restarts the server: all connections end, nobody cleans up behind them.
     *
     * @param keepLog whether it reads back what its log on disk holds; else everything is forgotten
     */
    public void restart(boolean keepLog) {
        if (keepLog && !options.logOnDisk()) {
            throw new IllegalArgumentException("this server has no log on disk");
        }
        run(() -> stop(options.dialect() == SodpDialect.RUST, keepLog));
    }

    /** The process dies at once, and somebody starts it again. */
    public void crash() {
        run(() -> stop(false, options.logOnDisk()));
    }

    private void stop(boolean inOrder, boolean keepLog) {
        for (SodpSession session : List.copyOf(sessions)) {
            session.vanish(inOrder);
            timers.forget(session);
        }
        draining.addAll(sessions);
        sessions.clear();
        watchers.clear();
        store.restart(keepLog);
    }

    // ---- for sessions and dialects ----

    long now() {
        return clock.getAsLong();
    }

    RandomGenerator random() {
        return random;
    }

    FrameReader reader() {
        return reader;
    }

    FrameWriter writer() {
        return writer;
    }

    WriteRules rules() {
        return rules;
    }

    ValueForm form() {
        return form;
    }

    KeyStore store() {
        return store;
    }

    @Nullable
    Application application(String method) {
        return applications.get(method);
    }

    void heard(SodpEvent event) {
        frames++;
        listeners.forEach(listener -> listener.accept(event));
    }

    void later(long due, @Nullable SodpSession session, Runnable action) {
        timers.add(due, session, action);
    }

    boolean mayRead(String key, @Nullable String subject) {
        SodpAccess access = options.access();
        return access == null || access.mayRead(options.dialect(), key, subject);
    }

    boolean mayWrite(String key, @Nullable String subject) {
        SodpAccess access = options.access();
        return access == null || access.mayWrite(options.dialect(), key, subject);
    }

    /** What a schema says against an edit; null when nothing. */
    @Nullable
    String schemaFault(String key, Edit edit) {
        SodpSchema schema = options.schemas().get(key);
        return schema == null || !edit.exists() ? null : schema.fault(key, edit.value());
    }

    void subscribe(Watch watch) {
        watch.session().watches().add(watch);
        watchers.computeIfAbsent(watch.key(), key -> new ArrayList<>()).add(watch);
    }

    /** Takes subscriptions out of the fan-out. The session may still think it has them. */
    void unsubscribe(Collection<Watch> gone) {
        for (Watch watch : gone) {
            List<Watch> list = watchers.get(watch.key());
            if (list != null) {
                list.remove(watch);
            }
        }
    }

    /** The subscriptions of a session to a key, as far as changes of others reach them. */
    List<Watch> watches(SodpSession session, String key) {
        return watchers.getOrDefault(key, List.of()).stream()
                .filter(watch -> watch.session().equals(session))
                .toList();
    }

    /** Tells everybody of a change; the one who made it once, however often it is subscribed. */
    void publish(@Nullable SodpSession maker, String key, long version, List<SodpOp> ops) {
        if (ops.isEmpty()) {
            return;
        }
        if (maker != null) {
            for (Watch watch : List.copyOf(maker.watches())) {
                if (watch.key().equals(key)) {
                    maker.speech().changed(watch, version, ops);
                    break;
                }
            }
        }
        for (Watch watch : List.copyOf(watchers.getOrDefault(key, List.of()))) {
            if (!watch.session().equals(maker)) {
                watch.session().speech().changed(watch, version, ops);
            }
        }
    }

    /** A session has ended: its subscriptions and presence entries go. */
    void left(SodpSession session, boolean afterFailure) {
        sessions.remove(session);
        draining.add(session);
        timers.forget(session);
        watchers.values().forEach(list -> list.removeIf(watch -> watch.session().equals(session)));
        for (int i = 0; i < session.speech().cleanUps(afterFailure); i++) {
            for (Presence entry : session.presence()) {
                cleanUp(entry);
            }
        }
    }

    private void cleanUp(Presence entry) {
        try {
            Edit edit = rules.unregister(store.of(entry.key()), entry.path());
            publish(null, entry.key(), store.commit(entry.key(), edit), edit.ops());
        } catch (RefusedException e) {
            // What cannot be removed stays, as on the real server.
            return;
        }
    }

    /** Runs something; afterwards everything that came of it goes out. */
    void run(Runnable action) {
        if (busy) {
            action.run();
            return;
        }
        busy = true;
        try {
            action.run();
        } finally {
            busy = false;
        }
        flush();
    }

    private void flush() {
        if (flushing) {
            return;
        }
        flushing = true;
        try {
            // A peer may call again while it is being told, which makes more to tell.
            boolean more = true;
            while (more) {
                more = false;
                for (SodpSession session : everybody()) {
                    more |= session.flush();
                }
            }
            draining.removeIf(session -> !session.isWaiting());
        } finally {
            flushing = false;
        }
    }

    private List<SodpSession> everybody() {
        List<SodpSession> all = new ArrayList<>(draining);
        all.addAll(sessions);
        return all;
    }

    private interface Writing {

        Edit on(KeyState state) throws RefusedException;
    }

    private long write(String key, Writing writing) {
        long[] version = new long[1];
        run(() -> {
            try {
                Edit edit = writing.on(store.of(key));
                version[0] = store.commit(key, edit);
                publish(null, key, version[0], edit.ops());
            } catch (RefusedException e) {
                throw new IllegalArgumentException(e.text());
            }
        });
        return version[0];
    }

    private static Object required(@Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException("a patch is an object");
        }
        return value;
    }
}
