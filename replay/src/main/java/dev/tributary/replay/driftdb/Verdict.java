package dev.tributary.replay.driftdb;

import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.Transcript;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether all clients came to know what {@code final} says, by what the recording told and nothing else. */
final class Verdict {

    private Verdict() {}

    /**
     * @param learned by client
     * @param reduced what reducers came to, by client and key
     * @return the first difference, or null
     */
    static @Nullable String difference(
            Transcript transcript,
            Conversation conversation,
            Map<String, Learned> learned,
            Map<String, Map<String, BigDecimal>> reduced) {
        for (Map.Entry<String, Learned> entry : learned.entrySet()) {
            String repaired = entry.getValue().repaired(conversation, entry.getKey());
            if (repaired != null) {
                return repaired;
            }
        }
        Map<String, Map<String, @Nullable Object>> clients = Conversation.clients(transcript.finalState());
        for (Map.Entry<String, Map<String, @Nullable Object>> client : clients.entrySet()) {
            for (Object member : Json.elements(transcript.header().get("compare"))) {
                String name = String.valueOf(member);
                Learned ours = learned.get(client.getKey());
                if (!client.getValue().containsKey(name)) {
                    continue;
                }
                String difference = ours == null
                        ? "the client never came"
                        : ours.difference(
                                name,
                                client.getValue().get(name),
                                reduced.getOrDefault(client.getKey(), Map.of()),
                                conversation,
                                client.getKey());
                if (difference != null) {
                    return "final: client " + client.getKey() + ", " + name + ": " + difference;
                }
            }
        }
        return null;
    }
}
