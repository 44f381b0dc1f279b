/** The DriftDB protocol as a transport. */
module dev.tributary.driftdb {
    requires transitive dev.tributary.api;
    requires dev.tributary.http;
    requires dev.tributary.websocket;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.dataformat.cbor;
    requires static org.jspecify;
}
