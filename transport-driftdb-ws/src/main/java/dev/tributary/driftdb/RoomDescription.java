package dev.tributary.driftdb;

import com.fasterxml.jackson.core.JsonToken;
import dev.tributary.ConfigurationException;
import dev.tributary.ProtocolException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Reads what a server says of a room. */
final class RoomDescription {

    private RoomDescription() {}

    /**
     * @param rewrite what the application does with each URL
     * @throws ProtocolException when a member is missing or is no URL of the right kind; the message repeats none
     */
    static Room read(byte[] body, RoomAddress address, UnaryOperator<URI> rewrite) {
        Map<String, String> members = MessageReader.read(Encoding.JSON, "room description", body, in -> {
            Map<String, String> texts = new HashMap<>();
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new ProtocolException("room description: expected an object, got " + in.currentToken());
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                if (in.nextToken() == JsonToken.VALUE_STRING) {
                    texts.put(name, in.getText());
                } else {
                    in.skipChildren();
                }
            }
            return texts;
        });
        return new Room(
                member(members, "room"),
                url(members, "socket_url", address, rewrite, List.of("ws", "wss")),
                url(members, "http_url", address, rewrite, List.of("http", "https")));
    }

    private static String member(Map<String, String> members, String name) {
        String text = members.get(name);
        if (text == null || text.isEmpty()) {
            throw new ProtocolException("room description: there is no text '" + name + "'");
        }
        return text;
    }

    private static URI url(
            Map<String, String> members,
            String name,
            RoomAddress address,
            UnaryOperator<URI> rewrite,
            List<String> schemes) {
        URI url;
        try {
            url = address.raised(URI.create(member(members, name)));
        } catch (IllegalArgumentException e) {
            // The text holds the id, and so does the message of the cause.
            throw new ProtocolException("room description: '" + name + "' is no URL");
        }
        URI rewritten = rewritten(url, name, rewrite);
        String scheme = String.valueOf(rewritten.getScheme()).toLowerCase(Locale.ROOT);
        if (!schemes.contains(scheme) || rewritten.getHost() == null) {
            throw new ProtocolException("room description: '" + name + "' is no URL of " + schemes
                    + " with a host: it has the scheme " + scheme);
        }
        return rewritten;
    }

    private static URI rewritten(URI url, String name, UnaryOperator<URI> rewrite) {
        try {
            return rewrite.apply(url);
        } catch (RuntimeException e) {
            throw new ConfigurationException(
                    "the rewriting of '" + name + "' failed: " + e.getClass().getSimpleName());
        }
    }
}
