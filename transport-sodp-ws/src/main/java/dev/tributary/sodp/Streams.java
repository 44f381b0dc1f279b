package dev.tributary.sodp;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which stream of this connection is of which copy. Only a whole value tells. */
final class Streams {

    private static final int MOST_RETIRED = 4096;

    private final Map<Long, Replica> bound = new HashMap<>();
    /** Streams that are over, so that what still comes on them is dropped. */
    private final Set<Long> retired = new LinkedHashSet<>();

    @Nullable
    Replica find(long stream) {
        return bound.get(stream);
    }

    boolean isRetired(long stream) {
        return retired.contains(stream);
    }

    /**
     * From now on the stream is of this copy. Without an UNWATCH from us the earlier stream goes on: some changes come on
     * both, others on either.
     */
    void bind(long stream, Replica replica) {
        if (bound.get(stream) != replica) {
            if (replica.wasStopped()) {
                unbind(replica);
                replica.stopped(false);
            }
            bound.put(stream, replica);
            retired.remove(stream);
        }
    }

    void unbind(Replica replica) {
        for (Iterator<Map.Entry<Long, Replica>> all = bound.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Long, Replica> one = all.next();
            if (one.getValue() == replica) {
                all.remove();
                retire(one.getKey());
            }
        }
    }

    /** What comes on this stream is of nobody. */
    void retire(Long stream) {
        retired.add(stream);
        if (retired.size() > MOST_RETIRED) {
            retired.remove(retired.iterator().next());
        }
    }
}
