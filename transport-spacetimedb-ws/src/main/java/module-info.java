/** The SpacetimeDB protocols as a transport. */
module dev.tributary.spacetimedb {
    requires transitive dev.tributary.api;
    requires dev.tributary.http;
    requires dev.tributary.websocket;
    requires com.fasterxml.jackson.core;
    requires dec;
    requires static org.jspecify;

    exports dev.tributary.spacetimedb;
}
