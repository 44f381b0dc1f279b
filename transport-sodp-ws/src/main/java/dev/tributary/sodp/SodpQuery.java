package dev.tributary.sodp;

import dev.tributary.ConfigurationException;
import dev.tributary.Query;
import org.jspecify.annotations.Nullable;

/**
 * A query of this transport: {@code game.player} for the value of a key as one row, {@code game.player?as=children} for
 * the members of the object that the key holds, one row each; {@code param.NAME=text} is sent along with the request.
 *
 * @param params null for none
 */
record SodpQuery(String key, boolean children, @Nullable DocMap params) {

    private static final String AS = "as";
    private static final String PARAM = "param.";

    /**
     * Reads a query.
     *
     * @throws ConfigurationException when it has no key, or a parameter that means nothing
     */
    static SodpQuery of(Query query) {
        if (query.name().isEmpty()) {
            throw refuse(query, "the key is empty");
        }
        boolean children = false;
        boolean told = false;
        DocMap params = null;
        for (Query.Parameter parameter : query.parameters()) {
            if (parameter.name().equals(AS)) {
                if (told) {
                    throw refuse(query, "'as' is given twice");
                }
                told = true;
                children = children(query, parameter.value());
            } else if (parameter.name().startsWith(PARAM) && parameter.name().length() > PARAM.length()) {
                DocMap before = params == null ? DocMap.EMPTY : params;
                String name = parameter.name().substring(PARAM.length());
                if (before.containsKey(name)) {
                    throw refuse(query, "'" + parameter.name() + "' is given twice");
                }
                params = before.with(name, parameter.value());
            } else {
                throw refuse(
                        query,
                        "unknown parameter '" + parameter.name()
                                + "'; there are as=value, as=children, and param.NAME");
            }
        }
        return new SodpQuery(query.name(), children, params);
    }

    private static boolean children(Query query, String value) {
        return switch (value) {
            case "children" -> true;
            case "value" -> false;
            default -> throw refuse(query, "as is value or children, got '" + value + "'");
        };
    }

    private static ConfigurationException refuse(Query query, String what) {
        return new ConfigurationException("query '" + query + "': " + what);
    }

    /** Whether one subscription of the server can serve both. */
    boolean agreesWith(SodpQuery other) {
        return !key.equals(other.key) || (params == null ? other.params == null : params.equals(other.params));
    }
}
