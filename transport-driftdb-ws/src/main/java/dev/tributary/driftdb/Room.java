package dev.tributary.driftdb;

import java.net.URI;

/**
 * A room that a server made or knows. Its id is the only credential, so it is printed by its beginning alone.
 *
 * @param id random; whoever knows it may read and write
 * @param socketUrl where its WebSocket is
 * @param httpUrl where its messages over HTTP go
 */
public record Room(String id, URI socketUrl, URI httpUrl) {

    @Override
    public String toString() {
        return "Room[" + RoomAddress.shortened(id) + "]";
    }
}
