package dev.tributary.driftdb;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Where an application keeps its client id, so that a restart is no new client. */
public interface ClientIdStore {

    /** The id that was kept. */
    Optional<String> load();

    /** Keeps an id. */
    void save(String id);

    /** The id that is kept; a new one is made and kept when there is none. */
    default String loadOrCreate() {
        return load().orElseGet(() -> {
            String id = ClientId.random();
            save(id);
            return id;
        });
    }

    /** Keeps the id as long as the process lives. */
    static ClientIdStore inMemory() {
        AtomicReference<String> kept = new AtomicReference<>();
        return new ClientIdStore() {
            @Override
            public Optional<String> load() {
                return Optional.ofNullable(kept.get());
            }

            @Override
            public void save(String id) {
                kept.set(id);
            }
        };
    }
}
