package dev.tributary.testkit.spacetimedb;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One connection of a client, from the acceptance of its handshake to its end. */
public final class SpacetimeDbSession {

    static final int INTERNAL_ERROR = 1011;

    private static final int GOING_AWAY = 1001;
    private static final int TRY_LATER = 1013;
    private static final int MOST_BYTES = 32 * 1024 * 1024;
    private static final int MOST_BUNDLED = 512 * 1024;

    private enum State {
        NEW,
        OPEN,
        /** The session is over, but the connection stays until the client says something. */
        LINGERING,
        ENDED
    }

    private final SpacetimeDbModel model;
    private final Clients clients;
    private final int number;
    private final ConnectionRequest request;
    private final BigInteger connectionId;
    private final Conversation conversation;
    private final Deque<OutMessage> outgoing = new ArrayDeque<>();
    private final ByteArrayOutputStream bundle = new ByteArrayOutputStream();

    private @Nullable SpacetimeDbPeer peer;
    private State state = State.NEW;
    private boolean silent;
    private boolean refused;
    private boolean pingUnanswered;
    private long lastHeard;
    private long heldUntil;
    private int unprocessed;
    private Runnable cancelPing = () -> {};
    private Runnable cancelIdle = () -> {};

    SpacetimeDbSession(SpacetimeDbModel model, int number, ConnectionRequest request, BigInteger connectionId) {
        this.model = model;
        this.clients = model.clients();
        this.number = number;
        this.request = request;
        this.connectionId = connectionId;
        conversation =
                request.subprotocol().isVersion1() ? new V1Conversation(model, this) : new V2Conversation(model, this);
    }

    // ---- what it is ----

    /** The number of this connection, from 1. */
    public int number() {
        return number;
    }

    /** Who is connected. */
    public BigInteger identity() {
        return request.identity();
    }

    /** Which connection it is. */
    public BigInteger connectionId() {
        return connectionId;
    }

    /** What was agreed on. */
    public String subprotocolName() {
        return request.subprotocol().wireName();
    }

    /** Whether it is alive. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether a fault has silenced it, or it has ended without a word. */
    public boolean isSilent() {
        return silent || state == State.LINGERING;
    }

    /** How many subscriptions are live. */
    public int liveSets() {
        return conversation.liveSets();
    }

    /** How many messages wait for the client. */
    public int waiting() {
        return outgoing.size();
    }

    Subprotocol subprotocol() {
        return request.subprotocol();
    }

    String token() {
        return request.token();
    }

    boolean light() {
        return request.light();
    }

    Conversation conversation() {
        return conversation;
    }

    Compression compressionInside() {
        return model.options().compressesInside() ? request.compression() : Compression.NONE;
    }

    /** As error texts name it. */
    String printed() {
        return "(Identity(%064x), ConnectionId(%032x))".formatted(identity(), connectionId);
    }

    /** Without token. */
    @Override
    public String toString() {
        return "connection " + number;
    }

    // ---- its life ----

    /** The handshake is through; the module may still refuse. */
    public void attach(SpacetimeDbPeer to) {
        peer = to;
        state = State.OPEN;
        lastHeard = model.now();
        clients.enter(() -> clients.opened(this));
    }

    void welcome() {
        conversation.greet();
        ping();
        cancelIdle = model.later(model.options().idleMillis(), this::lookForIdleness);
    }

    void forgetTimers() {
        cancelPing.run();
        cancelIdle.run();
    }

    void refuse() {
        refused = true;
        state = State.ENDED;
        to().end();
    }

    private void ping() {
        if (state != State.OPEN) {
            return;
        }
        if (!silent && !pingUnanswered) {
            pingUnanswered = true;
            to().ping();
        }
        cancelPing = model.later(model.options().pingMillis(), this::ping);
    }

    private void lookForIdleness() {
        if (state != State.OPEN) {
            return;
        }
        long due = lastHeard + model.options().idleMillis() - model.now();
        if (due > 0) {
            cancelIdle = model.later(due, this::lookForIdleness);
        } else if (model.options().atLeast(1, 3, 0)) {
            linger();
        } else {
            endNow();
        }
    }

