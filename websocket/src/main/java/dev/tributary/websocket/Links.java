package dev.tributary.websocket;

import dev.tributary.spi.WebSocketTarget;

/** The links of one source by one client. */
interface Links extends AutoCloseable {

    /**
     * @throws dev.tributary.ConfigurationException when the client cannot do what the target asks for
     */
    Link link(WebSocketTarget target, LinkListener listener);

    /** Ends what the client keeps. All links are gone. Does not wait. */
    @Override
    void close();
}
