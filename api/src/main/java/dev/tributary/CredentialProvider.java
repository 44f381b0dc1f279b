package dev.tributary;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where credentials come from. Asked for at every attempt; nothing is kept between attempts. Called on the executor that
 * the source shares, so it may block.
 */
@FunctionalInterface
public interface CredentialProvider {

    /**
     * @param refusal why the server refused the last attempt; null when it did not
     * @return the credentials; null inside to give up, which ends the query with the refusal
     */
    CompletionStage<@Nullable Credential> get(@Nullable Throwable refusal);

    /** One that asks this supplier for a token each time. */
    static CredentialProvider ofToken(Supplier<String> token) {
        return refusal -> CompletableFuture.<@Nullable Credential>completedFuture(Credential.token(token.get()));
    }
}
