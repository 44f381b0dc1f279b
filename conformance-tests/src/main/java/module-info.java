/** The laws of a transport as JUnit 5 and jqwik tests to extend. */
module dev.tributary.conformance {
    requires transitive dev.tributary.api;
    requires transitive dev.tributary.testkit;
    requires transitive net.jqwik.api;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires transitive org.junit.jupiter.params;
    requires org.opentest4j;
    requires java.logging;
    requires jdk.management;
    requires static org.jspecify;

    exports dev.tributary.conformance;
    exports dev.tributary.conformance.interop;
}
