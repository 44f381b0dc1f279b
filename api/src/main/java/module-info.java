/**
 * The public API, the transport SPI and the engine. Depends on the JDK alone.
 */
module dev.tributary.api {
    requires static transitive org.jspecify;

    exports dev.tributary;
    exports dev.tributary.spi;

    uses dev.tributary.spi.TransportProvider;
    uses dev.tributary.spi.WireProvider;
}
