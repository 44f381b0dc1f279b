package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.Query;
import dev.tributary.spi.Call;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.Wire;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The in-memory transport with writes: a frame of its own to the server and back, beside those of the right one. */
final class WritingMemory implements TransportProvider {

    private static final byte WRITE = 100;
    private static final byte WRITTEN = 101;

    private final TransportProvider right;

    WritingMemory(TransportProvider right) {
        this.right = right;
    }

    /** A server that takes writes, and answers them unless it is silent. */
    static SimulatedServer server(SimulatedServer right, Consumer<Operation.Put> writes, BooleanSupplier isSilent) {
        return connection -> right.accept((SimulatedConnection) Proxy.newProxyInstance(
                WritingMemory.class.getClassLoader(),
                new Class<?>[] {SimulatedConnection.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("listen")) {
                        args[0] = listening(connection, (SimulatedConnection.ClientListener) args[0], writes, isSilent);
                    }
                    try {
                        return method.invoke(connection, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static SimulatedConnection.ClientListener listening(
            SimulatedConnection connection,
            SimulatedConnection.ClientListener right,
            Consumer<Operation.Put> writes,
            BooleanSupplier isSilent) {
        return new SimulatedConnection.ClientListener() {
            @Override
            public void message(Protocol.DataKind kind, ByteBuffer bytes) {
                if (bytes.get(bytes.position()) != WRITE) {
                    right.message(kind, bytes);
                } else if (!isSilent.getAsBoolean()) {
                    ByteBuffer in = bytes.duplicate();
                    in.get();
                    int number = in.getInt();
                    writes.accept(new Operation.Put(in.getInt(), in.getInt(), in.getInt()));
                    connection.binary(
                            ByteBuffer.allocate(5).put(WRITTEN).putInt(number).array());
                }
            }

            @Override
            public void closed(int code, String reason) {
                right.closed(code, reason);
            }
        };
    }

    @Override
    public Protocol session(SessionContext context) {
        return new WritingSession(right.session(context));
    }

    private static final class WritingSession extends BentSession {

        private final Map<Integer, Call> calls = new LinkedHashMap<>();
        private @Nullable Wire wire;
        private int last;

        WritingSession(Protocol protocol) {
            right = protocol;
        }

        @Override
        public void opened(Wire opened, Head head, Output out) {
            super.opened(opened, head, out);
            if (head.status() == 101) {
                wire = opened;
                calls.forEach((id, call) -> send(id, call, out));
            }
        }

        @Override
        public void call(Call call, Output out) {
            calls.put(++last, call);
            if (wire != null) {
                send(last, call, out);
            }
        }

        @Override
        public void cancel(Call call, Output out) {
            calls.values().remove(call);
        }

        private void send(int id, Call call, Output out) {
            Operation.Put put = (Operation.Put) call.request();
            out.sent(call);
            out.send(
                    wire,
                    DataKind.BINARY,
                    ByteBuffer.allocate(17)
                            .put(WRITE)
                            .putInt(id)
                            .putInt(put.table())
                            .putInt(put.key())
                            .putInt(put.value())
                            .flip());
        }

        @Override
        public void data(Wire from, DataKind kind, ByteBuffer bytes, boolean isLast, Output out) {
            if (bytes.hasRemaining() && bytes.get(bytes.position()) == WRITTEN) {
                bytes.get();
                Call call = calls.remove(bytes.getInt());
                if (call != null) {
                    out.reply(call, null);
                }
            } else {
                super.data(from, kind, bytes, isLast, out);
            }
        }
    }

    @Override
    public String scheme() {
        return right.scheme();
    }

    @Override
    public Set<String> wireSchemes() {
        return right.wireSchemes();
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> more = EnumSet.of(Capability.WRITES);
        more.addAll(right.capabilities());
        return more;
    }

    @Override
    public boolean mayShareSession(Query a, Query b) {
        return right.mayShareSession(a, b);
    }

    @Override
    public ColumnType columnType(String name) {
        return right.columnType(name);
    }

    @Override
    public Set<Class<?>> interfaces() {
        return Set.of(Calls.class);
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type, Calls calls) {
        return type == Calls.class ? Optional.of(type.cast(calls)) : Optional.empty();
    }
}
