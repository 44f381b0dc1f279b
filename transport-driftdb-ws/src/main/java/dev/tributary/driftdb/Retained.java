package dev.tributary.driftdb;

import java.util.List;

/** What can be told from the retained entries of a stream. */
final class Retained {

    private Retained() {}

    /** Whether there is an entry of this number or a higher one: a stream never loses its top but to something higher. */
    static boolean reaches(List<Entry> entries, long number) {
        for (Entry entry : entries) {
            if (Long.compareUnsigned(entry.number(), number) >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether entries that were read while messages came in tell what became of one of those messages: it is among them, or
     * a later one is, so that they were read after it.
     *
     * @param since the numbers of the messages that came since the reading began
     */
    static boolean decides(List<Entry> entries, Numbers since, Entry message) {
        return decides(entries, since, message.number());
    }

    static boolean decides(List<Entry> entries, Numbers since, long number) {
        for (Entry entry : entries) {
            if (entry.number() == number
                    || (Long.compareUnsigned(entry.number(), number) > 0 && since.contains(entry.number()))) {
                return true;
            }
        }
        return false;
    }

    /**
     * The numbers that messages have: a snapshot may have been given a number that no message has yet, and then stands
     * before entries with lower ones.
     */
    static void collectMessages(List<Entry> entries, Numbers into) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            boolean outOfOrder = i + 1 < entries.size()
                    && Long.compareUnsigned(entry.number(), entries.get(i + 1).number()) > 0;
            if (!outOfOrder) {
                into.add(entry.number());
            }
        }
    }
}
