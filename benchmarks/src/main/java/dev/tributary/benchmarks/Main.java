package dev.tributary.benchmarks;

import dev.tributary.engine.CommitLatency;
import dev.tributary.sodp.SodpDeltas;
import dev.tributary.spacetimedb.SpacetimeRows;
import java.util.Arrays;

/** Starts one of the measurements, or JMH. */
public final class Main {

    private static final String USAGE = """
            java -jar benchmarks.jar COMMAND

              ratios [NAME|all [TURNS [JVM options]]]   pairs of JMH benchmarks in turns, and their ratios:
                                                        decode, scan-in-pieces, first-view, fill-sequential,
                                                        fill-shuffled, read, read-by-value,
                                                        sodp-delta, spacetime-row
              decode [TURNS]                            decoding in processor time, for a busy machine
              commit-latency [VIEWS [COMMITS]]          one-row commits to a view of a million rows
              retained-heap [ROWS]                      bytes that a row of a view keeps
              load [ROWS [TURNS [JVM options]]]         whole processes that load over HTTP, beside a bare download
              javascript [ROWS [TURNS]]                 the same beside the official JavaScript client
              idle-shapes [SHAPES]                      shapes that wait: threads and memory
              idle-sockets [SOCKETS]                    WebSockets that wait, by each client: threads and memory
              watched-keys [KEYS]                       SODP keys on one connection: threads, memory, a reconnect
              live-path [WRITES [RUNS]]                 a SODP write until a listener hears it, beside a bare echo
              drift-burst [APPENDS]                     DriftDB appends of three writers at once: what is lost, and repaired
              sodp-deltas [FORKS]                       SODP changes, beside a tree that is copied: speed and garbage
              spacetime-rows [FORKS]                    SpacetimeDB rows: BSATN beside JSON, and transactions in large views
              spacetime-load [ROWS [TURNS [none]]]      whole processes that load one large message, beside a bare receive
                                                        and the official client, or without it
              spacetime-fragments [FRAGMENTS [TURNS]]   a message of so many fragments and one of ten times as many
              serve ROWS [CHUNK_BYTES]                  the server of these, alone
              jmh [JMH arguments]                       any benchmark by JMH: jmh -l lists them

            docs/benchmarks.md says what they gave, and where.
            """;

    private Main() {}

    /** Runs the command; without one, says which there are. */
    public static void main(String[] args) throws Exception {
        // Java-WebSocket brings the logging API, and nothing that logs.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        String command = args.length == 0 ? "" : args[0];
        String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
        switch (command) {
            case "ratios" -> Ratios.main(rest);
            case "decode" -> DecodeCpu.main(rest);
            case "commit-latency" -> CommitLatency.main(rest);
            case "retained-heap" -> RetainedHeap.main(rest);
            case "load" -> LoadComparison.main(rest);
            case "javascript" -> JavaScriptComparison.main(rest);
            case "idle-shapes" -> IdleShapes.main(rest);
            case "idle-sockets" -> IdleSockets.main(rest);
            case "watched-keys" -> WatchedKeys.main(rest);
            case "live-path" -> LivePath.main(rest);
            case "drift-burst" -> DriftBurst.main(rest);
            case "sodp-deltas" -> SodpDeltas.main(rest);
            case "spacetime-rows" -> SpacetimeRows.main(rest);
            case "spacetime-load" -> SpacetimeLoad.main(rest);
            case "spacetime-fragments" -> SpacetimeFragments.main(rest);
            case "serve" -> ChunkServer.main(rest);
            case "jmh" -> org.openjdk.jmh.Main.main(rest);
            default -> {
                System.out.print(USAGE);
                if (!command.isEmpty() && !command.equals("--help")) {
                    System.exit(2);
                }
            }
        }
    }
}
