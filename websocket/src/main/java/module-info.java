/**
 * The WebSocket wire adapter, written once for all socket transports.
 *
 * @provides dev.tributary.spi.WireProvider for the schemes ws and wss
 */
module dev.tributary.websocket {
    requires transitive dev.tributary.api;
    requires java.net.http;
    requires org.java_websocket;
    requires static org.jspecify;

    exports dev.tributary.websocket;

    provides dev.tributary.spi.WireProvider with
            dev.tributary.websocket.WebSocketWireProvider;
}
