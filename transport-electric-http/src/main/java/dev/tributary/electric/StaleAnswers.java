package dev.tributary.electric;

/**
 * What to do about answers of a dead log that a cache still gives: ask past the cache three times; then forget that the
 * log is dead, begin anew, and take what comes, because old data is better than none; and if even that leads back here,
 * give up.
 */
final class StaleAnswers {

    static final int RETRIES = 3;

    /** What to do about a stale answer. */
    enum Verdict {
        /** Ask again past the cache. */
        RETRY,
        /** Forget the dead handle and begin anew. */
        HEAL,
        /** Give up. */
        FAIL
    }

    private int retries;
    private boolean healed;

    Verdict stale() {
        if (retries < RETRIES) {
            retries++;
            return Verdict.RETRY;
        }
        retries = 0;
        if (healed) {
            return Verdict.FAIL;
        }
        healed = true;
        return Verdict.HEAL;
    }

    /** An answer was taken. */
    void accepted() {
        retries = 0;
    }

    /** Rows are up to date: the next dead log is a new story. */
    void forget() {
        retries = 0;
        healed = false;
    }
}
