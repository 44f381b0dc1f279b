package dev.tributary.spacetimedb.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tributary.LimitExceededException;
import dev.tributary.spacetimedb.codec.Shape.Field;
import java.io.IOException;
import java.nio.CharBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the body of a message through the tokens of its JSON (specification 2.1). Objects may have their fields in any
 * order and more fields than are known, but none missing or twice.
 *
 * <p>A row is told at once when its table is known and the ids that {@link RowPlace} promises. The server's own order
 * has them first; rows in another order are held until they are known, as many as fit in the bound of one row.
 */
final class JsonWalker {

    private static final Field UNIT = new Field("the unit value", new Shape.Product(List.of()));

    /** An open object or array. */
    private static final class Open {
        private final Field field;
        /** Of a product: a bit for each field that was seen. Of one of several: whether it was named. */
        private long seen;
        /** Of a list of rows. */
        private @Nullable RowSink sink;

        private HeldRows.@Nullable Rows held;

        private Open(Field field) {
            this.field = field;
        }
    }

    private final Limits limits;
    private final ServerMessages messages;
    private final Collected collected = new Collected();
    private final JsonScalars scalars;
    private final HeldRows held;
    private final Deque<Open> open = new ArrayDeque<>();

    private @Nullable Message message;
    /** What the next token begins; null inside of what is open. */
    private @Nullable Field expected;
    /** The field that was begun last, for errors. */
    private @Nullable Field latest;
    /** A value that nobody wants: it begins next, or so many levels of it are open. */
    private boolean skipsNext;

    private int skipped;

    JsonWalker(Limits limits, ServerMessages messages) {
        this.limits = limits;
        this.messages = messages;
        this.scalars = new JsonScalars(limits, collected);
        this.held = new HeldRows(limits.rowBytes());
    }

    /** The next token is the first of this message's body. */
    void begin(Message which) {
        message = which;
        expected = new Field("the body", which.body());
        collected.clear();
        held.clear();
    }

    /** The next value is of no interest. */
    void beginToSkip() {
        skipsNext = true;
        latest = null;
    }

    /** Whether the body is complete. */
    boolean isDone() {
        return expected == null && open.isEmpty() && !skipsNext && skipped == 0;
    }

    /** The field that was begun last, to be put before the name of the message. */
    String field() {
        return latest == null ? "" : latest.name() + " of ";
    }

    /** Tells the message, whose body is complete. */
    void finish(Message which) {
        latest = null;
        held.tell(which.kind(), collected, messages);
        which.tell().accept(collected, messages);
    }

    void read(JsonToken token, JsonParser from) throws IOException, BadValue {
        if (skipped > 0 || skipsNext) {
            skip(token);
        } else if (expected != null) {
            begin(expected, token, from);
        } else {
            goOn(open.element(), token, from);
        }
    }

    private void skip(JsonToken token) {
        skipsNext = false;
        if (token.isStructStart()) {
            skipped++;
        } else if (token.isStructEnd()) {
            skipped--;
        }
    }

    private void begin(Field field, JsonToken token, JsonParser from) throws IOException, BadValue {
        latest = field;
        expected = null;
        Shape shape = field.shape();
        if (shape instanceof Shape.Squeezed squeezed) {
            begin(squeezed.plain(), token, from);
        } else if (scalars.read(shape, token, from)) {
            return;
        } else if (shape instanceof Shape.RowList list) {
            require(token == JsonToken.START_ARRAY, "an array");
            open.push(rows(field, list));
        } else if (shape instanceof Shape.Repeated) {
            require(token == JsonToken.START_ARRAY, "an array");
            open.push(new Open(field));
        } else if (shape instanceof Shape.Product product && product.fields().isEmpty()) {
            require(token.isStructStart(), "an empty array or object");
            open.push(new Open(field));
        } else {
            require(token == JsonToken.START_OBJECT, "an object");
            if (shape instanceof Shape.Product product && product.namesTable()) {
                collected.unset(Slot.TABLE);
            }
            open.push(new Open(field));
        }
    }

