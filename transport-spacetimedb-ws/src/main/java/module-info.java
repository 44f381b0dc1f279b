/**
 * SpacetimeDB as a transport.
 *
 * @provides dev.tributary.spi.TransportProvider for the scheme spacetimedb
 */
@SuppressWarnings("module") // The replays are not there while this is compiled.
module dev.tributary.spacetimedb {
    requires transitive dev.tributary.api;
    requires dev.tributary.http;
    requires dev.tributary.websocket;
    requires com.fasterxml.jackson.core;
    requires dec;
    requires static org.jspecify;

    exports dev.tributary.spacetimedb;
    // Recorded conversations are replayed through the very decoder of the transport.
    exports dev.tributary.spacetimedb.codec to
            dev.tributary.replay;
    exports dev.tributary.spacetimedb.types to
            dev.tributary.replay;

    provides dev.tributary.spi.TransportProvider with
            dev.tributary.spacetimedb.SpacetimeDbTransport;
}
