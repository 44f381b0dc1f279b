package dev.tributary.testkit.simulation;

import java.util.function.BooleanSupplier;

/**
 * What works on threads of its own beside a simulation, such as real wires and a real server. Virtual time stands still
 * until nothing of it is under way.
 */
public interface RealThreads {

    /**
     * Waits until a task arrived for the simulation, or nothing is under way that could bring one. Called by the thread of
     * the simulation when it has nothing to run.
     *
     * @param arrived whether a task is there
     * @return whether a task is there; if not, all is quiet
     */
    boolean awaitTask(BooleanSupplier arrived);

    /** A task arrived. Called by any thread. */
    void wake();

    /** How many wires are open. */
    int openWires();
}
