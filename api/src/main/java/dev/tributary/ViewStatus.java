package dev.tributary;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a view is doing at one instant. Immutable; {@link #toString} is one line to show to people.
 *
 * @param phase where the view stands
 * @param since when the phase began
 * @param reason why it is stale or failed, or why loading takes long; null otherwise
 * @param condition what the transport says beside the phase, for example that a value is no object; null for nothing
 * @param rows rows received so far while loading
 * @param bytes bytes received so far while loading
 * @param fraction how much of the load is done, from 0 to 1, or NaN where the protocol does not say
 * @param verified whether nothing that is shown can miss a change that the server sent and the network, or the server
 *     itself, lost: always true where the transport is {@link Capability#LOSSLESS}; see {@link Snapshot#isVerified}
 * @param verifiedUpTo the place up to which the content is known to be whole, as the transport spells it; null where the
 *     transport does not say
 */
public record ViewStatus(
        Phase phase,
        Instant since,
        @Nullable Throwable reason,
        @Nullable String condition,
        long rows,
        long bytes,
        double fraction,
        boolean verified,
        @Nullable String verifiedUpTo) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    public ViewStatus {
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(since, "since");
    }

    /** One line for people: {@code loading 41 %}, {@code live}, {@code stale since 12:03:11 (connection reset)}. */
    @Override
    public String toString() {
        String text = switch (phase) {
            case LOADING ->
                (Double.isNaN(fraction) ? "loading " + rows + " rows" : "loading " + Math.round(fraction * 100) + " %")
                        + because();
            case LIVE -> "live" + completeness();
            case STALE -> "stale since " + TIME.format(since.atZone(ZoneId.systemDefault())) + because();
            case FAILED -> "failed" + because();
            case CLOSED -> "closed";
        };
        return condition == null ? text : text + "; " + condition;
    }

    private String completeness() {
        if (verifiedUpTo == null) {
            return verified ? "" : ", not verified";
        }
        return ", verified up to " + verifiedUpTo + (verified ? "" : ", newer changes are not");
    }

    private String because() {
        return reason == null ? "" : " (" + SyncException.textOf(reason) + ")";
    }
}