    /** The session is over, and nobody tells the client. */
    void linger() {
        if (state == State.OPEN) {
            state = State.LINGERING;
            outgoing.clear();
            clients.closed(this);
        }
    }

    /** A close frame, then the end of the session. */
    void closeByServer(int code, String reason) {
        if (state == State.OPEN) {
            state = State.ENDED;
            outgoing.clear();
            to().close(code, reason);
            clients.closed(this);
        }
    }

    void moduleExited() {
        closeByServer(GOING_AWAY, "module exited");
    }

    void endNow() {
        if (state == State.OPEN) {
            state = State.ENDED;
            outgoing.clear();
            to().end();
            clients.closed(this);
        }
    }

    void breakNow() {
        if (state == State.OPEN) {
            state = State.ENDED;
            outgoing.clear();
            to().reset();
            clients.closed(this);
        }
    }

    // ---- from the client ----

    /** A text message. */
    public void text(byte[] utf8) {
        clients.enter(() -> message(utf8, true));
    }

    /** A binary message. */
    public void binary(byte[] bytes) {
        clients.enter(() -> message(bytes, false));
    }

    /** A ping of the client: whether it is to be answered. */
    public boolean ping(byte[] payload) {
        return heard() && !silent;
    }

    /** A pong of the client. */
    public void pong() {
        if (heard()) {
            pingUnanswered = false;
        }
    }

    /** The client sent a close frame: whether it is to be answered. */
    public boolean closedByClient() {
        boolean answered = state == State.OPEN && !silent || state == State.ENDED;
        clients.enter(() -> {
            if (state == State.OPEN) {
                state = State.ENDED;
                outgoing.clear();
                clients.closed(this);
            } else if (state == State.LINGERING) {
                state = State.ENDED;
                to().end();
            }
        });
        return answered;
    }

    /** The connection is gone. */
    public void gone() {
        clients.enter(() -> {
            if (state == State.OPEN) {
                state = State.ENDED;
                outgoing.clear();
                clients.closed(this);
            } else if (!refused) {
                state = State.ENDED;
            }
        });
    }

    /** The client broke the rules of WebSockets. */
    public void malformed() {
        clients.enter(this::endNow);
    }

    /** The client takes messages again. */
    public void writable() {
        clients.enter(() -> {});
    }

    /** Whether there is anyone to hear it; an ended session answers by the end of the stream. */
    private boolean heard() {
        if (state == State.LINGERING) {
            state = State.ENDED;
            to().end();
        }
        lastHeard = model.now();
        return state == State.OPEN;
    }

    private void message(byte[] bytes, boolean text) {
        if (!heard()) {
            return;
        }
        if (bytes.length > MOST_BYTES) {
            endNow();
            return;
        }
        try {
            conversation.receive(bytes, text);
        } catch (BsatnException | JsonException e) {
            closeByServer(INTERNAL_ERROR, String.valueOf(e.getMessage()));
        }
    }

    void took() {
        unprocessed++;
        if (unprocessed > model.options().queueLimit()) {
            closeByServer(TRY_LATER, "too many requests");
        }
    }

    void processed() {
        unprocessed--;
    }

    // ---- to the client ----

    void send(OutMessage message) {
        if (state != State.OPEN) {
            return;
        }
        outgoing.add(message);
        if (outgoing.size() > model.options().queueLimit()) {
            linger();
        }
    }

    /** Sends what waits and may go. */
    void flush() {
        while (state == State.OPEN && !silent && heldUntil <= model.now()) {
            OutMessage message = outgoing.peek();
            if (message == null
                    || request.confirmed()
                            && message.commit() > model.durability().last()
                    || !to().isWritable()) {
                break;
            }
            outgoing.remove();
            SpacetimeDbFault fault = model.faults().strike(new SpacetimeDbEvent(this, message.kind()));
            if (fault == null) {
                deliver(message);
            } else {
                sendBundle();
                fault.apply(this, message);
            }
        }
        if (state == State.OPEN && !silent) {
            sendBundle();
        }
    }

