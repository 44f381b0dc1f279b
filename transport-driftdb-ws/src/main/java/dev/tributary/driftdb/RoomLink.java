package dev.tributary.driftdb;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Links that carry a room, as applications with the official JavaScript client share them. */
public final class RoomLink {

    private static final String PARAMETER = "_driftdb_room";

    private RoomLink() {}

    /** The id of the room in a link; empty when it has none. */
    public static Optional<String> read(URI link) {
        String query = link.getRawQuery();
        if (query == null) {
            return Optional.empty();
        }
        return Arrays.stream(query.split("&", -1))
                .filter(RoomLink::isRoom)
                .map(pair -> URLDecoder.decode(pair.substring(PARAMETER.length() + 1), StandardCharsets.UTF_8))
                .filter(id -> !id.isEmpty())
                .findFirst();
    }

    /** The link with this room in place of any that it had. Whoever gets it may read and write the room. */
    public static URI write(URI link, String id) {
        String text = link.toString();
        int fragment = text.indexOf('#');
        String behind = fragment < 0 ? "" : text.substring(fragment);
        String before = fragment < 0 ? text : text.substring(0, fragment);
        int mark = before.indexOf('?');
        String others = mark < 0
                ? ""
                : Arrays.stream(before.substring(mark + 1).split("&", -1))
                        .filter(pair -> !pair.isEmpty() && !isRoom(pair))
                        .map(pair -> pair + "&")
                        .collect(Collectors.joining());
        String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        return URI.create(
                (mark < 0 ? before : before.substring(0, mark)) + "?" + others + PARAMETER + "=" + encoded + behind);
    }

    private static boolean isRoom(String pair) {
        return pair.startsWith(PARAMETER + "=");
    }
}
