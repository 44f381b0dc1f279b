package dev.tributary.replay.driftdb;

import dev.tributary.Row;
import dev.tributary.driftdb.Passed;
import dev.tributary.replay.recording.Documents;
import dev.tributary.replay.recording.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one client of ours learned: every number with its first value, by key and room; sizes, errors and refusals as they
 * came.
 */
final class Learned {

    private final Map<String, Map<String, TreeMap<Long, @Nullable Object>>> byRoom = new LinkedHashMap<>();
    private final List<List<Object>> sizeNotices = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final Map<String, Long> refusedHandshakes = new LinkedHashMap<>();
    private String room = "";
    private String before = "";

    /** It goes on in another room. */
    void enters(String other) {
        if (!other.equals(room)) {
            before = room;
            room = other;
        }
    }

    String room() {
        return room;
    }

    private Map<String, TreeMap<Long, @Nullable Object>> log(String of) {
        return byRoom.computeIfAbsent(of, unknown -> new HashMap<>());
    }

    void number(String in, String key, long number, @Nullable Object value) {
        TreeMap<Long, @Nullable Object> entries =
                log(in).computeIfAbsent(key, unknown -> new TreeMap<>(Long::compareUnsigned));
        if (!entries.containsKey(number)) {
            entries.put(number, value);
        }
    }

    void row(String in, String key, Row row) {
        if (row.get("seq") instanceof Number number) {
            number(in, key, number.longValue(), row.get("value"));
        }
    }

    void event(String in, String key, Object event) {
        if (event instanceof Passed passed) {
            number(in, key, passed.entry().number(), passed.entry().value());
        }
    }

    void size(String key, long size) {
        sizeNotices.add(List.of(key, size));
    }

    void error(String connection) {
        if (!errors.contains(connection)) {
            errors.add(connection);
        }
    }

    void refused(String connection, long status) {
        refusedHandshakes.put(connection, status);
    }

    /** Those that the recorded frames did not tell, as {@code key number}; null when there is none. */
    @Nullable
    String repaired(Conversation conversation, String client) {
        for (Map.Entry<String, TreeMap<Long, @Nullable Object>> stream :
                log(room).entrySet()) {
            long floor = conversation.floor(client, room, stream.getKey());
            for (long number : stream.getValue().keySet()) {
                boolean told = conversation.told(client, room, stream.getKey()).contains(number);
                if (!told && Long.compareUnsigned(number, floor) > 0) {
                    return "our client " + client + " learned of number " + Long.toUnsignedString(number) + " of "
                            + stream.getKey() + " by a repair; no recorded frame told the recorded one";
                }
            }
        }
        return null;
    }

    /**
     * Compares a member of {@code final}.
     *
     * @param reduced what reducers came to, by key
     * @return the first difference, or null
     */
    @Nullable
    String difference(
            String member,
            @Nullable Object expected,
            Map<String, BigDecimal> reduced,
            Conversation conversation,
            String client) {
        return switch (member) {
            case "log" -> log(expected, room, conversation, client);
            case "before_loss" -> log(expected, before, conversation, client);
            case "reduced" -> reduced(expected, reduced);
            case "size_notices" -> Documents.difference(expected, sizeNotices);
            case "sizes" -> sizes(expected);
            case "errors" -> Documents.difference(expected, errors);
            case "refused_handshakes" -> Documents.difference(expected, refusedHandshakes);
            case "connections" -> null;
            default -> "the replayer does not know how to compare it";
        };
    }

    private @Nullable String log(@Nullable Object expected, String of, Conversation conversation, String client) {
        for (Map.Entry<String, @Nullable Object> stream : Json.members(expected).entrySet()) {
            String key = stream.getKey();
            long floor = conversation.floor(client, of, key);
            List<Object> held = new ArrayList<>();
            List<Object> wanted = new ArrayList<>();
            TreeMap<Long, @Nullable Object> entries = log(of).getOrDefault(key, new TreeMap<>());
            for (Object pair : Json.elements(stream.getValue())) {
                wanted.add(pair);
            }
            entries.forEach((number, value) -> {
                if (Long.compareUnsigned(number, floor) > 0 || isWanted(wanted, number)) {
                    List<@Nullable Object> pair = new ArrayList<>();
                    pair.add(new BigInteger(Long.toUnsignedString(number)));
                    pair.add(value instanceof byte[] bytes ? numbers(bytes) : value);
                    held.add(pair);
                }
            });
            String difference = entry(wanted, held);
            if (difference != null) {
                return key + ": " + difference;
            }
        }
        return null;
    }

    private static boolean isWanted(List<Object> wanted, long number) {
        return wanted.stream()
                .map(Json::elements)
                .anyMatch(pair -> pair.get(0) instanceof BigDecimal one && one.longValue() == number);
    }

    private static List<Long> numbers(byte[] bytes) {
        List<Long> numbers = new ArrayList<>();
        for (byte one : bytes) {
            numbers.add((long) (one & 0xff));
        }
        return numbers;
    }

    private static @Nullable String entry(List<Object> wanted, List<Object> held) {
        for (int i = 0; i < Math.max(wanted.size(), held.size()); i++) {
            if (i >= held.size()) {
                return Documents.shown(wanted.get(i)) + " is missing";
            }
            if (i >= wanted.size()) {
                return Documents.shown(held.get(i)) + " is held, but not expected";
            }
            if (Documents.difference(wanted.get(i), held.get(i)) != null) {
                return "entry " + i + " is " + Documents.shown(held.get(i)) + ", expected is "
                        + Documents.shown(wanted.get(i));
            }
        }
        return null;
    }

    private static @Nullable String reduced(@Nullable Object expected, Map<String, BigDecimal> reduced) {
        for (Map.Entry<String, @Nullable Object> entry : Json.members(expected).entrySet()) {
            BigDecimal held = reduced.get(entry.getKey());
            if (held == null || !(entry.getValue() instanceof BigDecimal wanted) || held.compareTo(wanted) != 0) {
                return entry.getKey() + " is " + held + ", expected is " + entry.getValue();
            }
        }
        return null;
    }

    private @Nullable String sizes(@Nullable Object expected) {
        Map<String, List<Object>> byKey = new LinkedHashMap<>();
        sizeNotices.forEach(notice -> byKey.computeIfAbsent(String.valueOf(notice.get(0)), key -> new ArrayList<>())
                .add(notice.get(1)));
        return Documents.difference(expected, byKey);
    }
}
