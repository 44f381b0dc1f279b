/**
 * SpacetimeDB as a transport.
 *
 * @provides dev.tributary.spi.TransportProvider for the scheme spacetimedb
 */
module dev.tributary.spacetimedb {
    requires transitive dev.tributary.api;
    requires dev.tributary.http;
    requires dev.tributary.websocket;
    requires com.fasterxml.jackson.core;
    requires dec;
    requires static org.jspecify;

    exports dev.tributary.spacetimedb;

    provides dev.tributary.spi.TransportProvider with
            dev.tributary.spacetimedb.SpacetimeDbTransport;
}
