package dev.tributary.testkit.driftdb;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A believable room and a repeatable stream of pushes to it: {@code slider} holds a latest value, {@code chat} is a log
 * that is folded from time to time, {@code cursors} is only relayed.
 */
public final class DriftDbSampleData {

    private static final List<String> NAMES = List.of("Ada", "Björn", "Chidi", "Dana", "Émile", "Fumiko");
    private static final List<String> WORDS =
            List.of("Hello", "who has the plan?", "done", "see you at ten", "café or tea?", "it works now");
    private static final int MOST_CHAT = 200;
    private static final int KEPT_CHAT = 50;
    private static final int SCREEN = 1_000;

    private final SplittableRandom random;

    /** A source of data that depends on the seed alone. */
    public DriftDbSampleData(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Creates the room with so many entries in its log. */
    public DriftDbRoom create(DriftDbModel model, String id, int entries) {
        DriftDbRoom room = model.createRoom(id);
        room.replace("slider", "50");
        for (int i = 0; i < entries; i++) {
            room.append("chat", chat());
        }
        return room;
    }

    /** One push of another client. */
    public void step(DriftDbRoom room) {
        int dice = random.nextInt(10);
        if (dice < 4) {
            room.replace("slider", String.valueOf(random.nextInt(101)));
        } else if (dice < 8) {
            room.append("chat", chat());
            fold(room);
        } else {
            room.relay(
                    "cursors",
                    "{\"who\":\"" + pick(NAMES) + "\",\"x\":" + random.nextInt(SCREEN) + ",\"y\":"
                            + random.nextInt(SCREEN) + "}");
        }
    }

    private void fold(DriftDbRoom room) {
        List<DriftDbEntry> chat = room.entries("chat");
        if (chat.size() > MOST_CHAT) {
            int folded = chat.size() - KEPT_CHAT;
            room.compact("chat", chat.get(folded - 1).seq(), "{\"folded\":" + folded + "}");
        }
    }

    private String chat() {
        return "{\"from\":\"" + pick(NAMES) + "\",\"text\":\"" + pick(WORDS) + "\"}";
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