    private static void require(boolean fits, String wanted) throws BadValue {
        if (!fits) {
            throw new BadValue("is not " + wanted);
        }
    }

    private Open rows(Field field, Shape.RowList list) {
        Open rows = new Open(field);
        Message around = around();
        if (collected.has(Slot.TABLE) && collected.has(around.needed())) {
            rows.sink = messages.rows(collected.place(around.kind(), list.effect()));
        } else {
            rows.held = held.list(list.effect());
        }
        return rows;
    }

    private Message around() {
        if (message == null) {
            throw new IllegalStateException("no message was begun");
        }
        return message;
    }

    private void goOn(Open in, JsonToken token, JsonParser from) throws IOException, BadValue {
        Shape shape = in.field.shape();
        if (shape instanceof Shape.RowList) {
            if (token == JsonToken.VALUE_STRING) {
                row(in, from);
            } else {
                require(token == JsonToken.END_ARRAY, "a list of texts");
                open.pop();
            }
        } else if (shape instanceof Shape.Repeated repeated) {
            if (token == JsonToken.END_ARRAY) {
                open.pop();
            } else {
                begin(repeated.element(), token, from);
            }
        } else if (token == JsonToken.FIELD_NAME) {
            name(in, shape, from.currentName());
        } else {
            close(in, shape);
        }
    }

    private void row(Open in, JsonParser from) throws IOException {
        int length = from.getTextLength();
        if (length > limits.rowBytes()) {
            throw new LimitExceededException("a row has " + length + " characters, more than the " + limits.rowBytes()
                    + " of the limit rowBytes");
        }
        if (in.sink != null) {
            in.sink.json(CharBuffer.wrap(from.getTextCharacters(), from.getTextOffset(), length));
        } else if (in.held != null) {
            held.add(in.held, from.getTextCharacters(), from.getTextOffset(), length);
        }
    }

    private void name(Open in, Shape shape, String name) throws BadValue {
        if (shape instanceof Shape.Product product) {
            int index = product.indexOf(name);
            if (index < 0) {
                require(!product.fields().isEmpty(), "empty");
                skipsNext = true;
                return;
            }
            long bit = 1L << index;
            if ((in.seen & bit) != 0) {
                throw new BadValue("has the field " + name + " twice");
            }
            in.seen |= bit;
            latest = product.fields().get(index);
            expected = latest;
            return;
        }
        require(in.seen == 0, "one variant");
        in.seen = 1;
        if (shape instanceof Shape.Optional optional) {
            expected = option(optional, name);
        } else if (shape instanceof Shape.Choice choice) {
            expected = variant(choice, name);
        }
        latest = expected;
    }

    private Field option(Shape.Optional optional, String name) throws BadValue {
        if (name.equals("some")) {
            collected.set(optional.slot(), true);
            return optional.some();
        }
        require(name.equals("none"), "some or none");
        return UNIT;
    }

    private Field variant(Shape.Choice choice, String name) throws BadValue {
        for (int i = 0; i < choice.variants().size(); i++) {
            Field each = choice.variants().get(i);
            if (each.name().equals(name)) {
                collected.set(choice.slot(), (long) i);
                return each;
            }
        }
        throw new BadValue("has an unknown variant");
    }

    private void close(Open in, Shape shape) throws BadValue {
        latest = in.field;
        if (shape instanceof Shape.Product product) {
            for (int i = 0; i < product.fields().size(); i++) {
                if ((in.seen & 1L << i) == 0) {
                    throw new BadValue("has no field " + product.fields().get(i).name());
                }
            }
            if (product.namesTable()) {
                tableEnded();
            }
        } else {
            require(in.seen != 0, "one variant");
        }
        open.pop();
    }

    private void tableEnded() {
        if (!held.isEmpty()) {
            held.name(collected.text(Slot.TABLE));
            Message around = around();
            if (collected.has(around.needed())) {
                held.tell(around.kind(), collected, messages);
            }
        }
    }
}
