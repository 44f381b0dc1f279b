package dev.tributary.driftdb;

import dev.tributary.ConfigurationException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The address of a source: the root of an API, with or without a path of its own, and mostly a room behind it.
 *
 * @param root with http or https, ends in a slash
 * @param id of the room; null for the root alone
 */
record RoomAddress(URI root, @Nullable String id) {

    private static final String ROOM = "/room/";
    private static final int SHOWN = 4;

    /** Takes an endpoint apart: everything before the last {@code /room/ID} is the root. */
    static RoomAddress of(URI endpoint) {
        String scheme = isSecure(endpoint) ? "https" : "http";
        String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
        int room = path.lastIndexOf(ROOM);
        String id = null;
        if (room >= 0) {
            String segment = path.substring(room + ROOM.length());
            String bare = segment.endsWith("/") ? segment.substring(0, segment.length() - 1) : segment;
            if (!bare.isEmpty() && bare.indexOf('/') < 0) {
                id = decoded(bare);
                path = path.substring(0, room);
            }
        }
        String rootPath = path.endsWith("/") ? path : path + "/";
        return new RoomAddress(URI.create(scheme + "://" + endpoint.getRawAuthority() + rootPath), id);
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Its message repeats the id.
            throw new ConfigurationException("the room id in the source URI is not percent-encoded as it should be");
        }
    }

    static boolean isSecure(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        return scheme.equals("wss") || scheme.equals("https");
    }

    URI newRoom() {
        return root.resolve("new");
    }

    URI room(String room) {
        return URI.create(root + "room/" + encoded(room));
    }

    /** The URLs of a room as they are when nothing stands between us and the server. */
    Room derived(String room) {
        String path = root.getRawSchemeSpecificPart() + "room/" + encoded(room);
        boolean secure = isSecure(root);
        return new Room(
                room,
                URI.create((secure ? "wss:" : "ws:") + path + "/connect"),
                URI.create((secure ? "https:" : "http:") + path + "/send"));
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A returned URL, never with a weaker scheme than the root. */
    URI raised(URI url) {
        if (!isSecure(root) || isSecure(url)) {
            return url;
        }
        String scheme = "ws".equalsIgnoreCase(url.getScheme()) ? "wss" : "https";
        return URI.create(scheme + ":" + url.getRawSchemeSpecificPart());
    }

    /** Whether headers with secrets may go there: to the host of the root alone, and never less safely. */
    boolean isTrusted(URI url) {
        return url.getHost() != null
                && url.getHost().equalsIgnoreCase(root.getHost())
                && (isSecure(url) || !isSecure(root));
    }

    /** The beginning of an id, to tell rooms apart; nothing of a short one. */
    static String shortened(String id) {
        return id.length() < 4 * SHOWN ? "***" : id.substring(0, SHOWN) + "***";
    }

    /** An endpoint as logs may show it: neither the id nor a key in the path of the root. */
    static String printable(URI endpoint) {
        RoomAddress address;
        try {
            address = of(endpoint);
        } catch (ConfigurationException e) {
            return endpoint.getScheme() + "://" + endpoint.getRawAuthority() + "/***";
        }
        String room = address.id() == null ? "" : "room/" + shortened(address.id());
        return endpoint.getScheme() + "://" + endpoint.getRawAuthority() + address.printablePath() + room;
    }

    private String printablePath() {
        return "/".equals(root.getRawPath()) ? "/" : "/***/";
    }

    /** A URL of the room as logs may show it. */
    static String printable(URI url, String room, String what) {
        return url.getScheme() + "://" + url.getRawAuthority() + "/***/" + shortened(room) + what;
    }

    /** The root as logs may show it, and what is asked of it. */
    String printable(String what) {
        return root.getScheme() + "://" + root.getRawAuthority() + printablePath() + what;
    }

    /** Shows no id. */
    @Override
    public String toString() {
        return printable("");
    }
}
