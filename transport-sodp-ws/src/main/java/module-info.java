/**
 * SODP as a transport.
 *
 * @provides dev.tributary.spi.TransportProvider for the scheme sodp
 */
module dev.tributary.sodp {
    requires transitive dev.tributary.api;
    requires transitive dev.tributary.websocket;
    requires msgpack.core;
    requires static org.jspecify;

    exports dev.tributary.sodp;

    provides dev.tributary.spi.TransportProvider with
            dev.tributary.sodp.SodpTransport;
}
