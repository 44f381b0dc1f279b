package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.model.Agenda;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Transactions and subscriptions happen one after another, in the order in which they were asked for. */
final class WorkQueue {

    private record Item(@Nullable SpacetimeDbSession session, long millis, Runnable task) {}

    private final Agenda agenda;
    private final Clients clients;
    private final Deque<Item> waiting = new ArrayDeque<>();
    private boolean busy;
    private boolean working;
    private boolean paused;

    WorkQueue(Agenda agenda, Clients clients) {
        this.agenda = agenda;
        this.clients = clients;
    }

    /**
     * Puts something behind all that waits.
     *
     * @param session who asked for it, or null
     * @param millis how long it takes
     */
    void add(@Nullable SpacetimeDbSession session, long millis, Runnable task) {
        if (session != null) {
            session.took();
        }
        waiting.add(new Item(session, millis, task));
        work();
    }

    private void work() {
        if (working) {
            return;
        }
        working = true;
        try {
            while (!busy && !paused && !waiting.isEmpty()) {
                Item next = waiting.remove();
                if (next.millis() == 0) {
                    perform(next);
                } else {
                    busy = true;
                    agenda.at(agenda.now() + next.millis(), () -> {
                        busy = false;
                        perform(next);
                        work();
                    });
                }
            }
        } finally {
            working = false;
        }
    }

    private void perform(Item item) {
        SpacetimeDbSession session = item.session();
        if (session != null) {
            session.processed();
        }
        item.task().run();
        clients.haveNews();
    }

    /** Keeps what is asked for waiting from now on. */
    void pause() {
        paused = true;
    }

    /** Takes up what waited. */
    void resume() {
        paused = false;
        work();
    }

    /** Forgets what waits. */
    void clear() {
        waiting.clear();
    }
}
