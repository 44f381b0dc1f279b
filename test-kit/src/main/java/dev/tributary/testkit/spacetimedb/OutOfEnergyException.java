package dev.tributary.testkit.spacetimedb;

/** Thrown by a reducer of the model to run out of energy. */
public final class OutOfEnergyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The end of the energy. */
    public OutOfEnergyException() {
        super("out of energy");
    }
}
