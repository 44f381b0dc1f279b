package dev.tributary.testkit.spacetimedb;

/**
 * What became of a call made at the model.
 *
 * @param committed whether it took place
 * @param error why not, else empty
 */
public record CallResult(boolean committed, String error) {

    static CallResult of(Outcome outcome) {
        if (outcome instanceof Outcome.Committed) {
            return new CallResult(true, "");
        }
        return new CallResult(
                false,
                outcome instanceof Outcome.Failed failed
                        ? failed.error()
                        : outcome instanceof Outcome.Panicked ? Outcome.Panicked.TEXT : "out of energy");
    }
}
