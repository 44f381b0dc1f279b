package dev.tributary.testkit.sodp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection, as the model sees it: its owner tells here what the client does. What the model sends goes out through
 * the {@link SodpPeer}.
 */
public final class SodpSession {

    private final SodpModel model;
    private final int number;
    private final SodpPeer peer;
    private final Speech speech;
    private final Deque<OutStep> out = new ArrayDeque<>();
    private final List<Watch> watches = new ArrayList<>();
    private final List<Presence> presence = new ArrayList<>();
    private long heldUntil = Long.MIN_VALUE;
    private boolean open = true;
    private boolean silent;
    private int pings;
    private int pongs;

    SodpSession(SodpModel model, int number, SodpPeer peer) {
        this.model = model;
        this.number = number;
        this.peer = peer;
        speech = switch (model.options().dialect()) {
            case RUST -> new RustSpeech(this, model);
            case TYPESCRIPT -> new TypeScriptSpeech(this, model);
            case GO -> new GoSpeech(this, model);
        };
    }

    // ---- what the client does ----

    /** A binary message arrived. */
    public void message(byte[] message) {
        model.run(() -> hear(message));
    }

    /** A text message arrived. */
    public void text(String message) {
        model.run(() -> {
            if (hears()) {
                speech.text();
            }
        });
    }

    /**
     * A ping arrived.
     *
     * @return how many pongs answer it
     */
    public int ping() {
        int[] answers = new int[1];
        pings++;
        model.run(() -> answers[0] = hears() ? speech.ping() : 0);
        return answers[0];
    }

    /** A pong arrived. */
    public void pong() {
        pongs++;
        if (hears()) {
            speech.pong();
        }
    }

    /** The client takes what is sent again. */
    public void writable() {
        model.run(() -> {});
    }

    /** The connection has ended, in order or not. */
    public void closed() {
        out.clear();
        leave(false);
    }

    /** The connection has ended by a socket error, which the TypeScript server takes for two ends. */
    public void failed() {
        out.clear();
        leave(true);
    }

    // ---- what there is to see ----

    /** The number of this connection, from 1. */
    public int number() {
        return number;
    }

    /** Whether neither side ended it. */
    public boolean isOpen() {
        return open;
    }

    /** Whether a fault has made the connection dead in both directions. */
    public boolean isSilent() {
        return silent;
    }

    /** How many pings came, heard or not. */
    public int pings() {
        return pings;
    }

    /** How many pongs came, asked for or not. */
    public int pongs() {
        return pongs;
    }

    /** The name of the client; null before it is known. */
    public @Nullable String subject() {
        return speech.subject();
    }

    /** The keys of its subscriptions; a key that is watched twice is there twice. */
    public List<String> watchedKeys() {
        return watches.stream().map(Watch::key).toList();
    }

    // ---- for the dialect ----

    Speech speech() {
        return speech;
    }

    List<Watch> watches() {
        return watches;
    }

    List<Presence> presence() {
        return presence;
    }

    /** Sends a frame, if no fault takes its place. */
    void emit(SodpFrame frame, @Nullable String key, boolean replayed) {
        if (open && !model.faults().strike(new SodpEvent(number, false, key, replayed, frame), this)) {
            deliver(encode(frame));
        }
    }

    void emit(SodpFrame frame) {
        emit(frame, null, false);
    }

    byte[] encode(SodpFrame frame) {
        return model.writer().write(frame);
    }

    /** Sends a message as it is; a queue that is full already does what the dialect does then. */
    void deliver(byte[] message) {
        int limit = model.options().queueFrames();
        if (limit > 0 && out.size() >= limit && open) {
            if (model.options().dialect() == SodpDialect.RUST) {
                out.clear();
                close(SodpModel.NO_CODE, "");
            }
            return;
        }
        enqueue(new OutStep.Message(message));
    }

    void deliverText(String message) {
        enqueue(new OutStep.Text(message));
    }

    void sendPing() {
        enqueue(new OutStep.Ping());
    }

    /** Ends the session by a close frame. */
    void close(int code, String reason) {
        enqueue(new OutStep.Close(code, reason));
        leave(false);
    }

    /** Ends the session by the end of the TCP connection. */
    void end() {
        enqueue(new OutStep.End());
        leave(false);
    }

    /** Ends the session by a break of the TCP connection. */
    void abort() {
        enqueue(new OutStep.Reset());
        leave(false);
    }

    /** Ends the session inside a message. */
    void cut(byte[] message, int bytes) {
        enqueue(new OutStep.Cut(message, Math.min(bytes, message.length)));
        leave(false);
    }

    /** Nothing passes any more, in either direction. */
    void fallSilent() {
        silent = true;
        out.clear();
    }

    /** Sends nothing for a while. */
    void hold(long millis) {
        heldUntil = Math.max(heldUntil, model.now() + millis);
        model.later(heldUntil, null, () -> {});
    }

    /** Does something after a while, if the session is still there. */
    void after(long millis, Runnable action) {
        model.later(model.now() + millis, this, action);
    }

    /** Hands over what waits, as far as the client takes it. Returns whether there was anything. */
    boolean flush() {
        boolean any = false;
        while (!out.isEmpty() && heldUntil <= model.now() && peer.isWritable()) {
            hand(out.remove());
            any = true;
        }
        return any;
    }

    /** Whether anything waits for its client. */
    boolean isWaiting() {
        return !out.isEmpty();
    }

    // ---- inside ----

    private boolean hears() {
        return open && !silent;
    }

    private void enqueue(OutStep step) {
        if (open && !silent) {
            out.add(step);
        }
    }

    private void hand(OutStep step) {
        if (step instanceof OutStep.Message message) {
            peer.binary(message.bytes());
        } else if (step instanceof OutStep.Text text) {
            peer.text(text.text());
        } else if (step instanceof OutStep.Cut cut) {
            peer.cut(cut.bytes(), cut.kept());
        } else if (step instanceof OutStep.Ping) {
            peer.ping();
        } else if (step instanceof OutStep.Close close) {
            peer.close(close.code(), close.reason());
        } else if (step instanceof OutStep.End) {
            peer.end();
        } else {
            peer.reset();
        }
    }

    private void hear(byte[] message) {
        if (!hears()) {
            return;
        }
        if (message.length > model.options().frameBytes()) {
            speech.oversized(message.length);
            return;
        }
        ClientFrame request;
        try {
            request = model.reader().read(message);
        } catch (UnreadableFrameException e) {
            speech.unreadable();
            return;
        }
        SodpEvent event = new SodpEvent(number, true, key(request.frame()), false, request.frame());
        model.heard(event);
        if (!model.faults().strike(event, this)) {
            speech.frame(request);
        }
    }

    private static @Nullable String key(SodpFrame frame) {
        Object args = frame.field("args");
        return frame.type() == SodpFrame.CALL ? new SodpFrame(0, 0, 0, args).text("state") : frame.text("state");
    }

    private void leave(boolean afterFailure) {
        model.run(() -> {
            if (open) {
                open = false;
                model.left(this, afterFailure);
            }
        });
    }

    /** The process is gone: nobody cleans up. */
    void vanish(boolean inOrder) {
        if (open) {
            out.clear();
            enqueue(inOrder ? new OutStep.Close(SodpModel.NO_CODE, "") : new OutStep.End());
            open = false;
        }
    }
}
