package dev.tributary.replay.electric;

import dev.tributary.SyncException;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.RecordedResponse;
import dev.tributary.spi.Ending;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a protocol took an answer as it should: a good one leads on, any other gives the typed error that fits. */
final class DecoderVerdict {

    private DecoderVerdict() {}

    /** What is wrong with how an answer was taken; null when nothing is. */
    static @Nullable String problem(RecordedResponse response, DecoderClient client, boolean fromStart) {
        Ending ending = client.ending();
        int status = response.status();
        if (response.isGood() && !isReadable(response)) {
            // A page of a proxy, say: nothing to be had from it but an error, at the latest when it is over.
            return ending == null ? "gave no error, although it is no answer" : typed(ending.reason());
        }
        if (response.isGood()) {
            if (ending != null) {
                return "ended the session: " + ending.kind() + " " + ending.reason();
            }
            return client.waiting().isEmpty() && !client.isUpToDate() ? "led nowhere" : null;
        }
        if (client.refusal() != null) {
            return typed(client.refusal());
        }
        if (ending == null) {
            // A log that is gone may be dealt with on the spot: the protocol starts over.
            boolean isGone = status == 409 || (status == 400 && !fromStart);
            return isGone && startsOver(client) ? null : "gave neither rows nor an error";
        }
        Set<Ending.Kind> fitting = fitting(status);
        if (!fitting.contains(ending.kind())) {
            return "ended with " + ending.kind() + ", which does not fit: " + ending.reason();
        }
        return typed(ending.reason());
    }

    /** Whether it is what a server of this protocol answers. */
    private static boolean isReadable(RecordedResponse response) {
        if (response.header("electric-handle") == null || response.header("electric-offset") == null) {
            return false;
        }
        String body = new String(response.body(), StandardCharsets.UTF_8);
        try {
            return body.isBlank() || Json.parse(body) instanceof List<?>;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean startsOver(DecoderClient client) {
        return client.waiting().stream()
                .anyMatch(wire -> ElectricAnswer.request(wire.http()).isFromStart());
    }

    private static Set<Ending.Kind> fitting(int status) {
        return switch (status) {
            case 400 -> Set.of(Ending.Kind.REJECTED, Ending.Kind.RESET);
            case 401, 403 -> Set.of(Ending.Kind.REAUTHENTICATE, Ending.Kind.REJECTED);
            case 404, 410 -> Set.of(Ending.Kind.REJECTED, Ending.Kind.GONE);
            case 409 -> Set.of(Ending.Kind.RESET);
            case 429 -> Set.of(Ending.Kind.RETRY);
            default ->
                status >= 400 && status < 500
                        ? Set.of(Ending.Kind.REJECTED, Ending.Kind.GONE, Ending.Kind.RETRY)
                        : Set.of(Ending.Kind.RETRY, Ending.Kind.FALL_BACK);
        };
    }

    private static @Nullable String typed(@Nullable Throwable reason) {
        return reason instanceof SyncException
                        && reason.getMessage() != null
                        && !reason.getMessage().isBlank()
                ? null
                : "gave no typed error with a message: " + reason;
    }
}
