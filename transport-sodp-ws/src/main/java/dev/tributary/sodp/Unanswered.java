package dev.tributary.sodp;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the server still owes an answer to, oldest first. Never more than a few hundred. */
final class Unanswered {

    private final Set<Request> requests = new LinkedHashSet<>();

    int size() {
        return requests.size();
    }

    void add(Request request) {
        requests.add(request);
    }

    boolean remove(Request request) {
        return requests.remove(request);
    }

    /** Of several for one key the oldest. */
    @Nullable
    Request forKey(String key) {
        for (Request request : requests) {
            if (key.equals(request.key())) {
                return request;
            }
        }
        return null;
    }

    @Nullable
    Request forCall(String callId) {
        for (Request request : requests) {
            Outgoing call = request.call();
            if (call != null && call.id().equals(callId)) {
                return request;
            }
        }
        return null;
    }

    /** Those for keys that were sent with this number: one, or all of a request for several. */
    List<Request> onStream(long stream) {
        List<Request> found = new ArrayList<>();
        for (Request request : requests) {
            if (request.key() != null && request.stream() == stream) {
                found.add(request);
            }
        }
        return found;
    }

    List<Request> forKeys() {
        List<Request> found = new ArrayList<>();
        for (Request request : requests) {
            if (request.key() != null) {
                found.add(request);
            }
        }
        return found;
    }

    List<Request> calls() {
        List<Request> found = new ArrayList<>();
        for (Request request : requests) {
            if (request.call() != null) {
                found.add(request);
            }
        }
        return found;
    }

    @Nullable
    Request oldest() {
        return requests.isEmpty() ? null : requests.iterator().next();
    }
}
