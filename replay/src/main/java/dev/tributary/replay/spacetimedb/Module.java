package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Json;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The recorded description of the module.
 *
 * @param text of version 9
 * @param schema as the transport reads it
 * @param plain as the comparison reads it
 */
record Module(String text, DatabaseSchema schema, @Nullable Object plain) {

    /** Reads the answer of version 9. */
    static Module of(String json) throws IOException {
        return new Module(json, DatabaseSchema.parse(json), Json.parse(json));
    }

    /** The same, with what version 10 says beyond it. */
    Module with(DatabaseSchema version10) {
        return new Module(text, schema.with(version10), plain);
    }

    /** How values are written that came by this kind of protocol. */
    Shapes shapes(boolean lossy) {
        return new Shapes(plain, lossy);
    }
}
