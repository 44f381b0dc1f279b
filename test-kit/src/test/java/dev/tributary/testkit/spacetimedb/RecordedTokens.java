package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.socket.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens of a model in place of those that a transcript hides: where the real server took {@code TOKEN-B} to have a broken
 * signature and {@code TOKEN-C} to be no token at all, the model gets such ones.
 */
final class RecordedTokens {

    private static final Pattern TOKEN = Pattern.compile("\"token\"\\s*:\\s*\"([^\"]+)\"");

    private final String good;

    RecordedTokens(SpacetimeDbModel model) {
        AtomicReference<String> body = new AtomicReference<>("");
        model.request(new HttpRequest("POST", "/v1/identity", Map.of(), new byte[0]), answer -> {
            if (answer instanceof SpacetimeDbAnswer.Response response) {
                body.set(new String(response.response().body(), StandardCharsets.UTF_8));
            }
        });
        Matcher token = TOKEN.matcher(body.get());
        if (!token.find()) {
            throw new AssertionError("no token in " + body);
        }
        good = token.group(1);
    }

    /** A header with the token that the model shall see. */
    String of(String header) {
        return switch (header) {
            case "Bearer TOKEN-B" -> "Bearer " + good.substring(0, good.length() - 4) + "AAAA";
            case "Bearer TOKEN-C" -> "Bearer no.token";
            case "Bearer TOKEN-D" -> "Bearer " + good;
            default -> header;
        };
    }
}
