package com.example.line;

import dev.tributary.conformance.Write;
import dev.tributary.spi.Environment;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A line server in virtual time, and all that can go wrong with it. */
final class LineServer implements SimulatedServer {

    private static final Duration BEAT = Duration.ofSeconds(10);

    private final SimulatedEnvironment environment;
    private final List<String> names;
    private final Map<String, Map<Integer, Integer>> tables = new TreeMap<>();
    private final Set<String> closed = new LinkedHashSet<>();
    private final Set<Session> sessions = new LinkedHashSet<>();
    private int tokens = 1;
    private int refusals;
    private boolean silent;
    private Duration delay = Duration.ZERO;

    LineServer(SimulatedEnvironment environment, List<String> names) {
        this.environment = environment;
        this.names = names;
        names.forEach(name -> tables.put(name, new TreeMap<>()));
    }

    @Override
    public void accept(SimulatedConnection connection) {
        if (refusals > 0) {
            refusals -= refusals == Integer.MAX_VALUE ? 0 : 1;
            connection.fail(WireEnd.Kind.REFUSED, "connection refused");
        } else {
            Session session = new Session(connection);
            sessions.add(session);
            session.begin(connection.header("authorization").orElse("").equals("Bearer " + token()));
        }
    }

    void commit(List<Write> writes) {
        for (Write write : writes) {
            Map<Integer, Integer> rows = tables.get(names.get(write.table()));
            if (write.after() == null) {
                rows.remove(write.key());
            } else {
                rows.put(write.key(), write.after());
            }
        }
        List.copyOf(sessions).forEach(session -> session.commit(writes));
    }

    void say(String line) {
        List.copyOf(sessions).forEach(session -> session.say(line));
    }

    void drop() {
        List.copyOf(sessions).forEach(Session::drop);
    }

    void refuse(int times) {
        refusals = times;
    }

    String token() {
        return "s3cret-" + tokens;
    }

    void nextToken() {
        tokens++;
        List.copyOf(sessions).forEach(Session::expire);
    }

    void close(String table) {
        closed.add(table);
    }

    void silent(boolean now) {
        silent = now;
        List.copyOf(sessions).forEach(Session::flush);
    }

    void delay(Duration time) {
        delay = time;
    }

    void heal() {
        refusals = 0;
        closed.clear();
        delay = Duration.ZERO;
        silent(false);
    }

    /** One connection, which follows one table. */
    private final class Session implements SimulatedConnection.ClientListener {

        private final SimulatedConnection connection;
        /** What waits for its time, or for the silence to end. */
        private final Deque<Outgoing> outgoing = new ArrayDeque<>();

        private String table = "";
        private long lastDue;
        private boolean over;
        private Environment.Timer beat = () -> {};

        private record Outgoing(long due, Runnable sending) {}

        Session(SimulatedConnection connection) {
            this.connection = connection;
        }

        void begin(boolean mayEnter) {
            connection.listen(this);
            later(() -> connection.head(mayEnter ? 101 : 401, Map.of()));
            if (mayEnter) {
                beatLater();
            } else {
                later(connection::complete);
                later(this::leave);
            }
        }

        private void beatLater() {
            beat = environment.after(BEAT, () -> {
                say("beat");
                beatLater();
            });
        }

        @Override
        public void message(Protocol.DataKind kind, ByteBuffer bytes) {
            table = StandardCharsets.UTF_8.decode(bytes).toString().substring("follow ".length());
            if (closed.contains(table)) {
                say("no this table is closed today");
                return;
            }
            say("rows");
            tables.get(table).forEach((key, value) -> say("row " + key + " " + value));
            say("done");
            say("ready");
        }

        void commit(List<Write> writes) {
            boolean touched = false;
            for (Write write : writes) {
                if (names.get(write.table()).equals(table)) {
                    touched = true;
                    say(write.after() == null ? "gone " + write.key() : "row " + write.key() + " " + write.after());
                }
            }
            if (touched) {
                say("done");
            }
        }

        void say(String line) {
            later(() -> connection.text(line));
        }

        private void later(Runnable sending) {
            if (!over) {
                lastDue = Math.max(lastDue, environment.nanoTime() + delay.toNanos());
                outgoing.add(new Outgoing(lastDue, sending));
                flush();
            }
        }

        void flush() {
            while (!over && !silent && !outgoing.isEmpty()) {
                if (outgoing.element().due() > environment.nanoTime()) {
                    environment.at(Duration.ofNanos(outgoing.element().due()), this::flush);
                    return;
                }
                outgoing.remove().sending().run();
            }
        }

        void drop() {
            connection.fail(WireEnd.Kind.BROKEN, "connection reset");
            leave();
        }

        void expire() {
            connection.close(LineProtocol.TOKEN_EXPIRED, "the token expired");
            leave();
        }

        @Override
        public void closed(int code, String reason) {
            leave();
        }

        private void leave() {
            over = true;
            beat.cancel();
            outgoing.clear();
            sessions.remove(this);
        }
    }
}
