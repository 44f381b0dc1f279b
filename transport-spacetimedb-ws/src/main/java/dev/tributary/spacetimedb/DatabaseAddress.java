package dev.tributary.spacetimedb;

import dev.tributary.ConfigurationException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a database is: a server, perhaps behind a path of a proxy, and the name or identity of the database as the last
 * part of the path.
 *
 * @param authority host and port
 * @param secure whether TLS is spoken
 * @param prefix the path before, raw, without a slash at its end
 * @param database a name, or 64 hexadecimal digits
 */
record DatabaseAddress(String authority, boolean secure, String prefix, String database) {

    private static final Pattern IDENTITY = Pattern.compile("(0[xX])?[0-9a-fA-F]{64}");

    /**
     * Takes an endpoint apart.
     *
     * @throws ConfigurationException when it names no database
     */
    static DatabaseAddress of(URI endpoint) {
        String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        int slash = bare.lastIndexOf('/');
        if (slash < 0 || slash == bare.length() - 1) {
            throw new ConfigurationException("the address names no database; it is the last part of the path, as in"
                    + " spacetimedb+ws://host:3000/my-database");
        }
        String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("wss") || scheme.equals("https");
        String name = checked(decoded(bare.substring(slash + 1)));
        return new DatabaseAddress(endpoint.getRawAuthority(), secure, bare.substring(0, slash), name);
    }

    /**
     * The name or identity as it is sent. What names there are is for the server to say; today it answers 400 to all but
     * lower-case letters and digits in groups joined by single hyphens.
     *
     * @throws ConfigurationException when it is none at all
     */
    static String checked(String database) {
        if (IDENTITY.matcher(database).matches()) {
            return database.substring(database.length() - 64).toLowerCase(Locale.ROOT);
        }
        if (database.isBlank() || database.indexOf('/') >= 0) {
            throw new ConfigurationException("a database has a name or 64 hexadecimal digits, got '" + database + "'");
        }
        return database;
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("the database in the address is not percent-encoded as it should be", e);
        }
    }

    /** An address below the API of the server, over HTTP. */
    URI http(String path) {
        return URI.create((secure ? "https://" : "http://") + authority + prefix + "/v1/" + path);
    }

    /** An address of this database, over HTTP. */
    URI ofDatabase(String path) {
        return http("database/" + encoded(database) + path);
    }

    /** The address that a WebSocket is opened at, without its query. */
    URI subscribe() {
        return URI.create((secure ? "wss://" : "ws://") + authority + prefix + "/v1/database/" + encoded(database)
                + "/subscribe");
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
