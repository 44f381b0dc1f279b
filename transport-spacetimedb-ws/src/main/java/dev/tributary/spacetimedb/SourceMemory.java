package dev.tributary.spacetimedb;

import dev.tributary.Query;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all connections of one source know together. Touched only in inputs of their protocols. */
final class SourceMemory {

    private static final int MOST_QUERIES = 10_000;

    private @Nullable String issuedToken;

    /** As whom the content of a query was read. */
    private final Map<Query, Identity> readAs = new LinkedHashMap<>();

    /** The token of the anonymous identity that the server made for this source; null when there is none. */
    @Nullable
    String issuedToken() {
        return issuedToken;
    }

    void issuedToken(String token) {
        issuedToken = token;
    }

    /** The server does not know it any more. */
    void forgetIssuedToken() {
        issuedToken = null;
    }

    @Nullable
    Identity readAs(Query query) {
        return readAs.get(query);
    }

    void readAs(Query query, Identity identity) {
        readAs.put(query, identity);
        if (readAs.size() > MOST_QUERIES) {
            readAs.remove(readAs.keySet().iterator().next());
        }
    }
}
