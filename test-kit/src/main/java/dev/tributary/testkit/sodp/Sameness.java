package dev.tributary.testkit.sodp;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether two values are equal for a server. An integer is no float; 0.0 is -0.0. Depth costs no stack. */
final class Sameness {

    private Sameness() {}

    static boolean same(@Nullable Object first, @Nullable Object second) {
        Deque<Pair> open = new ArrayDeque<>();
        open.push(new Pair(first, second));
        while (!open.isEmpty()) {
            Pair pair = open.pop();
            if (!pair.holds(open)) {
                return false;
            }
        }
        return true;
    }

    private record Pair(@Nullable Object first, @Nullable Object second) {

        @SuppressWarnings("ReferenceEquality") // shared structure is skipped without a look
        boolean holds(Deque<Pair> open) {
            if (first == second) {
                return true;
            }
            if (first instanceof Map<?, ?> left && second instanceof Map<?, ?> right) {
                if (!left.keySet().equals(right.keySet())) {
                    return false;
                }
                left.forEach((name, value) -> open.push(new Pair(value, right.get(name))));
                return true;
            }
            if (first instanceof List<?> left && second instanceof List<?> right) {
                if (left.size() != right.size()) {
                    return false;
                }
                for (int i = 0; i < left.size(); i++) {
                    open.push(new Pair(left.get(i), right.get(i)));
                }
                return true;
            }
            if (first instanceof Double left && second instanceof Double right) {
                return left.doubleValue() == right.doubleValue() || left.equals(right);
            }
            if (first instanceof byte[] left && second instanceof byte[] right) {
                return Arrays.equals(left, right);
            }
            return Objects.equals(first, second);
        }
    }
}
