package dev.tributary.spacetimedb;

import dev.tributary.ProtocolException;
import dev.tributary.SyncException;
import dev.tributary.spacetimedb.codec.Payload;
import dev.tributary.spacetimedb.codec.ServerMessage;
import dev.tributary.spacetimedb.types.ArgumentWriter;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spacetimedb.types.FunctionSchema;
import dev.tributary.spacetimedb.types.ReturnValue;
import dev.tributary.spi.Call;
import dev.tributary.spi.Output;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reducer and procedure calls that were sent, and who waits for them (specification 4.5). Each answer is told after the
 * rows that came with it are visible.
 */
@SuppressWarnings("ReferenceEquality") // calls are compared by identity
final class CallDesk {

    /** As servers before 2.0 call what no reducer did. */
    private static final String NO_NAME = "<none>";

    /** One call on its way. */
    private static final class Pending {

        private final String name;
        private final @Nullable FunctionSchema function;
        private final Payload arguments;
        /** Null once nobody waits for it; it still takes its own answer. */
        private @Nullable Call call;

        Pending(Call call, String name, @Nullable FunctionSchema function, Payload arguments) {
            this.call = call;
            this.name = name;
            this.function = function;
            this.arguments = arguments;
        }
    }

    private final Map<Long, Pending> reducers = new LinkedHashMap<>();
    private final Map<Long, Pending> procedures = new LinkedHashMap<>();

    void sendReducer(Call call, Wish.Reducer wish, Link link, @Nullable DatabaseSchema schema, Output out) {
        FunctionSchema function = schema == null ? null : schema.reducer(wish.name());
        Payload arguments;
        byte[] message;
        long id = link.nextId();
        boolean silent = wish.silent() && link.subprotocol().isFirst();
        try {
            arguments = payload(wish.name(), function, wish.arguments(), link);
            message = Link.checked(
                    "the call of " + wish.name(), link.messages().callReducer(id, wish.name(), arguments, silent));
        } catch (SyncException e) {
            out.refuse(call, e);
            return;
        }
        out.sent(call);
        if (silent) {
            link.tell(message);
        } else {
            reducers.put(id, new Pending(call, wish.name(), function, arguments));
            link.request(message);
        }
        if (wish.silent()) {
            forget(call);
            out.reply(call, null);
        }
    }

    void sendProcedure(Call call, Wish.Procedure wish, Link link, @Nullable DatabaseSchema schema, Output out) {
        FunctionSchema function = schema == null ? null : schema.procedure(wish.name());
        Payload arguments;
        byte[] message;
        long id = link.nextId();
        try {
            arguments = payload(wish.name(), function, wish.arguments(), link);
            message = Link.checked(
                    "the call of " + wish.name(), link.messages().callProcedure(id, wish.name(), arguments));
        } catch (SyncException e) {
            out.refuse(call, e);
            return;
        }
        out.sent(call);
        procedures.put(id, new Pending(call, wish.name(), function, arguments));
        link.request(message);
    }

    private static Payload payload(String name, @Nullable FunctionSchema function, Arguments arguments, Link link) {
        return link.subprotocol().isJson()
                ? Payload.json(ArgumentWriter.toJson(name, function, arguments))
                : Payload.of(ArgumentWriter.toBsatn(name, function, arguments));
    }

    /** Nobody waits for it any more; its answer is dropped when it comes. */
    void forget(Call call) {
        for (Map<Long, Pending> all : List.of(reducers, procedures)) {
            for (Pending pending : all.values()) {
                if (pending.call == call) {
                    pending.call = null;
                }
            }
        }
    }

    /** What v1 tells of a reducer, for views and listeners. */
    ReducerEvent event(ServerMessage.ReducerEvent told, ConnectionInfo self, @Nullable DatabaseSchema schema) {
        boolean own = isOwn(told, self);
        return new ReducerEvent(
                NO_NAME.equals(told.name()) ? "" : told.name(),
                arguments(schema == null ? null : schema.reducer(told.name()), told.args()),
                told.caller(),
                told.connection(),
                instant(told.timestampMicros()),
                told.energy(),
                duration(told.durationMicros()),
                outcome(told),
                own);
    }

    private static boolean isOwn(ServerMessage.ReducerEvent told, ConnectionInfo self) {
        return self.connectionId().equals(told.connection()) && self.identity().equals(told.caller());
    }

    private static ReducerOutcome outcome(ServerMessage.ReducerEvent told) {
        String error = Objects.requireNonNullElse(told.error(), "");
        return switch (told.outcome()) {
            case COMMITTED -> new ReducerOutcome.Committed(instant(told.timestampMicros()), null);
            case FAILED -> new ReducerOutcome.Failed(error, error);
            case OUT_OF_ENERGY -> new ReducerOutcome.OutOfEnergy();
            case INTERNAL_ERROR -> new ReducerOutcome.InternalError(error);
        };
    }

    /**
     * Answers the call that the message of v1 is of, which tells of one that is ours.
     *
     * @return whether it was one, or one that nobody waits for
     */
    boolean answer(ServerMessage.ReducerEvent told, ReducerEvent event, Link link, Output out) {
        Pending pending = told.requestId() == 0 && told.outcome() == ServerMessage.Outcome.FAILED
                ? oldestNamed(told.name())
                : reducers.remove(told.requestId());
        if (pending == null) {
            return false;
        }
        link.answered();
        reply(pending, event.outcome(), out);
        return true;
    }

