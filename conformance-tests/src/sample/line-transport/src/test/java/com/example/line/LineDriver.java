package com.example.line;

import dev.tributary.Capability;
import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.conformance.Fault;
import dev.tributary.conformance.Medium;
import dev.tributary.conformance.ModelWorld;
import dev.tributary.conformance.TransportDriver;
import dev.tributary.conformance.World;
import dev.tributary.conformance.Write;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The line server under the laws. */
final class LineDriver implements TransportDriver {

    private static final List<String> TABLES = List.of("stock", "orders");

    @Override
    public Set<Capability> capabilities() {
        return new LineTransport().capabilities();
    }

    @Override
    public Set<Fault> faults() {
        return Fault.common();
    }

    @Override
    public World newWorld(long seed) {
        return new LineWorld(new SimulatedEnvironment(seed), capabilities());
    }

    private static final class LineWorld extends ModelWorld {

        private final LineServer server;
        private final Medium medium;

        LineWorld(SimulatedEnvironment environment, Set<Capability> capabilities) {
            super(environment, TABLES, capabilities);
            server = new LineServer(environment, TABLES);
            medium = Medium.simulated(Set.of("ws"), SimulatedNetwork.PERFECT).to(server, environment);
        }

        @Override
        public SourceBuilder builder(String options) {
            String query = options.isEmpty() ? "" : "?" + options;
            return SourceBuilder.of(URI.create("line+ws://" + medium.authority() + query))
                    .transport(new LineTransport())
                    .wires(medium.wires())
                    .environment(environment());
        }

        @Override
        protected void write(List<Write> writes) {
            server.commit(writes);
        }

        @Override
        public int keyOf(Row row) {
            return Math.toIntExact(row.getLong("key"));
        }

        @Override
        public int valueOf(Row row) {
            return Math.toIntExact(row.getLong("value"));
        }

        @Override
        public void inject(Fault fault) {
            switch (fault) {
                case DROP, RESET_LOG -> server.drop(); // it has no log: each new connection begins anew
                case REFUSE_ONCE -> server.refuse(1);
                case REFUSE -> server.refuse(Integer.MAX_VALUE);
                case SILENCE -> server.silent(true);
                case EXPIRE_CREDENTIALS -> server.nextToken();
                case GARBAGE -> server.say("row one 2 three");
                case SLOW -> server.delay(Duration.ofMillis(700));
                case REJECT -> server.close(TABLES.get(0));
                case LOSE -> throw new AssertionError("this server loses nothing");
            }
        }

        @Override
        public void heal() {
            server.heal();
        }

        @Override
        public String token() {
            return server.token();
        }

        @Override
        public Duration silenceLimit() {
            return Duration.ofSeconds(45);
        }

        @Override
        public Duration settleTime() {
            return Duration.ofSeconds(60);
        }
    }
}
