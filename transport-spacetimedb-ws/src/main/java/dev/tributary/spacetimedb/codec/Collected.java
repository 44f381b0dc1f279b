package dev.tributary.spacetimedb.codec;

import dev.tributary.spacetimedb.ConnectionId;
import dev.tributary.spacetimedb.Identity;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of the message that is being read. Of what stands in a list, the last one. */
final class Collected {

    private static final int ID_BYTES = 4;

    private final @Nullable Object[] values = new @Nullable Object[Slot.values().length];

    void clear() {
        Arrays.fill(values, null);
    }

    void set(Slot slot, Object value) {
        if (slot != Slot.IGNORED) {
            values[slot.ordinal()] = value;
        }
    }

    void unset(Slot slot) {
        values[slot.ordinal()] = null;
    }

    boolean has(List<Slot> slots) {
        for (Slot slot : slots) {
            if (values[slot.ordinal()] == null) {
                return false;
            }
        }
        return true;
    }

    boolean has(Slot slot) {
        return values[slot.ordinal()] != null;
    }

    /** The grammar has it in every message that asks for it. */
    private Object get(Slot slot) {
        Object value = values[slot.ordinal()];
        if (value == null) {
            throw new IllegalStateException("the message has no " + slot);
        }
        return value;
    }

    long number(Slot slot) {
        return (Long) get(slot);
    }

    @Nullable
    Long numberOrNull(Slot slot) {
        return (Long) values[slot.ordinal()];
    }

    int choice(Slot slot) {
        return (int) number(slot);
    }

    String text(Slot slot) {
        return (String) get(slot);
    }

    @Nullable
    String textOrNull(Slot slot) {
        return (String) values[slot.ordinal()];
    }

    Payload payload(Slot slot) {
        return (Payload) get(slot);
    }

    @Nullable
    Payload payloadOrNull(Slot slot) {
        return (Payload) values[slot.ordinal()];
    }

    BigInteger wide(Slot slot) {
        return (BigInteger) get(slot);
    }

    Identity identity() {
        return new Identity(wide(Slot.IDENTITY));
    }

    ConnectionId connection() {
        return new ConnectionId(wide(Slot.CONNECTION_ID));
    }

    /** The request that a message id of v1 was made of. */
    @Nullable
    Long requestOfMessageId() {
        byte[] id = payload(Slot.MESSAGE_ID).shared();
        return id.length == ID_BYTES ? new BigInteger(1, id).longValue() : null;
    }

    RowPlace place(MessageKind kind, RowPlace.Effect effect) {
        return place(kind, text(Slot.TABLE), effect);
    }

    RowPlace place(MessageKind kind, String table, RowPlace.Effect effect) {
        return new RowPlace(kind, table, effect, numberOrNull(Slot.QUERY_SET), requestId(kind));
    }

    private @Nullable Long requestId(MessageKind kind) {
        return switch (kind) {
            case SUBSCRIBE_APPLIED, UNSUBSCRIBE_APPLIED, REDUCER_RESULT -> number(Slot.REQUEST_ID);
            case ONE_OFF_RESULT -> has(Slot.MESSAGE_ID) ? requestOfMessageId() : numberOrNull(Slot.REQUEST_ID);
            default -> null;
        };
    }
}
