package dev.tributary.testkit.sodp;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The tokens a server knows. They may be accepted and revoked while it runs. */
public final class SodpTokens {

    /**
     * What a token grants.
     *
     * @param subject who its bearer is
     * @param expires when it ends, in milliseconds since 1970
     */
    record Grant(String subject, OptionalLong expires) {

        boolean isExpired(long now) {
            return expires.isPresent() && expires.getAsLong() <= now;
        }
    }

    private final Map<String, Grant> grants = new HashMap<>();

    /** None yet. */
    public SodpTokens() {}

    /** Accepts a token for ever. */
    public SodpTokens accept(String token, String subject) {
        grants.put(token, new Grant(subject, OptionalLong.empty()));
        return this;
    }

    /** Accepts a token up to a moment. */
    public SodpTokens accept(String token, String subject, long expiresMillis) {
        grants.put(token, new Grant(subject, OptionalLong.of(expiresMillis)));
        return this;
    }

    /** Takes a token back. Live connections do not notice. */
    public SodpTokens revoke(String token) {
        grants.remove(token);
        return this;
    }

    @Nullable
    Grant find(String token) {
        return grants.get(token);
    }
}
