package dev.tributary.testkit.spacetimedb;

/** Which transactions outlive a crash. */
final class Durability {

    private final SpacetimeDbModel model;
    private long last;
    private boolean held;

    Durability(SpacetimeDbModel model) {
        this.model = model;
    }

    /** The last transaction that is durable. */
    long last() {
        return last;
    }

    void committed(Commit commit) {
        if (held) {
            return;
        }
        long millis = model.options().durableMillis();
        if (millis == 0) {
            secure(commit.number());
        } else {
            model.later(millis, () -> {
                if (!held) {
                    secure(commit.number());
                }
            });
        }
    }

    /** From now on nothing becomes durable. */
    void hold() {
        held = true;
    }

    /** All that took place is durable, and what comes will be. */
    void release() {
        held = false;
        model.clients().enter(() -> secure(model.database().commits()));
    }

    private void secure(long commit) {
        last = Math.max(last, commit);
        model.database().durable(commit);
        model.clients().haveNews();
    }
}
