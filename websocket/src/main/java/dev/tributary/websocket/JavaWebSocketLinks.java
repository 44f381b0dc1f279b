package dev.tributary.websocket;

import dev.tributary.spi.WebSocketTarget;
import java.util.concurrent.ThreadPoolExecutor;

/** Links over Java-WebSocket: a thread that reads and one that writes for each. */
final class JavaWebSocketLinks implements Links {

    private final WebSocketSettings settings;
    private final ThreadPoolExecutor readers;

    JavaWebSocketLinks(WebSocketSettings settings, WireThreads threads) {
        this.settings = settings;
        this.readers = threads.readers();
    }

    @Override
    public Link link(WebSocketTarget target, LinkListener listener) {
        return new JavaWebSocketLink(settings, target, listener, readers);
    }

    @Override
    public void close() {
        readers.shutdown();
    }
}
