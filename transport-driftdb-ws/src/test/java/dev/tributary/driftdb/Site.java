package dev.tributary.driftdb;

import dev.tributary.conformance.interop.ForeignProcess;
import dev.tributary.conformance.interop.PublishedPackages;
import dev.tributary.testkit.driftdb.DriftDbServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A running server: the real one, or the one that stands for it in all other tests. */
interface Site extends AutoCloseable {

    /** The two. */
    enum Kind {
        REAL {
            @Override
            Site start() throws IOException, InterruptedException {
                return new Real();
            }
        },
        REFERENCE {
            @Override
            Site start() {
                return new Reference();
            }
        };

        abstract Site start() throws IOException, InterruptedException;
    }

    int port();

    /** The process ends as in a crash. */
    void stop();

    /** It runs again, at the same port. */
    void startAgain() throws IOException, InterruptedException;

    /** Encodings that it speaks. */
    static List<Encoding> encodings() {
        return Real.isPublished() ? List.of(Encoding.JSON) : List.of(Encoding.values());
    }

    default URI root() {
        return URI.create("ws://127.0.0.1:" + port());
    }

    @Override
    void close();

    /**
     * The stand-alone server: the published one, which is older than the last source and speaks JSON alone, or one that was
     * built from the last source and is named by {@code -Dtributary.interop.driftdb=PATH}.
     */
    final class Real implements Site {

        private static final String CRATE = "driftdb-server";
        private static final String VERSION = "0.1.4";
        private static final String BUILT = System.getProperty("tributary.interop.driftdb", "");
        private static final Duration PATIENCE = Duration.ofSeconds(20);

        private final Path program =
                isPublished() ? PublishedPackages.shared().crate(CRATE, VERSION, CRATE) : Path.of(BUILT);
        private final int port;
        private ForeignProcess process;

        static boolean isPublished() {
            return BUILT.isEmpty();
        }

        Real() throws IOException, InterruptedException {
            port = ForeignProcess.freePort();
            startAgain();
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void stop() {
            process.close();
        }

        @Override
        public void startAgain() throws IOException, InterruptedException {
            process = ForeignProcess.silent(
                    Map.of("RUST_LOG", "warn"),
                    List.of(program.toString(), "--port", Integer.toString(port), "--host", "127.0.0.1"));
            process.awaitPort(port, PATIENCE);
        }

        @Override
        public void close() {
            stop();
        }
    }

    /** Ours, as old as the real one. */
    final class Reference implements Site {

        private final DriftDbServer server = DriftDbServer.builder()
                .options(
                        Real.isPublished()
                                ? dev.tributary.testkit.driftdb.DriftDbOptions.publishedServer()
                                : dev.tributary.testkit.driftdb.DriftDbOptions.standAlone())
                .start();

        @Override
        public int port() {
            return server.port();
        }

        @Override
        public void stop() {
            server.stop();
        }

        @Override
        public void startAgain() {
            server.startAgain();
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
