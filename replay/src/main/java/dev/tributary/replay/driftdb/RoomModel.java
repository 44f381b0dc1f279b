package dev.tributary.replay.driftdb;

import dev.tributary.replay.driftdb.Message.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a room retains, by the writes of the recording: for requests of ours that the recording does not have. */
final class RoomModel {

    private final Map<String, List<Stored>> streams = new HashMap<>();

    /**
     * @param number that the server gave to it; of no meaning for a compact
     */
    void apply(Message push, long number) {
        List<Stored> stream = streams.computeIfAbsent(push.key(), key -> new ArrayList<>());
        switch (push.action()) {
            case "append" -> stream.add(new Stored(number, push.value()));
            case "replace" -> {
                stream.clear();
                stream.add(new Stored(number, push.value()));
            }
            case "compact" -> {
                stream.removeIf(entry -> Long.compareUnsigned(entry.number(), push.foldedTo()) <= 0);
                stream.add(0, new Stored(push.foldedTo(), push.value()));
            }
            default -> {}
        }
    }

    /** The retained entries above a number. */
    List<Stored> above(String key, long number) {
        return streams.getOrDefault(key, List.of()).stream()
                .filter(entry -> Long.compareUnsigned(entry.number(), number) > 0)
                .toList();
    }
}
