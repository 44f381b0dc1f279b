package dev.tributary.replay.spacetimedb;

import dev.tributary.spacetimedb.Disconnect;
import dev.tributary.spacetimedb.DisconnectedException;
import dev.tributary.spacetimedb.SpacetimeDb;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the connections of our client begin and end, as it tells its application. */
final class ClientEnds {

    /** Texts of the server are cut to this in exceptions. */
    private static final int MOST_TEXT = 400;

    private final Ends ends;
    private @Nullable Throwable reason;
    private String identity = "";
    private String connection = "";

    /** @param current the recorded connection that our client has */
    ClientEnds(SpacetimeDb db, Ends ends, Supplier<String> current) {
        this.ends = ends;
        db.onDisconnect(notice -> reason = notice.reason());
        db.onConnect(notice -> {
            identity = notice.info().identity().toString();
            connection = current.get();
        });
    }

    /** The last recorded connection on which we were told who we are; empty for none. */
    String connection() {
        return connection;
    }

    /** Who we are on the last connection, as digits; empty before the first one. */
    String identity() {
        return identity;
    }

    /**
     * A connection ended, and our client has come to rest after that.
     *
     * @param isConnected whether the first message had come
     * @return what is wrong with what it says of it; null for nothing
     */
    @Nullable
    String ended(String connection, String by, @Nullable Integer code, @Nullable String text, boolean isConnected) {
        if (isConnected) {
            ends.ended(connection, by, code, text);
        } else if (!by.equals("client")) {
            ends.refused(connection, 101);
        }
        Throwable told = reason;
        reason = null;
        boolean isTold = told instanceof DisconnectedException end
                && (code == null
                        ? end.disconnect() == (isConnected ? Disconnect.LOST : Disconnect.REFUSED_OR_LOST)
                        : end.code() == code && says(told, Objects.requireNonNullElse(text, "")));
        return isTold || by.equals("client")
                ? null
                : connection + " ended with code " + code + " '" + text + "', ours says " + told;
    }

    static boolean says(Throwable reason, String text) {
        String stripped = text.strip();
        return String.valueOf(reason.getMessage())
                .contains(stripped.length() > MOST_TEXT ? stripped.substring(0, MOST_TEXT) : stripped);
    }
}
