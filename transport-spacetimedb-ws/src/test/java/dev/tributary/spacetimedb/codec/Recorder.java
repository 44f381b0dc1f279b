package dev.tributary.spacetimedb.codec;

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down all that a reader tells. */
final class Recorder implements ServerMessages {

    /** A row; one of BSATN as one character for each byte. */
    record Told(RowPlace place, String row) {}

    final List<Object> events = new ArrayList<>();
    boolean skips;

    List<ServerMessage> messages() {
        return events.stream()
                .filter(ServerMessage.class::isInstance)
                .map(ServerMessage.class::cast)
                .toList();
    }

    List<Told> rows() {
        return events.stream()
                .filter(Told.class::isInstance)
                .map(Told.class::cast)
                .toList();
    }

    @Override
    public void begin(MessageKind kind) {
        events.add(kind);
    }

    @Override
    public @Nullable RowSink rows(RowPlace place) {
        events.add(place);
        if (skips) {
            return null;
        }
        return new RowSink() {
            @Override
            public void row(byte[] bytes, int offset, int length) {
                events.add(new Told(place, new String(bytes, offset, length, StandardCharsets.ISO_8859_1)));
            }

            @Override
            public void json(CharBuffer text) {
                assert text.hasArray();
                events.add(new Told(place, text.toString()));
            }
        };
    }

    @Override
    public void connected(ServerMessage.Connected message) {
        events.add(message);
    }

    @Override
    public void initialSubscription(ServerMessage.InitialSubscription message) {
        events.add(message);
    }

    @Override
    public void subscribeApplied(ServerMessage.SubscribeApplied message) {
        events.add(message);
    }

    @Override
    public void unsubscribeApplied(ServerMessage.UnsubscribeApplied message) {
        events.add(message);
    }

    @Override
    public void subscriptionError(ServerMessage.SubscriptionError message) {
        events.add(message);
    }

    @Override
    public void transactionUpdate(ServerMessage.TransactionUpdate message) {
        events.add(message);
    }

    @Override
    public void oneOffResult(ServerMessage.OneOffResult message) {
        events.add(message);
    }

    @Override
    public void reducerResult(ServerMessage.ReducerResult message) {
        events.add(message);
    }

    @Override
    public void procedureResult(ServerMessage.ProcedureResult message) {
        events.add(message);
    }

    @Override
    public void unknown(ServerMessage.Unknown message) {
        events.add(message);
    }
}
