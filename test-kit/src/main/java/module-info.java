/** The in-memory backend, embedded reference servers and virtual time, free of any test framework. */
module dev.tributary.testkit {
    requires transitive dev.tributary.api;
    requires com.fasterxml.jackson.core;
    requires msgpack.core;
    requires org.java_websocket;
    requires static org.jspecify;

    exports dev.tributary.testkit;
    exports dev.tributary.testkit.driftdb;
    exports dev.tributary.testkit.driven;
    exports dev.tributary.testkit.electric;
    exports dev.tributary.testkit.simulation;
    exports dev.tributary.testkit.socket;
    exports dev.tributary.testkit.sodp;
    exports dev.tributary.testkit.spacetimedb;
}
