package dev.tributary.websocket;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The close codes of RFC 6455 and what a client may do with them. */
final class CloseCodes {

    static final int NORMAL = 1000;
    static final int NONE = 1005;
    static final int ABNORMAL = 1006;

    private static final int GOING_AWAY = 1001;
    private static final int UNSUPPORTED = 1003;
    private static final int NOT_UTF8 = 1007;
    private static final int BAD_GATEWAY = 1014;
    private static final int FIRST_OF_APPLICATIONS = 3000;
    private static final int LAST_OF_APPLICATIONS = 4999;
    private static final int LONGEST_REASON = 123;

    private CloseCodes() {}

    /** Whether a server may send it in a close frame. */
    static boolean isReceivable(int code) {
        return (code >= NORMAL && code <= UNSUPPORTED) || (code >= NOT_UTF8 && code <= BAD_GATEWAY) || isFree(code);
    }

    private static boolean isFree(int code) {
        return code >= FIRST_OF_APPLICATIONS && code <= LAST_OF_APPLICATIONS;
    }

    /** What both clients take; others become a normal close. */
    static int toSend(int code) {
        return code == GOING_AWAY || isFree(code) ? code : NORMAL;
    }

    /** As much of it as a close frame holds, in whole characters. */
    static String reasonToSend(String reason) {
        ByteBuffer room = ByteBuffer.allocate(LONGEST_REASON);
        CharBuffer text = CharBuffer.wrap(reason);
        CharsetEncoder encoder = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        encoder.encode(text, room, true);
        return StandardCharsets.UTF_8.decode(room.flip()).toString();
    }
}
