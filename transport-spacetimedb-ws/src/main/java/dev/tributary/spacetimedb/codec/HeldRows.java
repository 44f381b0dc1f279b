package dev.tributary.spacetimedb.codec;

import dev.tributary.LimitExceededException;
import dev.tributary.spacetimedb.codec.RowPlace.Effect;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of a JSON message that came before the name of their table or the ids of their message; bounded. */
final class HeldRows {

    /** What a row or a list costs beside its characters. */
    private static final int COST = 64;

    /** One list of rows. */
    static final class Rows {
        private final Effect effect;
        private final List<char[]> texts = new ArrayList<>();
        private @Nullable String table;

        private Rows(Effect effect) {
            this.effect = effect;
        }
    }

    private final int mostChars;
    private final List<Rows> lists = new ArrayList<>();
    private long chars;

    HeldRows(int mostChars) {
        this.mostChars = mostChars;
    }

    void clear() {
        lists.clear();
        chars = 0;
    }

    /** A list begins. */
    Rows list(Effect effect) {
        charge(0);
        Rows rows = new Rows(effect);
        lists.add(rows);
        return rows;
    }

    void add(Rows to, char[] text, int offset, int length) {
        charge(length);
        char[] copy = new char[length];
        System.arraycopy(text, offset, copy, 0, length);
        to.texts.add(copy);
    }

    private void charge(int length) {
        chars += length + COST;
        if (chars > mostChars) {
            throw new LimitExceededException("more than " + mostChars + " characters of rows come before the name of"
                    + " their table or the id of their message; raise rowBytes");
        }
    }

    /** The lists without a table belong to this one. */
    void name(String table) {
        for (Rows each : lists) {
            if (each.table == null) {
                each.table = table;
            }
        }
    }

    /** All is known now. */
    void tell(MessageKind kind, Collected collected, ServerMessages messages) {
        for (Rows each : lists) {
            String table = each.table;
            if (table == null) {
                throw new IllegalStateException("a table has no name");
            }
            RowSink sink = messages.rows(collected.place(kind, table, each.effect));
            if (sink != null) {
                for (char[] text : each.texts) {
                    sink.json(CharBuffer.wrap(text));
                }
            }
        }
        clear();
    }

    boolean isEmpty() {
        return lists.isEmpty();
    }
}
