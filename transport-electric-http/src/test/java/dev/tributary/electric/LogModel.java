package dev.tributary.electric;

import dev.tributary.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A small server of one table: rows, a log of transactions, chunks of random size, and a handle that may die. */
final class LogModel {

    private record Entry(long lsn, long position, String message) {

        String offset() {
            return lsn + "_" + position;
        }
    }

    private final Random random;
    private final Map<Integer, String> rows = new TreeMap<>();
    private final Set<String> states = new HashSet<>();
    private Map<Integer, String> snapshot;
    private final List<Entry> log = new ArrayList<>();
    private long lsn = 100;
    private int generation = 1;
    private int cursor;

    LogModel(Random random) {
        this.random = random;
        for (int i = 0; i < 5; i++) {
            rows.put(i, "v" + i);
        }
        snapshot = Map.copyOf(rows);
        states.add(rows.toString());
    }

    Map<Object, String> rows() {
        return new LinkedHashMap<>(rows);
    }

    /** Everything that was ever committed. */
    Set<String> states() {
        return states;
    }

    static String text(List<Row> seen) {
        Map<Object, String> sorted = new TreeMap<>();
        seen.forEach(row -> sorted.put((Integer) row.get("id"), row.getString("v")));
        return sorted.toString();
    }

    void transaction() {
        lsn += 10;
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            int id = random.nextInt(12);
            String value = "x" + random.nextInt(1000);
            String operation;
            if (!rows.containsKey(id)) {
                operation = "insert";
                rows.put(id, value);
            } else if (random.nextBoolean()) {
                operation = "update";
                rows.put(id, value);
            } else {
                operation = "delete";
                rows.remove(id);
            }
            log.add(new Entry(lsn, i * 2L, Reply.change(operation, id, value, lsn, i * 2L)));
        }
        states.add(rows.toString());
    }

    /** The log is gone; the next one begins with what is there now. */
    void rotate() {
        generation++;
        snapshot = Map.copyOf(rows);
        log.clear();
    }

    private String handle() {
        return "g" + generation;
    }

    Reply answer(Map<String, String> asked) {
        return answer(asked, 0);
    }

    /** The same answer with some of its last changes gone, as a faulty server gives it. */
    Reply losingItsEnd(Map<String, String> asked) {
        return answer(asked, 1 + random.nextInt(6));
    }

    private Reply answer(Map<String, String> asked, int lost) {
        String offset = asked.get("offset");
        if (offset.equals("-1")) {
            List<String> messages = new ArrayList<>();
            snapshot.forEach((id, value) -> messages.add(Reply.row(id, value)));
            messages.add(Reply.SNAPSHOT_END);
            return Reply.caughtUp(handle(), "0_0", messages.toArray(new String[0]));
        }
        if (!handle().equals(asked.get("handle"))) {
            return Reply.status(409).with("electric-handle", handle());
        }
        int from = 0;
        while (from < log.size() && !isAfter(log.get(from), offset)) {
            from++;
        }
        int to = Math.min(log.size(), from + 1 + random.nextInt(10));
        List<String> messages = new ArrayList<>();
        log.subList(from, Math.max(from, to - lost)).forEach(entry -> messages.add(entry.message()));
        boolean upToDate = to == log.size();
        if (upToDate) {
            messages.add(Reply.UP_TO_DATE);
        }
        String next = from < to
                ? log.get(to - 1).offset()
                : log.isEmpty() ? "0_inf" : log.get(to - 1).offset();
        String[] body = messages.toArray(new String[0]);
        return "true".equals(asked.get("live"))
                ? Reply.live(handle(), next, "c" + cursor++, body)
                : Reply.caughtUp(handle(), next, body);
    }

    private static boolean isAfter(Entry entry, String offset) {
        String[] parts = offset.split("_");
        long asked = Long.parseLong(parts[0]);
        if (asked == 0) {
            return true;
        }
        return entry.lsn() > asked || (entry.lsn() == asked && entry.position() > Long.parseLong(parts[1]));
    }
}
