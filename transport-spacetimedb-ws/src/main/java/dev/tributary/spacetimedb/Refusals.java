package dev.tributary.spacetimedb;

import dev.tributary.spi.Ending;
import dev.tributary.spi.WireEnd;

/** What the ways in which a server says no mean for the session. */
final class Refusals {

    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int SERVER_ERROR = 1011;
    private static final int TRY_AGAIN_LATER = 1013;

    private Refusals() {}

    /** After a status that is no success. */
    static Ending endingOf(int status, SpacetimeDbException reason) {
        return switch (status) {
            case 401 -> Ending.reauthenticate(reason);
            case 404 -> Ending.gone(reason);
            case 408, 425, 429 -> Ending.retry(reason);
            default -> status >= 400 && status < 500 ? Ending.rejected(reason) : Ending.retry(reason);
        };
    }

    /** After the end of a WebSocket. */
    static DisconnectedException reasonOf(WireEnd end, boolean opened, boolean connected) {
        Disconnect disconnect = disconnectOf(end, opened, connected);
        return new DisconnectedException(disconnect, end.code(), end.reason(), end.cause());
    }

    private static Disconnect disconnectOf(WireEnd end, boolean opened, boolean connected) {
        return switch (end.kind()) {
            case CLOSED -> ofCode(end.code());
            case REFUSED -> Disconnect.UNREACHABLE;
            case SILENT -> Disconnect.SILENT;
            case MALFORMED -> Disconnect.UNREADABLE;
            case BROKEN, COMPLETE ->
                connected ? Disconnect.LOST : opened ? Disconnect.REFUSED_OR_LOST : Disconnect.UNREACHABLE;
        };
    }

    private static Disconnect ofCode(int code) {
        return switch (code) {
            case NORMAL -> Disconnect.NORMAL;
            case GOING_AWAY -> Disconnect.MODULE_EXITED;
            case SERVER_ERROR -> Disconnect.SERVER_ERROR;
            case TRY_AGAIN_LATER -> Disconnect.TOO_MANY_REQUESTS;
            default -> Disconnect.OTHER_CODE;
        };
    }
}
