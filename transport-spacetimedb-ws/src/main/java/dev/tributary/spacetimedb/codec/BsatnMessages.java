package dev.tributary.spacetimedb.codec;

import dev.tributary.ProtocolException;
import dev.tributary.spacetimedb.codec.Shape.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a WebSocket message in BSATN: one, or in v3 several back to back. Each is told when the next one
 * begins or all is at its end, so that the last one is told only if nothing is wrong behind it.
 */
final class BsatnMessages implements Stage {

    private final List<Message> grammar;
    private final boolean bundled;
    private final ServerMessages messages;
    private final Collected collected = new Collected();
    private final Input input = new Input();
    private final BsatnWalker walker;

    /** What is being read, or was read and not told yet. */
    private @Nullable Message current;

    private boolean whole;
    /** The tag of a variant that is not known: nobody can say where it ends. */
    private int unknown = -1;

    BsatnMessages(List<Message> grammar, boolean bundled, Limits limits, Meter meter, ServerMessages messages) {
        this.grammar = grammar;
        this.bundled = bundled;
        this.messages = messages;
        this.walker = new BsatnWalker(limits, meter, collected, messages);
    }

    @Override
    public void feed(byte[] bytes, int from, int to) {
        input.piece(bytes, from, to);
        while (input.available() > 0) {
            if (unknown >= 0) {
                input.at = input.end;
            } else if (current == null) {
                begin();
            } else if (whole) {
                goOn(current);
            }
            if (current != null && !whole) {
                whole = walker.read(input);
            }
        }
    }

    private void begin() {
        input.gather(1);
        int tag = (int) input.number(1);
        if (tag >= grammar.size()) {
            unknown = tag;
            return;
        }
        Message next = grammar.get(tag);
        current = next;
        whole = false;
        collected.clear();
        messages.begin(next.kind());
        walker.begin(next.name(), next.kind(), new Field(next.name(), next.body()));
    }

    private void goOn(Message done) {
        if (!bundled) {
            throw new ProtocolException(done.name() + " has left-over bytes after byte " + input.offset());
        }
        current = null;
        done.tell().accept(collected, messages);
    }

    @Override
    public void end() {
        Message last = current;
        if (last == null && unknown < 0) {
            throw new ProtocolException("a message of the server is empty");
        }
        if (last != null && !whole) {
            throw walker.cutOff(input);
        }
        int tag = unknown;
        current = null;
        unknown = -1;
        input.reset();
        if (last != null) {
            last.tell().accept(collected, messages);
        } else {
            messages.unknown(new ServerMessage.Unknown("tag " + tag, bundled));
        }
    }
}
