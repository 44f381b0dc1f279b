package dev.tributary;

import org.jspecify.annotations.Nullable;

/**
 * What the application asked for cannot be had: a wrong URI, an unknown scheme or option, a query that does not parse, a
 * capability that the transport lacks. Thrown before anything is sent.
 */
public final class ConfigurationException extends SyncException {

    private static final long serialVersionUID = 1;

    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
