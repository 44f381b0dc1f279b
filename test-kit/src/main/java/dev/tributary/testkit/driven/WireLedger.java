package dev.tributary.testkit.driven;

import dev.tributary.testkit.simulation.RealThreads;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What each side of each wire said, and what the other heard of it: all is quiet when there is no difference, but for
 * what waits on purpose (a request that the server holds, content that was not granted).
 *
 * <p>It never says quiet too early, whatever the threads do: what is said is entered before it leaves, what is heard
 * after the task that it leads to has arrived at the simulation. A request names its wire in the header
 * {@link #HEADER}, so it does not matter over which connection it comes, or how often.
 *
 * <p>Any wires can be kept in it, by a {@link DrivenWireProvider}; any server can, by {@link #served}. A
 * {@link DrivenServer} does.
 */
public final class WireLedger implements RealThreads {

    /** The header in which a request says the number of its wire. */
    public static final String HEADER = "tributary-wire";

    /** Real time, which passes only where something is broken. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<String, WireAccount> accounts = new LinkedHashMap<>();
    private final ThreadWatch threads = new ThreadWatch();
    private long numbers;
    private int openWires;
    private int connections;
    private int holds;

    private WireLedger() {}

    /** The ledger of this environment, whose time it holds back from now on. */
    public static WireLedger of(SimulatedEnvironment environment) {
        WireLedger ledger = new WireLedger();
        environment.beside(ledger);
        return ledger;
    }

    // ---- the clients ----

    synchronized void wiresMade() {
        openWires++;
    }

    synchronized void wiresClosed() {
        openWires--;
        notifyAll();
    }

    synchronized void holdTaken() {
        holds++;
    }

    synchronized void holdClosed() {
        holds--;
        notifyAll();
    }

    synchronized WireAccount open(String target) {
        WireAccount account = new WireAccount(this, Long.toString(++numbers), target);
        accounts.put(account.number(), account);
        return account;
    }

    // ---- the servers ----

    /**
     * A request arrived at a server. To be entered by {@link ServedWire#reached}, after the simulation has the task that
     * it leads to.
     *
     * @param number what its header {@link #HEADER} says
     * @return null when it is of no wire in this ledger
     */
    public synchronized @Nullable ServedWire served(@Nullable String number) {
        WireAccount account = number == null ? null : accounts.get(number);
        return account == null ? null : new ServedWire(account);
    }

    /** A server accepted a connection. */
    public synchronized void connectionOpened() {
        connections++;
    }

    /** A connection that a server had accepted is gone. */
    public synchronized void connectionClosed() {
        connections--;
        notifyAll();
    }

    // ---- the simulation ----

    @Override
    public synchronized boolean awaitTask(BooleanSupplier arrived) {
        return await(() -> arrived.getAsBoolean() || isQuiet()) && arrived.getAsBoolean();
    }

    @Override
    public synchronized void wake() {
        notifyAll();
    }

    @Override
    public synchronized int openWires() {
        forgetFinished();
        return accounts.size();
    }

    /** The threads of wires that live on although all wires are closed; empty when there are none. */
    public List<String> threadsLeft() {
        return threads.left(PATIENCE);
    }

    /** Waits for a condition that changes with this ledger. */
    synchronized boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("not quiet after " + PATIENCE.toSeconds() + " s: " + describe());
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for quiet", e);
            }
        }
        return true;
    }

    synchronized boolean isQuiet() {
        forgetFinished();
        for (WireAccount account : accounts.values()) {
            if (account.unsettled() != null) {
                return false;
            }
        }
        // Wires that are closed keep no socket, and nothing of the environment.
        return openWires > 0 || (connections == 0 && holds == 0);
    }

    private void forgetFinished() {
        accounts.values().removeIf(WireAccount::isFinished);
    }

    private String describe() {
        List<String> lines = new ArrayList<>();
        for (WireAccount account : accounts.values()) {
            String what = account.unsettled();
            if (what != null) {
                lines.add("wire " + account + ": " + what);
            }
        }
        if (openWires == 0 && connections + holds > 0) {
            lines.add(connections + " connections are open though all wires are closed, and " + holds
                    + " holds on the environment");
        }
        return String.join("\n  ", lines) + threads.describe();
    }
}
