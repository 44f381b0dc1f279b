package dev.tributary.spacetimedb;

/**
 * Who we are on a connection. Its {@code toString} hides the token.
 *
 * @param identity who the server takes us for
 * @param connectionId of this connection
 * @param protocol what is spoken
 * @param token the one that was presented, which may be one of 60 seconds; that of a new identity when none was
 * @param issued whether the token is of a new identity, and worth keeping to be the same again
 */
public record ConnectionInfo(
        Identity identity, ConnectionId connectionId, ProtocolVersion protocol, String token, boolean issued) {

    /** Without the token. */
    @Override
    public String toString() {
        return "ConnectionInfo[identity=" + identity + ", connectionId=" + connectionId + ", protocol=" + protocol
                + ", issued=" + issued + "]";
    }
}
