package dev.tributary.replay.spacetimedb;

import dev.tributary.spacetimedb.codec.Subprotocol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was asked for on one recorded connection, by the numbers of the recording, and what became of it in our client. */
final class Played {

    private final String id;
    private final Subprotocol subprotocol;
    private final Dialect dialect;

    /** The views of the sets that are wanted. */
    final Map<Long, List<OurView>> sets = new LinkedHashMap<>();
    /** The views that a request asked for, also of what was refused. */
    final Map<Long, List<OurView>> asking = new LinkedHashMap<>();
    /** The views that a request let go of. */
    final Map<Long, List<OurView>> leaving = new LinkedHashMap<>();
    /** Those whose first rows our client got. */
    final Set<OurView> applied = new HashSet<>();
    /** What {@code final} says of the requests that asked for sets. */
    final Map<Long, Entry> subscriptions = new LinkedHashMap<>();
    /** Calls, procedures and one-off queries that are not answered. */
    final List<Asked> asked = new ArrayList<>();
    /** Connections of ours beside the recorded one, for queries that v1 does not tell apart. */
    final List<String> twins = new ArrayList<>();

    private String wire;
    private boolean isLetGo;
    private boolean isOver;
    private int divided;
    private @Nullable ServerFrame first;
    private @Nullable Object self;

    Played(String id, Subprotocol subprotocol) {
        this.id = id;
        this.wire = id;
        this.subprotocol = subprotocol;
        this.dialect = subprotocol.isFirst() ? new FirstDialect() : new SecondDialect();
    }

    String id() {
        return id;
    }

    /** The connection of ours that stands for it. */
    String wire() {
        return wire;
    }

    /** From now on it is this one. */
    void wire(String other) {
        wire = other;
        isLetGo = false;
    }

    /** Our client ended its connection, since nothing was wanted any more. */
    void letGo() {
        isLetGo = true;
    }

    /** Whether our client has none, and rightly. */
    boolean isLetGo() {
        return isLetGo;
    }

    /** The recorded connection has ended. */
    void over() {
        isOver = true;
    }

    boolean isOver() {
        return isOver;
    }

    Subprotocol subprotocol() {
        return subprotocol;
    }

    Dialect dialect() {
        return dialect;
    }

    About about(Message message) {
        return dialect.about(message, self);
    }

    /** The first message came in this frame. */
    void connected(Message message, ServerFrame frame) {
        self = dialect.self(message);
        first = frame;
    }

    /** The frame with the first message; null before it came. */
    @Nullable
    ServerFrame first() {
        return first;
    }

    /** A view was asked for that our client has to have a connection of its own for. */
    void divide() {
        divided++;
    }

    /** Whether our client may open one more beside the recorded one. */
    boolean mayHaveTwin() {
        return twins.size() < divided;
    }

    /** The request that an answer is for; null for none of ours. */
    @Nullable
    Asked answered(About about) {
        return asked.stream()
                .filter(each -> each.isAnsweredBy(about))
                .findFirst()
                .orElse(null);
    }

    /** Our query set for the rows of a table in a recorded one; null where there is none that would take them. */
    @Nullable
    Long setOf(long recorded, String table) {
        for (OurView part : sets.getOrDefault(recorded, List.of())) {
            OurView.Ids ids = part.ids(id);
            if (part.table().equals(table) && ids != null && applied.contains(part)) {
                return ids.querySet();
            }
        }
        return null;
    }
}
