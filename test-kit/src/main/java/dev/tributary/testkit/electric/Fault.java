package dev.tributary.testkit.electric;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong with one request. Some faults take the place of the answer as soon as the request arrives,
 * the others spoil the true answer when it is ready. A fault that does not fit (nothing stale to replay, no operation to
 * lose) is not used up.
 */
public final class Fault {

    private final boolean onArrival;
    private final Function<FaultContext, @Nullable ModelResponse> action;

    private Fault(boolean onArrival, Function<FaultContext, @Nullable ModelResponse> action) {
        this.onArrival = onArrival;
        this.action = action;
    }

    /** Any response instead of the answer: a proxy's 502, a login page, a redirect ... */
    public static Fault status(int status, Map<String, String> headers, String body) {
        List<Header> list = new ArrayList<>();
        headers.forEach((name, value) -> list.add(new Header(name, value)));
        return respond(ModelResponse.of(status, list, body));
    }

    /** A bare status with an error body in JSON. */
    public static Fault status(int status) {
        return status(status, Map.of("content-type", "application/json"), "{\"error\":\"status " + status + "\"}");
    }

    /** 503 with {@code retry-after}. */
    public static Fault unavailable(String retryAfter) {
        return new Fault(
                true,
                c -> c.responder()
                        .message(c.request(), 503, "Service is temporarily unavailable")
                        .withHeader("retry-after", retryAfter));
    }

    /** 200 with a web page, as a captive portal or login proxy answers. */
    public static Fault html() {
        return status(200, Map.of("content-type", "text/html"), "<html><body>Please log in</body></html>");
    }

    /** 302 to another address. */
    public static Fault redirect(String location) {
        return status(302, Map.of("location", location), "");
    }

    /** The given response instead of the answer. */
    public static Fault respond(ModelResponse response) {
        return new Fault(true, c -> response);
    }

    /** 204 with the handle and offset of the request, as old servers said "caught up". */
    public static Fault noContent() {
        return new Fault(true, c -> {
            ModelResponse bare = new ModelResponse(204, List.of(), List.of(), false, null);
            String handle = c.request().parameter("handle");
            String offset = c.request().parameter("offset");
            bare = handle == null ? bare : bare.withHeader("electric-handle", handle);
            bare = offset == null ? bare : bare.withHeader("electric-offset", offset);
            return c.request().isLive() ? bare.withHeader("electric-cursor", "1") : bare;
        });
    }

    /** 409 without a handle. */
    public static Fault mustRefetch() {
        return new Fault(true, c -> c.responder().mustRefetch(c.request(), null));
    }

    /** 409 with a handle. */
    public static Fault mustRefetch(String handle) {
        return new Fault(true, c -> c.responder().mustRefetch(c.request(), handle));
    }

    /** 409 with the very handle the request carries; fits only requests that carry one. */
    public static Fault mustRefetchSameHandle() {
        return new Fault(true, c -> {
            String handle = c.request().parameter("handle");
            return handle == null ? null : c.responder().mustRefetch(c.request(), handle);
        });
    }

    /** Replays an answer of a handle that is dead by now, as a stale cache does. */
    public static Fault stale() {
        return new Fault(true, c -> c.history().stale(c.request(), c.alive()));
    }

    /** Replays the previous answer given for the same shape. */
    public static Fault duplicate() {
        return new Fault(true, c -> c.history().previous(c.request()));
    }

    /** The answer without some headers. */
    public static Fault withoutHeaders(String... names) {
        return spoil(answer -> answer.without(names));
    }

    /** The answer with a header set to another value. */
    public static Fault header(String name, String value) {
        return spoil(answer -> answer.withHeader(name, value));
    }

    /** The answer with another body. */
    public static Fault body(String body) {
        return spoil(answer -> answer.withBody(body));
    }

    /** Any other change to the answer; null when it does not fit. */
    public static Fault spoil(Function<ModelResponse, @Nullable ModelResponse> change) {
        return new Fault(false, c -> c.answer() == null ? null : change.apply(c.answer()));
    }

    /** The answer, damaged on the wire. */
    public static Fault wire(WireFault fault) {
        return spoil(answer -> answer.with(fault));
    }

    /** The connection breaks before the request is answered; fires when the request arrives. */
    public static Fault reset() {
        return respond(new ModelResponse(500, List.of(), List.of(), false, new WireFault.ResetBeforeHeaders()));
    }

    /**
     * The incompleteness seen on real servers (O1): the last operations with an LSN are missing from the body while
     * {@code electric-offset} and {@code up-to-date} stay beyond them. Fits only up-to-date answers with such operations.
     */
    public static Fault incomplete(int lostOperations) {
        return spoil(answer -> {
            if (answer.header("electric-up-to-date") == null || answer.status() != 200) {
                return null;
            }
            List<String> messages = new ArrayList<>(MessageList.of(answer.bodyText()));
            int lost = 0;
            for (int i = messages.size() - 1; i >= 0 && lost < lostOperations; i--) {
                if (messages.get(i).contains("\"lsn\":\"")) {
                    messages.remove(i);
                    lost++;
                }
            }
            return lost == 0 ? null : answer.withBody("[" + String.join(",", messages) + "]");
        });
    }

    boolean onArrival() {
        return onArrival;
    }

    @Nullable
    ModelResponse apply(FaultContext context) {
        return action.apply(context);
    }
}
