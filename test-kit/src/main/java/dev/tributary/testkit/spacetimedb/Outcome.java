package dev.tributary.testkit.spacetimedb;

/** What became of a reducer that ran. */
sealed interface Outcome {

    /** It changed this. */
    record Committed(Commit commit) implements Outcome {}

    /** It returned an error. */
    record Failed(String error) implements Outcome {}

    /** It panicked. */
    record Panicked() implements Outcome {

        static final String TEXT = "The instance encountered a fatal error.";
    }

    /** It had no energy left. */
    record OutOfEnergy() implements Outcome {}
}
