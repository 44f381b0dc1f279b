package dev.tributary.conformance;

import dev.tributary.spi.Protocol;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;

/**
 * A server as it is; somebody is told after each message of a client over a WebSocket, before anything that it led to
 * arrives anywhere.
 */
record WrittenServer(SimulatedServer right, Runnable afterMessage) implements SimulatedServer {

    @Override
    public void accept(SimulatedConnection connection) {
        right.accept((SimulatedConnection) Proxy.newProxyInstance(
                SimulatedConnection.class.getClassLoader(),
                new Class<?>[] {SimulatedConnection.class},
                (proxy, method, args) -> {
                    try {
                        if (method.getName().equals("listen")) {
                            return method.invoke(
                                    connection, new Listening((SimulatedConnection.ClientListener) args[0]));
                        }
                        return method.invoke(connection, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private final class Listening implements SimulatedConnection.ClientListener {

        private final SimulatedConnection.ClientListener listener;

        Listening(SimulatedConnection.ClientListener listener) {
            this.listener = listener;
        }

        @Override
        public void message(Protocol.DataKind kind, ByteBuffer bytes) {
            listener.message(kind, bytes);
            afterMessage.run();
        }

        @Override
        public void closed(int code, String reason) {
            listener.closed(code, reason);
        }
    }
}
