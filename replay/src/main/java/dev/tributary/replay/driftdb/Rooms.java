package dev.tributary.replay.driftdb;

import dev.tributary.replay.driftdb.Message.Stored;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rooms of a recording as they are at its present place, and what a faithful server answers to what it lacks. */
final class Rooms {

    private final Conversation conversation;
    private final Map<String, RoomModel> models = new HashMap<>();
    private final Set<String> lost = new HashSet<>();

    Rooms(Conversation conversation) {
        this.conversation = conversation;
    }

    /** Somebody wrote. */
    void write(Line line) {
        Message push = line.message();
        if (push != null && (line.number() != 0 || push.action().equals("compact"))) {
            model(line.room()).apply(push, line.number());
        }
    }

    private RoomModel model(String room) {
        return models.computeIfAbsent(room, id -> new RoomModel());
    }

    /** The server does not know the room any more. */
    void lose(String room) {
        lost.add(room);
    }

    /** What the server says of a room; null when it does not know it. */
    byte @Nullable [] description(String room) {
        String description = lost.contains(room) ? null : conversation.description(room);
        return description == null ? null : description.getBytes(StandardCharsets.UTF_8);
    }

    /** The answer to a message over HTTP; null when the recording implies none. */
    byte @Nullable [] answer(String room, Message message) {
        if (message.is("get")) {
            return Message.init(false, message.key(), model(room).above(message.key(), message.number("seq")))
                    .bytes();
        }
        return message.is("ping")
                ? Message.pong(false, message.members().get("nonce")).bytes()
                : null;
    }

    /**
     * The recorded answer to a get, for one that asked above another number.
     *
     * @param recordedAbove the number that the recorded client asked above
     * @param above the number that ours asked above
     */
    Message init(Line line, Message recorded, long recordedAbove, long above) {
        List<Stored> entries = new ArrayList<>();
        for (Stored entry : model(line.room()).above(recorded.key(), above)) {
            if (Long.compareUnsigned(entry.number(), recordedAbove) <= 0) {
                entries.add(entry);
            }
        }
        for (Stored entry : recorded.entries()) {
            if (Long.compareUnsigned(entry.number(), above) > 0) {
                entries.add(entry);
            }
        }
        return Message.init(recorded.isCbor(), recorded.key(), entries);
    }
}
