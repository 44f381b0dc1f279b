package dev.tributary.testkit.spacetimedb;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sessions of the clients that are connected, and the moment at which they hear what there is to say. */
final class Clients {

    private final SpacetimeDbModel model;
    private final Map<Integer, SpacetimeDbSession> byNumber = new LinkedHashMap<>();
    private int connections;
    private boolean hasNews;
    private int depth;

    Clients(SpacetimeDbModel model) {
        this.model = model;
    }

    /** The oldest first. */
    List<SpacetimeDbSession> all() {
        return List.copyOf(byNumber.values());
    }

    /** How many connections there ever were. */
    int connections() {
        return connections;
    }

    int nextNumber() {
        return ++connections;
    }

    // ---- their beginning and end ----

    void opened(SpacetimeDbSession session) {
        if (model.faults().takeModuleRefusal()) {
            session.refuse();
            return;
        }
        model.work().add(null, 0, () -> {
            Outcome outcome = model.transactions().lifecycle("OnConnect", session.identity(), session.connectionId());
            if (outcome instanceof Outcome.Committed) {
                byNumber.put(session.number(), session);
                session.welcome();
                haveNews();
            } else {
                session.refuse();
            }
        });
    }

    void closed(SpacetimeDbSession session) {
        session.forgetTimers();
        if (byNumber.remove(session.number()) != null) {
            model.work()
                    .add(
                            null,
                            0,
                            () -> model.transactions()
                                    .lifecycle("OnDisconnect", session.identity(), session.connectionId()));
        }
    }

    // ---- when they hear what there is to say ----

    /** Something was put to sessions that may have to be sent. */
    void haveNews() {
        hasNews = true;
    }

    /** Everything that comes from outside; what it makes the server say is said at its end. */
    void enter(Runnable action) {
        depth++;
        try {
            action.run();
        } finally {
            depth--;
        }
        if (depth == 0) {
            do {
                hasNews = false;
                depth++;
                try {
                    all().forEach(SpacetimeDbSession::flush);
                } finally {
                    depth--;
                }
            } while (hasNews);
        }
    }
}
