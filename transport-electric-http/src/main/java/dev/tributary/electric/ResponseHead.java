package dev.tributary.electric;

import dev.tributary.spi.Head;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an answer says about the shape.
 *
 * @param upToDate whether the header is there, which has no value
 */
record ResponseHead(
        int status,
        @Nullable String handle,
        @Nullable String offset,
        @Nullable String cursor,
        @Nullable String schema,
        boolean upToDate) {

    private static final String HANDLE = "electric-handle";
    private static final String OFFSET = "electric-offset";
    private static final String CURSOR = "electric-cursor";
    private static final String SCHEMA = "electric-schema";

    static ResponseHead of(Head head) {
        return new ResponseHead(
                head.status(),
                value(head, HANDLE),
                value(head, OFFSET),
                value(head, CURSOR),
                value(head, SCHEMA),
                head.has("electric-up-to-date"));
    }

    private static @Nullable String value(Head head, String name) {
        return head.first(name).filter(text -> !text.isBlank()).orElse(null);
    }

    /** The headers that a good answer must have and this one lacks. */
    List<String> missing(boolean live) {
        List<String> missing = new ArrayList<>();
        if (handle == null) {
            missing.add(HANDLE);
        }
        if (offset == null) {
            missing.add(OFFSET);
        }
        if (live && cursor == null) {
            missing.add(CURSOR);
        }
        if (!live && schema == null) {
            missing.add(SCHEMA);
        }
        return missing;
    }

    boolean isGood() {
        return status >= 200 && status < 300;
    }

    /**
     * A header's text. The server writes UTF-8, and HTTP libraries read every byte as a Latin-1 character.
     */
    static String utf8(String header) {
        if (header.chars().anyMatch(c -> c > 0xff)) {
            return header;
        }
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return header;
        }
    }
}
