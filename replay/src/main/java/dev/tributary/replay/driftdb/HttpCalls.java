package dev.tributary.replay.driftdb;

import dev.tributary.ConfigurationException;
import dev.tributary.SyncSource;
import dev.tributary.driftdb.DriftDb;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.RecordedResponse;
import dev.tributary.testkit.simulation.SimulatedConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The requests of a recording that are of no socket, made through our API: rooms, and messages over HTTP. */
final class HttpCalls implements AutoCloseable {

    /** One that our API made, and the request of ours that it became. */
    private static final class Made {

        final RecordedExchange exchange;
        final CompletableFuture<?> future;
        final @Nullable Message body;

        @Nullable
        SimulatedConnection ours;

        Made(RecordedExchange exchange, CompletableFuture<?> future, @Nullable Message body) {
            this.exchange = exchange;
            this.future = future;
            this.body = body;
        }
    }

    /** Opens a source at an address whose requests go to a handler. */
    @FunctionalInterface
    interface Opener extends BiFunction<String, java.util.function.Consumer<SimulatedConnection>, SyncSource> {}

    private final Opener opener;
    private final Rooms rooms;
    private final Map<String, SyncSource> sources = new HashMap<>();
    private final Map<String, Made> made = new LinkedHashMap<>();
    private final List<String> refused = new ArrayList<>();

    HttpCalls(Opener opener, Rooms rooms) {
        this.opener = opener;
        this.rooms = rooms;
    }

    void make(RecordedExchange exchange, @Nullable Message message) {
        try {
            CompletableFuture<?> future =
                    ApiRequest.make(exchange, message, room -> open(room).unwrap(DriftDb.class));
            if (future == null) {
                refused.add(exchange.place() + ": our API cannot ask it");
            } else {
                Made now = new Made(exchange, future, message);
                made.put(exchange.id(), now);
            }
        } catch (ConfigurationException e) {
            refused.add(exchange.place() + ": " + e.getMessage());
        }
    }

    private SyncSource open(String room) {
        return sources.computeIfAbsent(
                room,
                id -> opener.apply(
                        "http://driftdb.invalid/" + (id.isEmpty() ? "" : "room/" + id),
                        connection -> accept(connection, id)));
    }

    /** A request of one of our sources. */
    private void accept(SimulatedConnection connection, String room) {
        Message body = body(connection);
        for (Made one : made.values()) {
            boolean isFree = one.ours == null && !one.future.isDone();
            boolean isForRoom = room.isEmpty() == (one.body == null);
            if (isFree && isForRoom && ApiRequest.is(one.exchange, one.body, connection.http(), body)) {
                one.ours = connection;
                return;
            }
        }
        answer(connection, rooms);
    }

    static @Nullable Message body(SimulatedConnection connection) {
        byte[] body = connection.http().body();
        return body == null ? null : Message.read(false, body);
    }

    /** What a faithful server says to a request that the recording does not have. */
    static void answer(SimulatedConnection connection, Rooms rooms) {
        String path = String.valueOf(connection.http().uri().getPath());
        String room = Conversation.room(path);
        byte[] description = rooms.description(room);
        Message message = body(connection);
        byte[] answer = connection.http().method().equals("GET")
                ? description
                : description == null || message == null ? null : rooms.answer(room, message);
        if (description != null && answer == null) {
            return;
        }
        connection.head(description == null ? 404 : 200, Map.of("content-type", "application/json"));
        if (answer != null) {
            connection.body(answer);
        }
        connection.complete();
    }

    /** Whether our request for it is there. */
    boolean isAsked(String id) {
        Made one = made.get(id);
        return one != null && one.ours != null;
    }

    /** Whether our request for it never will be there. */
    boolean isDead(String id) {
        Made one = made.get(id);
        return one == null || (one.ours == null && one.future.isDone());
    }

    /** The recorded answer goes to ours. */
    void answer(String id) {
        Made one = Objects.requireNonNull(made.get(id));
        SimulatedConnection ours = Objects.requireNonNull(one.ours);
        RecordedResponse response = Objects.requireNonNull(one.exchange.response());
        ours.head(response.status(), Map.of("content-type", "application/json"));
        ours.body(mapped(response, ours));
        ours.complete();
    }

    /** With the nonce of ours. */
    private static byte[] mapped(RecordedResponse response, SimulatedConnection ours) {
        Message answer = Message.read(false, response.body());
        Message asked = body(ours);
        boolean isPong = answer != null && asked != null && answer.is("pong");
        return isPong
                ? Message.pong(false, Objects.requireNonNull(asked).members().get("nonce"))
                        .bytes()
                : response.body();
    }

    /** What our API refused, or cannot say. */
    List<String> refused() {
        return refused;
    }

    /** The first answer that did not become its typed result or error; null when there is none. */
    @Nullable
    String difference() {
        for (Made one : made.values()) {
            RecordedResponse response = one.exchange.response();
            boolean wasGood = response != null && response.status() == 200;
            if (one.ours != null && response != null && one.future.isCompletedExceptionally() == wasGood) {
                return one.exchange.place() + " was answered by status " + response.status() + ", but ours "
                        + (wasGood ? "failed" : "succeeded");
            }
            if (one.ours != null && response != null && !one.future.isDone()) {
                return one.exchange.place() + " was answered, but ours does not end";
            }
        }
        return null;
    }

    @Override
    public void close() {
        sources.values().forEach(SyncSource::close);
    }
}
