package dev.tributary.testkit.driftdb;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One WebSocket as the server sees it: what it asked for, and the queue of what it is to be told. */
public final class DriftDbConnection {

    private final DriftDbModel model;
    private final DriftDbRoom room;
    private final int number;
    private final boolean cbor;
    private final boolean debug;
    private final Map<String, Integer> gets = new HashMap<>();
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private @Nullable DriftDbOutlet outlet;
    private boolean open = true;
    private boolean ending;
    private boolean wrecked;
    private boolean silent;
    /** When the queue is looked at again; negative for never. */
    private long plannedFor = -1;

    private long dropped;

    DriftDbConnection(DriftDbModel model, DriftDbRoom room, int number, boolean cbor, boolean debug) {
        this.model = model;
        this.room = room;
        this.number = number;
        this.cbor = cbor;
        this.debug = debug;
    }

    /** The number of this connection among those of the server, from 1. */
    public int number() {
        return number;
    }

    public DriftDbRoom room() {
        return room;
    }

    /** Whether it is told things in CBOR. */
    public boolean isCbor() {
        return cbor;
    }

    /** Whether it watches the whole room. */
    public boolean isDebug() {
        return debug;
    }

    /** Whether neither side has ended it. */
    public boolean isOpen() {
        return open;
    }

    /** Whether the client sent a control frame that the stand-alone server does not survive. */
    public boolean isWrecked() {
        return wrecked;
    }

    /** How many times it asked for a key; so many times it hears each message. */
    public int gets(String key) {
        return gets.getOrDefault(key, 0);
    }

    /** How many frames were dropped because the queue was full. */
    public long dropped() {
        return dropped;
    }

    /** How many frames wait. */
    public int queued() {
        return queue.size();
    }

    /** The handshake is done: what waits can go out. */
    public void attach(DriftDbOutlet to) {
        outlet = to;
        if (open) {
            plan();
        } else {
            to.end();
        }
    }

    /** The client sent a text message. */
    public void text(String message) {
        if (isListening()) {
            try {
                ClientMessage parsed = JsonReader.message(message, true);
                if (model.options().published() && parsed instanceof ClientMessage.Get get && get.seq() == null) {
                    throw BadMessageException.shape("invalid type: null, expected u64");
                }
                model.received(this, parsed);
            } catch (BadMessageException e) {
                unusable(e, message);
            }
        }
    }

    /** The client sent a binary message. */
    public void binary(byte[] message) {
        if (isListening()) {
            try {
                if (model.options().published()) {
                    throw BadMessageException.shape("Binary messages are not supported.");
                }
                model.received(this, CborReader.message(message));
            } catch (BadMessageException e) {
                unusable(e, Arrays.toString(message));
            }
        }
    }

    /** The client sent a ping or a pong. The stand-alone server reads nothing more from it. */
    public void control() {
        model.countControlFrame();
        wrecked = !model.options().worker();
    }

    /** The client closed, or is gone. */
    public void gone() {
        finish();
    }

    /** Ends it at once, as a broken network does: what waits is lost. */
    public void drop() {
        finish();
    }

    /** Whether nothing goes out any more, while the connection stays. */
    public void silence(boolean on) {
        silent = on;
        plan();
    }

    /** Queues a message that no rule of the server asks for. */
    public void inject(ServerMessage message) {
        queue(message, 0);
        plan();
    }

    /** Forwards what waits, as far as the client takes it. */
    public void drain() {
        DriftDbOutlet to = outlet;
        while (open && !silent && to != null && !queue.isEmpty()) {
            Waiting first = queue.element();
            if (first.notBefore > model.agenda().now()) {
                plan(first.notBefore);
                return;
            }
            if (to.isFull()) {
                return;
            }
            queue.remove();
            forward(to, first.message);
        }
        if (open && ending && queue.isEmpty()) {
            finish();
        }
    }

    boolean isListening() {
        return open && !ending && !wrecked;
    }

    void asked(String key) {
        gets.merge(key, 1, Integer::sum);
    }

    void pushed(String key, ServerMessage message) {
        int times = model.options().published() ? (debug ? 0 : 1) : gets(key);
        for (int i = times; i > 0; i--) {
            send(message);
        }
    }

    /** Sends a message by way of the faults and the queue. */
    void send(ServerMessage message) {
        if (!open || ending) {
            return;
        }
        FrameFault fault = model.faults().frame(message);
        if (fault instanceof FrameFault.Lose) {
            dropped++;
        } else if (fault instanceof FrameFault.Cut) {
            ending = true;
        } else if (fault instanceof FrameFault.Delay delay) {
            queue(message, model.agenda().now() + delay.millis());
        } else if (fault instanceof FrameFault.Replace replace) {
            replace.change().apply(message).forEach(other -> queue(other, 0));
        } else {
            queue(message, 0);
        }
        plan();
    }

    private void queue(ServerMessage message, long notBefore) {
        if (queue.size() >= model.options().queueFrames()) {
            dropped++;
            model.countDropped();
        } else {
            queue.add(new Waiting(message, notBefore));
        }
    }

    private void plan() {
        long after = model.options().drainMillis();
        if (after == 0) {
            drain();
        } else if (after > 0) {
            plan(model.agenda().now() + after);
        }
    }

    private void plan(long due) {
        if (plannedFor < 0 || due < plannedFor) {
            plannedFor = due;
            model.agenda().at(due, () -> {
                if (plannedFor == due) {
                    plannedFor = -1;
                    drain();
                }
            });
        }
    }

    private void forward(DriftDbOutlet to, ServerMessage message) {
        boolean half = message instanceof ServerMessage.Truncated;
        if (cbor) {
            byte[] bytes = CborWriter.write(message.value());
            to.binary(half ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
            return;
        }
        StringBuilder text = new StringBuilder();
        if (!JsonWriter.write(message.value(), text)) {
            // The real server's task ends on a key that JSON cannot carry, without a word.
            finish();
            return;
        }
        to.text(half ? text.substring(0, text.length() / 2) : text.toString());
    }

    private void unusable(BadMessageException e, String message) {
        model.countUnusable();
        if (model.options().worker()) {
            send(new ServerMessage.Error("Could not decode message: " + message));
        } else {
            send(new ServerMessage.Error("Failed to receive message from user: " + e.getMessage()));
            ending = true;
            plan();
        }
    }

    private void finish() {
        if (!open) {
            return;
        }
        open = false;
        queue.clear();
        room.leave(this);
        if (outlet != null) {
            outlet.end();
        }
    }

    @Override
    public String toString() {
        return "connection " + number + (open ? "" : ", ended");
    }

    private record Waiting(ServerMessage message, long notBefore) {}
}
