package dev.tributary.sodp;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * When a token ends, where it is a JWT that says so. It is looked at for nothing else: whether it is any good is the
 * server's to say.
 */
final class TokenExpiry {

    private static final String NAME = "exp";
    /** Beyond it lies no date. */
    private static final int MOST_DIGITS = 11;

    private final String claims;
    private int at;

    private TokenExpiry(String claims) {
        this.claims = claims;
    }

    /** Null where it does not say. */
    static @Nullable Instant of(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (first < 0 || second < 0) {
            return null;
        }
        try {
            byte[] json = Base64.getUrlDecoder().decode(token.substring(first + 1, second));
            return new TokenExpiry(new String(json, StandardCharsets.UTF_8)).find();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Goes through the claims once; within nested ones nothing is meant. */
    private @Nullable Instant find() {
        int depth = 0;
        while (at < claims.length()) {
            char c = claims.charAt(at++);
            if (c == '"') {
                boolean named = text().equals(NAME);
                if (named && depth == 1 && isNext(':')) {
                    return number();
                }
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
        return null;
    }

    /** A text as it is spelled, up to its end. */
    private String text() {
        int from = at;
        while (at < claims.length() && claims.charAt(at) != '"') {
            at += claims.charAt(at) == '\\' ? 2 : 1;
        }
        int to = Math.min(at, claims.length());
        at = to + 1;
        return claims.substring(from, to);
    }

    private boolean isNext(char wanted) {
        skipBlanks();
        boolean found = at < claims.length() && claims.charAt(at) == wanted;
        at += found ? 1 : 0;
        return found;
    }

    private void skipBlanks() {
        while (at < claims.length() && Character.isWhitespace(claims.charAt(at))) {
            at++;
        }
    }

    private @Nullable Instant number() {
        skipBlanks();
        int from = at;
        while (at < claims.length() && claims.charAt(at) >= '0' && claims.charAt(at) <= '9') {
            at++;
        }
        int digits = at - from;
        return digits == 0 || digits > MOST_DIGITS ? null : Instant.ofEpochSecond(Long.parseLong(claims, from, at, 10));
    }
}
