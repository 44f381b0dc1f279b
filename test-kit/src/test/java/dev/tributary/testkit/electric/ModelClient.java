package dev.tributary.testkit.electric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A model on its own clock together with a client that follows one shape. */
final class ModelClient {

    long now = 1_795_227_043_000L;
    final ElectricModel model;
    String shape = "";
    String handle = "";
    String offset = "";

    ModelClient(ModelOptions options) {
        model = new ElectricModel(options, () -> now, new SplittableRandom(7));
    }

    /** A request that must be answered at once. */
    ModelResponse get(String query) {
        AtomicReference<@Nullable ModelResponse> response = new AtomicReference<>();
        model.request(ModelRequest.get("/v1/shape?" + query), response::set);
        ModelResponse answer = response.get();
        assertNotNull(answer, () -> "held: " + query);
        return answer;
    }

    /** A request that must be held; the reply arrives in the reference. */
    AtomicReference<@Nullable ModelResponse> hold(String query) {
        AtomicReference<@Nullable ModelResponse> response = new AtomicReference<>();
        model.request(ModelRequest.get("/v1/shape?" + query), response::set);
        assertNull(response.get(), () -> "answered: " + query);
        return response;
    }

    ModelResponse send(String method, String target, Map<String, String> headers, String body) {
        AtomicReference<@Nullable ModelResponse> response = new AtomicReference<>();
        model.request(ModelRequest.of(method, target, headers, body.getBytes(StandardCharsets.UTF_8)), response::set);
        ModelResponse answer = response.get();
        assertNotNull(answer);
        return answer;
    }

    /** Reads a shape up to its end. */
    void follow(String query) {
        shape = query;
        ModelResponse answer = adopt(get(query + "&offset=-1"));
        while (answer.header("electric-up-to-date") == null) {
            answer = adopt(get(position()));
        }
    }

    String position() {
        return shape + "&handle=" + handle + "&offset=" + offset;
    }

    AtomicReference<@Nullable ModelResponse> poll() {
        return hold(position() + "&live=true");
    }

    /** Holds a poll, commits, and returns what the poll was answered. */
    ModelResponse pollThrough(Consumer<Transaction> work) {
        AtomicReference<@Nullable ModelResponse> poll = poll();
        model.commit(work);
        ModelResponse answer = poll.get();
        assertNotNull(answer, "the commit did not end the poll");
        return adopt(answer);
    }

    void advance(long millis) {
        now += millis;
        model.tick();
    }

    /** A body with everything that varies from run to run replaced. */
    static String plain(ModelResponse response) {
        return response.bodyText()
                .replaceAll("\"(lsn|global_last_seen_lsn)\":\"\\d+\"", "\"$1\":\"L\"")
                .replaceAll("\"txids\":\\[\\d+\\]", "\"txids\":[T]")
                .replaceAll("\"(xmin|xmax)\":\"\\d+\"", "\"$1\":\"X\"");
    }

    private ModelResponse adopt(ModelResponse answer) {
        assertEquals(200, answer.status(), answer::bodyText);
        handle = Objects.requireNonNull(answer.header("electric-handle"));
        offset = Objects.requireNonNull(answer.header("electric-offset"));
        return answer;
    }
}