    /** A call that never ran comes back under its name alone. */
    private @Nullable Pending oldestNamed(String name) {
        for (Iterator<Pending> all = reducers.values().iterator(); all.hasNext(); ) {
            Pending pending = all.next();
            if (pending.name.equals(name)) {
                all.remove();
                return pending;
            }
        }
        return null;
    }

    /** The event of the own call that this answer of v2 is of; null when it is of none. */
    @Nullable
    ReducerEvent event(ServerMessage.ReducerResult message, ConnectionInfo self) {
        Pending pending = reducers.get(message.requestId());
        if (pending == null) {
            return null;
        }
        return new ReducerEvent(
                pending.name,
                arguments(pending.function, pending.arguments),
                self.identity(),
                self.connectionId(),
                instant(message.timestampMicros()),
                null,
                null,
                outcome(message, pending),
                true);
    }

    private static ReducerOutcome outcome(ServerMessage.ReducerResult message, Pending pending) {
        String error = Objects.requireNonNullElse(message.error(), "");
        return switch (message.outcome()) {
            case COMMITTED ->
                new ReducerOutcome.Committed(
                        instant(message.timestampMicros()), returned(message.value(), pending.function));
            case FAILED -> failed(message.value(), pending.function);
            case OUT_OF_ENERGY -> new ReducerOutcome.OutOfEnergy();
            case INTERNAL_ERROR -> new ReducerOutcome.InternalError(error);
        };
    }

    private static @Nullable Object returned(@Nullable Payload value, @Nullable FunctionSchema function) {
        if (value == null || value.length() == 0) {
            return null;
        }
        if (function == null) {
            return value.bytes();
        }
        try {
            return ReturnValue.ofBsatn("the value of " + function.name(), function.returnType(), value.bytes());
        } catch (ProtocolException e) {
            // It was committed, which matters more.
            return value.bytes();
        }
    }

    private static ReducerOutcome failed(@Nullable Payload value, @Nullable FunctionSchema function) {
        if (value == null) {
            return new ReducerOutcome.Failed("", null);
        }
        if (function == null) {
            return new ReducerOutcome.Failed("an error of " + value + " whose type is not known", value.bytes());
        }
        try {
            Object error = ReturnValue.ofBsatn("the error", function.errorType(), value.bytes());
            return new ReducerOutcome.Failed(String.valueOf(error), error);
        } catch (ProtocolException e) {
            return new ReducerOutcome.Failed(String.valueOf(e.getMessage()), value.bytes());
        }
    }

    void answer(ServerMessage.ReducerResult message, @Nullable ReducerEvent event, Link link, Output out) {
        Pending pending = reducers.remove(message.requestId());
        if (pending != null && event != null) {
            link.answered();
            reply(pending, event.outcome(), out);
        }
    }

    void answer(ServerMessage.ProcedureResult message, Link link, Output out) {
        Pending pending = procedures.remove(message.requestId());
        if (pending == null) {
            return;
        }
        link.answered();
        Call call = pending.call;
        if (call == null) {
            return;
        }
        try {
            out.reply(call, outcome(message, pending));
        } catch (ProtocolException e) {
            out.refuse(call, e);
        }
    }

    private static ProcedureOutcome outcome(ServerMessage.ProcedureResult message, Pending pending) {
        return switch (message.outcome()) {
            case COMMITTED ->
                new ProcedureOutcome.Returned(
                        returned(message.value(), pending),
                        instant(message.timestampMicros()),
                        duration(message.durationMicros()));
            case OUT_OF_ENERGY -> new ProcedureOutcome.OutOfEnergy();
            case FAILED, INTERNAL_ERROR ->
                new ProcedureOutcome.InternalError(Objects.requireNonNullElse(message.error(), ""));
        };
    }

    private static @Nullable Object returned(@Nullable Payload value, Pending pending) {
        FunctionSchema function = pending.function;
        if (value == null) {
            return null;
        }
        if (function == null) {
            return value.isJson() ? value.text() : value.bytes();
        }
        String what = "the value of procedure " + function.name();
        return value.isJson()
                ? ReturnValue.ofJson(what, function.returnType(), value.text())
                : ReturnValue.ofBsatn(what, function.returnType(), value.bytes());
    }

    private static void reply(Pending pending, ReducerOutcome outcome, Output out) {
        if (pending.call != null) {
            out.reply(pending.call, outcome);
        }
    }

    /** Null where they are not as the schema has it: what others sent is no reason to stumble. */
    @SuppressWarnings("unchecked")
    private static @Nullable Map<String, @Nullable Object> arguments(
            @Nullable FunctionSchema function, Payload payload) {
        if (function == null) {
            return null;
        }
        try {
            Object value = payload.isJson()
                    ? ReturnValue.ofJson("arguments", function.parameters(), payload.text())
                    : ReturnValue.ofBsatn("arguments", function.parameters(), payload.bytes());
            return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : null;
        } catch (ProtocolException e) {
            return null;
        }
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(duration(micros));
    }

    static Duration duration(long micros) {
        return Duration.ofSeconds(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }
}
