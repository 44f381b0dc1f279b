package dev.tributary.spacetimedb;

import dev.tributary.ProtocolException;
import dev.tributary.spacetimedb.codec.FrameReader;
import dev.tributary.spacetimedb.codec.Limits;
import dev.tributary.spacetimedb.codec.MessageKind;
import dev.tributary.spacetimedb.codec.RowPlace;
import dev.tributary.spacetimedb.codec.RowSink;
import dev.tributary.spacetimedb.codec.ServerMessage;
import dev.tributary.spacetimedb.codec.ServerMessages;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol.DataKind;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes what the server says to those who know about it. */
final class Incoming implements ServerMessages {

    private final Link link;
    private final QuerySets sets;
    private final CallDesk calls;
    private final Questions questions;
    private final Host host;
    private final FrameReader reader;

    private @Nullable ConnectionInfo info;
    private @Nullable DatabaseSchema schema;
    /** Of the input that is being worked on. */
    private @Nullable Output current;

    /** Hears the beginning. */
    interface Host {

        /** @return who we are */
        ConnectionInfo connected(ServerMessage.Connected message, Output out);
    }

    Incoming(Link link, Limits limits, QuerySets sets, CallDesk calls, Questions questions, Host host) {
        this.link = link;
        this.sets = sets;
        this.calls = calls;
        this.questions = questions;
        this.host = host;
        this.reader = FrameReader.of(link.subprotocol(), limits, this);
    }

    void schema(DatabaseSchema known) {
        schema = known;
    }

    void data(DataKind kind, ByteBuffer bytes, boolean last, Output out) {
        current = out;
        try {
            reader.data(kind, bytes, last);
            if (!last) {
                sets.progress(out);
            }
        } finally {
            current = null;
        }
    }

    private Output out() {
        Output out = current;
        if (out == null) {
            throw new IllegalStateException("a message outside of an input");
        }
        return out;
    }

    private ConnectionInfo self() {
        ConnectionInfo known = info;
        if (known == null) {
            throw new ProtocolException("the server did not say first who we are");
        }
        return known;
    }

    @Override
    public void begin(MessageKind kind) {
        if (kind != MessageKind.CONNECTED) {
            self();
        }
    }

    @Override
    public @Nullable RowSink rows(RowPlace place) {
        return place.message() == MessageKind.ONE_OFF_RESULT ? questions.rows(place, schema) : sets.rows(place, out());
    }

    @Override
    public void connected(ServerMessage.Connected message) {
        if (info != null) {
            throw new ProtocolException("the server said a second time who we are");
        }
        info = host.connected(message, out());
    }

    @Override
    public void initialSubscription(ServerMessage.InitialSubscription message) {
        sets.fault("the server answered a legacy subscription that was not made", out());
    }

    @Override
    public void subscribeApplied(ServerMessage.SubscribeApplied message) {
        sets.applied(message, out());
    }

    @Override
    public void unsubscribeApplied(ServerMessage.UnsubscribeApplied message) {
        sets.unsubscribed(message);
    }

    @Override
    public void subscriptionError(ServerMessage.SubscriptionError message) {
        sets.error(message, out());
    }

    @Override
    public void transactionUpdate(ServerMessage.TransactionUpdate message) {
        ServerMessage.ReducerEvent told = message.reducer();
        if (told == null) {
            sets.transaction(null, out());
            return;
        }
        ReducerEvent event = calls.event(told, self(), schema);
        sets.transaction(event, out());
        if (event.own() && !calls.answer(told, event, link, out())) {
            unclaimed(told, event);
        }
    }

    /** Servers before 2.3 say in this way that a request failed which has no message of its own. */
    private void unclaimed(ServerMessage.ReducerEvent told, ReducerEvent event) {
        if (event.reducer().isEmpty() && told.outcome() == ServerMessage.Outcome.FAILED) {
            sets.fault("the server refused a request and does not say which: " + told.error(), out());
        }
    }

    @Override
    public void oneOffResult(ServerMessage.OneOffResult message) {
        questions.answer(message, link, out());
    }

    @Override
    public void reducerResult(ServerMessage.ReducerResult message) {
        ReducerEvent event = calls.event(message, self());
        sets.transaction(event, out());
        calls.answer(message, event, link, out());
    }

    @Override
    public void procedureResult(ServerMessage.ProcedureResult message) {
        calls.answer(message, link, out());
    }

    @Override
    public void unknown(ServerMessage.Unknown message) {
        String what = "the server sent a message that is not known: variant " + message.variant();
        if (message.restLost()) {
            throw new ProtocolException(what + "; what came with it is lost");
        }
        sets.fault(what, out());
    }
}
