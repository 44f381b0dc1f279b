package dev.tributary.electric;

import dev.tributary.ConnectionException;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What to do about answers that are errors. */
final class Refusals {

    /** So often in a row the application is asked what to do about refusals. */
    static final int MAX_ASKED = 50;

    private static final Set<String> PRIVATE_HEADERS =
            Set.of("set-cookie", "set-cookie2", "cookie", "authorization", "proxy-authorization", "www-authenticate");

    private final ShapeQuery query;
    private final ShapeState state;
    private final boolean authenticated;
    private final boolean hooked;

    /**
     * @param authenticated whether the application gave credentials, which may be better the next time
     * @param hooked whether it wants to hear of every refusal
     */
    Refusals(ShapeQuery query, ShapeState state, boolean authenticated, boolean hooked) {
        this.query = query;
        this.state = state;
        this.authenticated = authenticated;
        this.hooked = hooked;
    }

    /** An answer that is no good, with its body as far as it came. */
    Step error(Exchange exchange, Output out) {
        ElectricException error = exception(exchange);
        int status = error.status();
        if (status == 429 || status < 400 || status >= 500) {
            Duration wait = exchange.rawHead().retryAfter(out.now());
            return Step.end(Ending.retry(new ConnectionException(String.valueOf(error.getMessage()), error), wait));
        }
        if (isOutOfBounds(error) && !exchange.asked().position().isStart()) {
            state.restart(query, null);
            return Step.anew(String.valueOf(error.getMessage()));
        }
        return refuse(error);
    }

    private static boolean isOutOfBounds(ElectricException error) {
        return error.status() == 400 && error.body().contains("out of bounds for this shape");
    }

    /** A refusal: the application may know what to do about it; then the sync goes on from the same place. */
    Step refuse(ElectricException error) {
        boolean credentials = authenticated && (error.status() == 401 || error.status() == 403);
        if ((!hooked && !credentials) || state.refusals >= MAX_ASKED) {
            return Step.end(Ending.rejected(error));
        }
        state.refusals++;
        state.refusal = error;
        state.fastLoop.forget();
        return Step.end(Ending.reauthenticate(error));
    }

    /** Asking again would end the same way, whatever the application thinks. */
    Step missingHeaders(List<String> missing, Exchange exchange) {
        String message = query.shown() + ": the answer of " + exchange.printable() + " lacks the headers "
                + String.join(", ", missing) + ". A proxy or CDN between most likely removes them or does not expose"
                + " them, or the address is not that of an Electric server";
        return Step.end(Ending.rejected(new ElectricException(
                message, exchange.head().status(), shown(exchange.rawHead()), "", exchange.printable())));
    }

    /** This client found out by itself that its requests lead nowhere. */
    ElectricException gaveUp(String why, String printable) {
        String message = query.shown() + ": " + why + " (" + printable
                + "). Check that a proxy or CDN between passes all query parameters on and takes all of them into its"
                + " cache key, and that it honours cache-control";
        return new ElectricException(message, 502, Map.of(), "", printable);
    }

    private ElectricException exception(Exchange exchange) {
        int status = exchange.head().status();
        String body = exchange.errorText();
        String said = ErrorText.of(body);
        String message = query.shown() + ": " + status + " from " + exchange.printable()
                + (said.isEmpty() ? "" : ": " + said) + hint(status);
        return new ElectricException(message, status, shown(exchange.rawHead()), body, exchange.printable());
    }

    private String hint(int status) {
        return switch (status) {
            case 401, 403 -> authenticated ? "" : "; give the source a token or a secret that is good here";
            case 404 -> "; there are no shapes at this address: a source URI without a path asks /v1/shape";
            case 414 -> "; the filter is too long for this server's address line";
            default -> "";
        };
    }

    private static Map<String, List<String>> shown(Head head) {
        Map<String, List<String>> headers = new TreeMap<>(head.headers());
        headers.keySet().removeAll(PRIVATE_HEADERS);
        return headers;
    }
}
