/**
 * The wire adapter over {@code java.net.http}, written once for all HTTP transports.
 *
 * @provides dev.tributary.spi.WireProvider for the schemes http and https
 */
module dev.tributary.http {
    requires transitive dev.tributary.api;
    requires transitive java.net.http;
    requires static org.jspecify;

    exports dev.tributary.http;

    provides dev.tributary.spi.WireProvider with
            dev.tributary.http.HttpWireProvider;
}
