/** The {@code tributary} command. */
module dev.tributary.cli {
    requires com.fasterxml.jackson.core;
    requires dev.tributary.api;
    requires dev.tributary.driftdb;
    requires dev.tributary.electric;
    requires dev.tributary.http;
    requires dev.tributary.replay;
    requires dev.tributary.sodp;
    requires dev.tributary.spacetimedb;
    requires dev.tributary.testkit;
    requires dev.tributary.websocket;
    requires info.picocli;
    requires static org.jspecify;

    opens dev.tributary.cli to
            info.picocli;

    uses dev.tributary.spi.TransportProvider;
    uses dev.tributary.spi.WireProvider;

    provides System.LoggerFinder with
            dev.tributary.cli.QuietLogs;
}
