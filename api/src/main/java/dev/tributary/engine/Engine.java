package dev.tributary.engine;

import dev.tributary.SourceConfig;
import dev.tributary.SyncSource;

/** The way into the engine, for {@link dev.tributary.SourceBuilder}. */
public final class Engine {

    private Engine() {}

    /**
     * Opens a source.
     *
     * @throws dev.tributary.ConfigurationException when the configuration is wrong
     */
    public static SyncSource open(SourceConfig config) {
        return new Source(ResolvedSource.of(config));
    }
}
