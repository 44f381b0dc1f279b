/** The WebSocket wire adapter, written once for all socket transports. */
module dev.tributary.websocket {
    requires transitive dev.tributary.api;
    requires java.net.http;
    requires org.java_websocket;
    requires static org.jspecify;
}
