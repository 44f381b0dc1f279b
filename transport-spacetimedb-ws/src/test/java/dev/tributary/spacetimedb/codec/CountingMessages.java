package dev.tributary.spacetimedb.codec;

import java.nio.CharBuffer;
import org.jspecify.annotations.Nullable;

/** Counts rows and forgets them; the rest goes to a recorder. */
final class CountingMessages implements ServerMessages {

    private final Recorder recorder;
    private final RowSink sink;

    CountingMessages(Recorder recorder, long[] told) {
        this.recorder = recorder;
        this.sink = new RowSink() {
            @Override
            public void row(byte[] bytes, int offset, int length) {
                told[0]++;
            }

            @Override
            public void json(CharBuffer text) {
                told[0]++;
            }
        };
    }

    @Override
    public void begin(MessageKind kind) {
        recorder.begin(kind);
    }

    @Override
    public @Nullable RowSink rows(RowPlace place) {
        recorder.rows(place);
        return sink;
    }

    @Override
    public void connected(ServerMessage.Connected message) {
        recorder.connected(message);
    }

    @Override
    public void initialSubscription(ServerMessage.InitialSubscription message) {
        recorder.initialSubscription(message);
    }

    @Override
    public void subscribeApplied(ServerMessage.SubscribeApplied message) {
        recorder.subscribeApplied(message);
    }

    @Override
    public void unsubscribeApplied(ServerMessage.UnsubscribeApplied message) {
        recorder.unsubscribeApplied(message);
    }

    @Override
    public void subscriptionError(ServerMessage.SubscriptionError message) {
        recorder.subscriptionError(message);
    }

    @Override
    public void transactionUpdate(ServerMessage.TransactionUpdate message) {
        recorder.transactionUpdate(message);
    }

    @Override
    public void oneOffResult(ServerMessage.OneOffResult message) {
        recorder.oneOffResult(message);
    }

    @Override
    public void reducerResult(ServerMessage.ReducerResult message) {
        recorder.reducerResult(message);
    }

    @Override
    public void procedureResult(ServerMessage.ProcedureResult message) {
        recorder.procedureResult(message);
    }

    @Override
    public void unknown(ServerMessage.Unknown message) {
        recorder.unknown(message);
    }
}
