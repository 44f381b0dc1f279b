package dev.tributary.http;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Ends a client at once: {@code HttpClient.shutdownNow}, which Java has since 21. On 17 a client ends when it was
 * collected or when its selector thread is interrupted; that thread is in the group of {@link WireThreads}.
 */
final class ClientShutdown {

    private static final System.Logger LOG = System.getLogger(ClientShutdown.class.getName());
    private static final @Nullable MethodHandle SHUTDOWN_NOW = find();

    private ClientShutdown() {}

    private static @Nullable MethodHandle find() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(HttpClient.class, "shutdownNow", MethodType.methodType(void.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    static boolean isSupported() {
        return SHUTDOWN_NOW != null;
    }

    static void shutdown(HttpClient client) {
        if (SHUTDOWN_NOW == null) {
            return;
        }
        try {
            SHUTDOWN_NOW.invokeExact(client);
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.WARNING, "an HTTP client did not shut down", e);
        }
    }
}
