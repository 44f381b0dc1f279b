package dev.tributary.driftdb;

import dev.tributary.RejectedException;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol.DataKind;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes what the server says to those who know about it. */
final class Incoming {

    /** Hears what concerns the whole session. */
    interface Session {

        Encoding encoding();

        /** The view that shows every stream of the room; null where keys are asked for one by one. */
        @Nullable
        RoomView wholeRoom();

        /** The answer to a get is in its views. */
        void answered(Output out);

        /** Reports to whom it may concern. */
        void fault(String what, Output out);

        void end(Ending why, Output out);
    }

    private final Session session;
    private final SourceMemory memory;
    private final Streams streams;
    private final Audits audits;
    private final WriteWindow window;
    private final Presences presences;
    private final Pings pings;
    private final Assembly assembly;

    private final @Nullable Long newestBefore;
    private boolean counterWentBack;

    Incoming(
            Session session,
            SourceMemory memory,
            Streams streams,
            Audits audits,
            WriteWindow window,
            Presences presences,
            Pings pings,
            Assembly assembly) {
        this.session = session;
        this.memory = memory;
        this.streams = streams;
        this.audits = audits;
        this.window = window;
        this.presences = presences;
        this.pings = pings;
        this.assembly = assembly;
        this.newestBefore = memory.newestMessage;
    }

    void data(DataKind kind, ByteBuffer bytes, boolean last, Output out) {
        byte[] message = assembly.add(bytes, last);
        if (message == null) {
            return;
        }
        if (kind == DataKind.TEXT && session.encoding() == Encoding.CBOR) {
            // Servers before CBOR ignore that it is asked for, and end the connection on binary messages.
            session.end(
                    Ending.rejected(new RejectedException(
                            "the server answers in JSON, so it does not know CBOR: open the source without"
                                    + " encoding=cbor")),
                    out);
            return;
        }
        Encoding encoding = kind == DataKind.BINARY ? Encoding.CBOR : Encoding.JSON;
        message(MessageReader.message(encoding, message), out);
    }

    private void message(ServerMessage message, Output out) {
        if (message instanceof ServerMessage.Pushed pushed) {
            pushed(pushed.key(), pushed.entry(), out);
        } else if (message instanceof ServerMessage.Init init) {
            init(init.key(), init.entries(), out);
        } else if (message instanceof ServerMessage.Size size) {
            size(size.key(), size.size(), out);
        } else if (message instanceof ServerMessage.Pong pong) {
            pings.pong(pong.nonce(), out);
        } else if (message instanceof ServerMessage.Refusal refusal) {
            refused(refusal.text(), out);
        } else if (message instanceof ServerMessage.Unknown unknown) {
            session.fault("a message of the unknown type '" + unknown.type() + "' was ignored", out);
        }
    }

    private void pushed(String key, Entry entry, Output out) {
        audits.frame(out);
        noteNumber(entry.number(), out);
        RoomView room = session.wholeRoom();
        if (room != null) {
            room.relayed(entry, out);
            return;
        }
        KeyStream stream = streams.find(key);
        if (stream == null || stream.state() == KeyStream.State.UNASKED) {
            return;
        }
        Entry before = stream.newest();
        WriteWindow.Echo own = stream.isRepeat(entry) ? null : window.echo(key, entry);
        stream.message(entry, own == null ? null : own.action(), out);
        if (own != null) {
            // Only now: what is confirmed is visible.
            WriteWindow.answer(own, entry, before, out);
        }
        stream.views().forEach(view -> presences.heard(view, out));
    }

    /** Messages are never sent again: a number as low as those of an earlier connection shows that the counter went back. */
    private void noteNumber(long number, Output out) {
        Long before = newestBefore;
        if (before != null && !counterWentBack && Long.compareUnsigned(number, before) <= 0) {
            counterWentBack = true;
            out.notice(new CounterWentBack(before, number));
            session.fault("the counter of the room went back: numbers are given again", out);
        }
        Long newest = memory.newestMessage;
        if (counterWentBack || newest == null || Long.compareUnsigned(number, newest) > 0) {
            memory.newestMessage = number;
        }
    }

    private void init(String key, List<Entry> entries, Output out) {
        RoomView room = session.wholeRoom();
        if (room != null) {
            room.init(key, entries, out);
            return;
        }
        KeyStream stream = streams.find(key);
        if (stream == null || stream.state() == KeyStream.State.UNASKED) {
            return;
        }
        streams.answered(stream, out);
        stream.init(entries, out);
        stream.views().forEach(view -> presences.heard(view, out));
        session.answered(out);
    }

    private void size(String key, long size, Output out) {
        window.size(key, size);
        out.notice(new StreamSize(key, size));
        KeyStream stream = streams.find(key);
        if (stream != null && stream.holdsFewerThan(size)) {
            audits.suspect(stream, out);
        }
    }

    private void refused(String text, Output out) {
        out.notice(new ServerError(DriftDbException.shortened(text), window.underWay()));
        session.fault("the server could not use a message", out);
        window.refused(text, out);
    }
}
