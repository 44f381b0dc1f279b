/** The SODP WebSocket protocol as a transport. */
module dev.tributary.sodp {
    requires transitive dev.tributary.api;
    requires dev.tributary.websocket;
    requires msgpack.core;
    requires static org.jspecify;
}
