package dev.tributary.replay.driftdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers to pings of ours: each behind all that earlier messages of its connection caused on it, as the server keeps it.
 */
final class Pongs {

    private record Waiting(Set<Integer> echoes, Runnable answer) {}

    private final Map<String, Set<Integer>> owed = new HashMap<>();
    private final Map<String, List<Waiting>> waiting = new HashMap<>();

    /** A push left; this line holds its echo. */
    void owes(String connection, int line) {
        if (line != 0) {
            owed.computeIfAbsent(connection, id -> new HashSet<>()).add(line);
        }
    }

    /** A ping came; the answer goes out as soon as it may. */
    void asked(String connection, Runnable answer) {
        Set<Integer> echoes = Set.copyOf(owed.getOrDefault(connection, Set.of()));
        waiting.computeIfAbsent(connection, id -> new ArrayList<>()).add(new Waiting(echoes, answer));
        release(connection);
    }

    /** A frame was delivered. */
    void delivered(String connection, int line) {
        Set<Integer> lines = owed.get(connection);
        if (lines != null && lines.remove(line)) {
            release(connection);
        }
    }

    private void release(String connection) {
        Set<Integer> still = owed.getOrDefault(connection, Set.of());
        for (Iterator<Waiting> all = waiting.getOrDefault(connection, List.of()).iterator(); all.hasNext(); ) {
            Waiting next = all.next();
            if (next.echoes().stream().anyMatch(still::contains)) {
                return;
            }
            all.remove();
            next.answer().run();
        }
    }
}
