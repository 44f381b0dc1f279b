package dev.tributary.replay.driftdb;

import dev.tributary.driftdb.DriftDb;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.spi.HttpTarget;
import java.math.BigInteger;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Says a recorded request through our API, where that can say it. */
final class ApiRequest {

    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private ApiRequest() {}

    /**
     * @param message its body; null when that is none
     * @param rooms the API at a room; at no room, for the empty text
     * @return null when our API cannot say it
     * @throws dev.tributary.ConfigurationException when our API refuses it
     */
    static @Nullable CompletableFuture<?> make(
            RecordedExchange exchange, @Nullable Message message, Function<String, DriftDb> rooms) {
        String path = path(exchange);
        String room = Conversation.room(path);
        if (exchange.method().equals("POST") && path.endsWith("/new")) {
            return rooms.apply("").createRoom(DEADLINE);
        }
        if (exchange.method().equals("GET") && !room.isEmpty() && path.endsWith("/room/" + room)) {
            return rooms.apply("").room(room, DEADLINE);
        }
        boolean isJson = String.valueOf(exchange.headers().get("content-type")).contains("json");
        boolean isSend = exchange.method().equals("POST") && path.endsWith("/send") && isJson;
        return isSend && message != null ? send(message, rooms.apply(room)) : null;
    }

    private static @Nullable CompletableFuture<?> send(Message message, DriftDb room) {
        if (Pushes.isPush(message)) {
            return room.http().push(Pushes.of(message), DEADLINE);
        }
        if (message.is("ping")) {
            return room.http().ping(DEADLINE);
        }
        boolean isGet = message.is("get") && message.members().get("key") instanceof String;
        return isGet && isNumbered(message) ? room.http().read(message.key(), message.number("seq"), DEADLINE) : null;
    }

    /** Whether it asks above a number that there is; none is 0. */
    private static boolean isNumbered(Message get) {
        Object above = get.members().getOrDefault("seq", 0L);
        return (above instanceof Long number && number >= 0)
                || (above instanceof BigInteger big && big.signum() >= 0 && big.bitLength() <= Long.SIZE);
    }

    private static String path(RecordedExchange exchange) {
        return exchange.target().replaceFirst("\\?.*$", "");
    }

    /** Whether a request of ours is this one. */
    static boolean is(RecordedExchange exchange, @Nullable Message message, HttpTarget ours, @Nullable Message body) {
        return exchange.method().equals(ours.method())
                && path(exchange).endsWith(String.valueOf(ours.uri().getRawPath()))
                && (message == null || (body != null && message.asksTheSame(body)));
    }
}