    private void deliver(OutMessage message) {
        byte[] frame = message.encoding().bytes(null);
        if (request.subprotocol() != Subprotocol.V3) {
            frame(compressed(frame));
            return;
        }
        if (bundle.size() + frame.length > MOST_BUNDLED) {
            sendBundle();
        }
        if (frame.length > MOST_BUNDLED) {
            frame(compressed(frame));
        } else {
            int from = bundle.size() == 0 ? 0 : 1;
            bundle.write(frame, from, frame.length - from);
        }
    }

    private void sendBundle() {
        if (bundle.size() > 0) {
            byte[] frame = bundle.toByteArray();
            bundle.reset();
            frame(compressed(frame));
        }
    }

    /** Sends a message alone, damaged or not. */
    void transmit(OutMessage message, @Nullable RowDamage damage, UnaryOperator<byte[]> change) {
        byte[] frame = message.encoding().bytes(damage);
        if (request.subprotocol() == Subprotocol.V1_JSON) {
            frame(change.apply(frame));
            return;
        }
        byte[] body = change.apply(java.util.Arrays.copyOfRange(frame, 1, frame.length));
        frame(compressed(new BsatnWriter(body.length + 1)
                .u8(Compression.NONE.tag())
                .raw(body)
                .toBytes()));
    }

    void frame(byte[] frame) {
        if (state != State.OPEN) {
            return;
        }
        if (request.subprotocol() == Subprotocol.V1_JSON) {
            to().text(frame);
        } else {
            to().binary(frame);
        }
    }

    private byte[] compressed(byte[] frame) {
        Compression compression = request.compression();
        if (request.subprotocol() == Subprotocol.V1_JSON
                || compression == Compression.NONE
                || frame.length - 1 <= Compression.THRESHOLD) {
            return frame;
        }
        byte[] body = compression.compress(frame, 1, frame.length - 1);
        return new BsatnWriter(body.length + 1).u8(compression.tag()).raw(body).toBytes();
    }

    void breakWithin(OutMessage message, int bytes) {
        if (state == State.OPEN) {
            byte[] frame = compressed(message.encoding().bytes(null));
            state = State.ENDED;
            outgoing.clear();
            to().cut(frame, Math.min(bytes, frame.length), request.subprotocol() == Subprotocol.V1_JSON);
            clients.closed(this);
        }
    }

    void fallSilent() {
        silent = true;
    }

    void delay(OutMessage message, long millis) {
        outgoing.addFirst(message);
        heldUntil = model.now() + millis;
        model.later(millis, () -> {});
    }

    private SpacetimeDbPeer to() {
        if (peer == null) {
            throw new IllegalStateException("not attached yet");
        }
        return peer;
    }

    // ---- what a faithful server never does ----

    /** Repeats the first message. */
    public void greetAgain() {
        clients.enter(conversation::greet);
    }

    /** Sends the delete of a row that need not be there. */
    public void sendDelete(String table, Object... values) {
        clients.enter(() ->
                conversation.sendDelete(table, model.database().table(table).row(java.util.List.of(values))));
    }

    /** A set fails in a later transaction; in the first version all of them do, and no id is named. */
    public void failSubscription(long id, String error) {
        clients.enter(() -> conversation.endSet(id, error));
    }

    /** Closes with this code and reason, which may be longer than allowed. */
    public void close(int code, String reason) {
        clients.enter(() -> closeByServer(code, reason));
    }

    /** Ends the session; the connection stays, and nobody tells the client. */
    public void endSilently() {
        clients.enter(this::linger);
    }

    /** Breaks the connection. */
    public void breakConnection() {
        clients.enter(this::breakNow);
    }

    /** Sends nothing any more, and answers no ping. */
    public void silence() {
        silent = true;
    }
}
