package dev.tributary.sodp;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered to a call that succeeded. A view of the key shows the write already.
 *
 * @param version that the write made; empty where the server tells none, as the TypeScript server
 * @param data all that it answered, as a document
 */
public record SodpResult(OptionalLong version, @Nullable Object data) {}
