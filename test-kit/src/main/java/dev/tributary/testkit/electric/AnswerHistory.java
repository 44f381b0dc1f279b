package dev.tributary.testkit.electric;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The latest good answers per shape asked for, as a cache in between would remember them. */
final class AnswerHistory {

    private static final int PER_SHAPE = 32;

    private final Map<String, Deque<Remembered>> byShape = new HashMap<>();

    void remember(ModelRequest request, ModelResponse response) {
        if (response.status() != 200 || response.header("electric-handle") == null) {
            return;
        }
        Deque<Remembered> answers = byShape.computeIfAbsent(request.shapeKey(), k -> new ArrayDeque<>());
        answers.addFirst(new Remembered(String.valueOf(request.parameter("offset")), response));
        if (answers.size() > PER_SHAPE) {
            answers.removeLast();
        }
    }

    @Nullable
    ModelResponse previous(ModelRequest request) {
        Deque<Remembered> answers = byShape.get(request.shapeKey());
        return answers == null || answers.isEmpty() ? null : answers.getFirst().response();
    }

    /** The newest answer of a dead handle, preferably one to the same offset. */
    @Nullable
    ModelResponse stale(ModelRequest request, Predicate<String> alive) {
        Deque<Remembered> answers = byShape.getOrDefault(request.shapeKey(), new ArrayDeque<>());
        ModelResponse any = null;
        for (Remembered answer : answers) {
            String handle = answer.response().header("electric-handle");
            if (handle != null && !alive.test(handle)) {
                if (answer.offset().equals(request.parameter("offset"))) {
                    return answer.response();
                }
                any = any == null ? answer.response() : any;
            }
        }
        return any;
    }

    private record Remembered(String offset, ModelResponse response) {}
}
