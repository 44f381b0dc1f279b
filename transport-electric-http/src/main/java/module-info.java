/**
 * The Electric HTTP protocol as a transport.
 *
 * @provides dev.tributary.spi.TransportProvider for the scheme electric
 */
module dev.tributary.electric {
    requires transitive dev.tributary.api;
    requires transitive dev.tributary.http;
    requires com.fasterxml.jackson.core;
    requires static org.jspecify;

    exports dev.tributary.electric;

    provides dev.tributary.spi.TransportProvider with
            dev.tributary.electric.ElectricTransport;
}
