/** Replays recorded conversations with real servers through the transports. */
module dev.tributary.replay {
    requires transitive dev.tributary.api;
    requires dev.tributary.driftdb;
    requires dev.tributary.electric;
    requires dev.tributary.sodp;
    requires dev.tributary.spacetimedb;
    requires dev.tributary.testkit;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.dataformat.cbor;
    requires dec;
    requires msgpack.core;
    requires static org.jspecify;

    exports dev.tributary.replay;

    uses dev.tributary.spi.TransportProvider;
}
