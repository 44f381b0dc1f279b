package dev.tributary.driftdb;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One message between two peers that set a WebRTC connection up, as the official JavaScript client writes it. */
public sealed interface Signal {

    /** A session description that is offered. */
    record Offer(String sdp) implements Signal {}

    /** A session description in answer to an offer. */
    record Answer(String sdp) implements Signal {}

    /** A way to reach the peer; null for the end of them. */
    record Candidate(@Nullable Object candidate) implements Signal {}

    /** As it is pushed. */
    default Map<String, @Nullable Object> toValue() {
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        if (this instanceof Offer offer) {
            value.put("type", "offer");
            value.put("sdp", offer.sdp());
        } else if (this instanceof Answer answer) {
            value.put("type", "answer");
            value.put("sdp", answer.sdp());
        } else if (this instanceof Candidate candidate) {
            value.put("type", "candidate");
            value.put("candidate", candidate.candidate());
        }
        return value;
    }

    /** The signal that a value is; null when it is none. */
    static @Nullable Signal of(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map) || !(map.get("type") instanceof String type)) {
            return null;
        }
        return switch (type) {
            case "offer" -> map.get("sdp") instanceof String sdp ? new Offer(sdp) : null;
            case "answer" -> map.get("sdp") instanceof String sdp ? new Answer(sdp) : null;
            case "candidate" -> map.containsKey("candidate") ? new Candidate(map.get("candidate")) : null;
            default -> null;
        };
    }
}
