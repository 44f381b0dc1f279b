/**
 * The DriftDB protocol as a transport.
 *
 * @provides dev.tributary.spi.TransportProvider for the scheme driftdb
 */
module dev.tributary.driftdb {
    requires transitive dev.tributary.api;
    requires dev.tributary.http;
    requires dev.tributary.websocket;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.dataformat.cbor;
    requires static org.jspecify;

    exports dev.tributary.driftdb;

    provides dev.tributary.spi.TransportProvider with
            dev.tributary.driftdb.DriftDbTransport;
}
