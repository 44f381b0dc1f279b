package dev.tributary.spi;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Offers the nearest known name for one that is not known, so that every message about names does it the same way. */
public final class Nearest {

    private Nearest() {}

    /** The known name with the fewest edits, if it is near at all. */
    public static Optional<String> to(String wrong, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(name -> distance(wrong, name)))
                .filter(name -> distance(wrong, name) <= Math.max(2, wrong.length() / 3));
    }

    /** {@code "; did you mean 'x'?"}, or what there is when nothing is near. */
    public static String hint(String wrong, Collection<String> known) {
        return to(wrong, known)
                .map(name -> "; did you mean '" + name + "'?")
                .orElseGet(() -> "; known are " + known.stream().sorted().toList());
    }

    /** How many letters must be added, dropped or replaced. */
    private static int distance(String a, String b) {
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
            }
            last = row;
        }
        return last[b.length()];
    }
}
