package dev.tributary.testkit.driven;

import org.jspecify.annotations.Nullable;

/**
 * One wire in the ledger, as its client sees it. Content is counted in bytes for a body, in whole messages for a
 * WebSocket.
 */
final class WireAccount {

    private final WireLedger ledger;
    private final String number;
    private final String target;

    // Guarded by the ledger, as is all of ServedWire.
    private @Nullable ServedWire served;
    private long granted;
    private long pieces;
    private long content;
    private long messages;
    private long pings;
    private long signs;
    private boolean opened;
    private boolean ended;
    private boolean closed;

    WireAccount(WireLedger ledger, String number, String target) {
        this.ledger = ledger;
        this.number = number;
        this.target = target;
    }

    WireLedger ledger() {
        return ledger;
    }

    String number() {
        return number;
    }

    // ---- what the client says: before it leaves ----

    void grants(int more) {
        synchronized (ledger) {
            granted += more;
        }
    }

    void sends() {
        synchronized (ledger) {
            messages++;
        }
    }

    void pings() {
        synchronized (ledger) {
            pings++;
        }
    }

    /**
     * The client closes it. First the server must have met it, or it must have ended: else its request could arrive after
     * all was quiet, or never, and nobody could tell.
     */
    void closes() {
        synchronized (ledger) {
            ledger.await(() -> served != null || ended);
            closed = true;
        }
    }

    // ---- what the client hears: after the simulation has it ----

    void opened() {
        synchronized (ledger) {
            opened = true;
            ledger.notifyAll();
        }
    }

    void heard(long amount) {
        synchronized (ledger) {
            pieces++;
            content += amount;
            ledger.notifyAll();
        }
    }

    void alive() {
        synchronized (ledger) {
            signs++;
            ledger.notifyAll();
        }
    }

    void ended() {
        synchronized (ledger) {
            ended = true;
            ledger.notifyAll();
        }
    }

    // ---- what the server does ----

    /** The latest counts: a client may send one request again, and a redirect leads to a further one. */
    void servedBy(ServedWire latest) {
        synchronized (ledger) {
            served = latest;
            ledger.notifyAll();
        }
    }

    long demand() {
        synchronized (ledger) {
            return granted - pieces;
        }
    }

    long heardContent() {
        synchronized (ledger) {
            return content;
        }
    }

    // ---- is it quiet? ----

    boolean isFinished() {
        return (ended || closed) && unsettled() == null;
    }

    /** What is under way; null for nothing. */
    @Nullable
    String unsettled() {
        ServedWire server = served;
        if (ended) {
            return server == null || server.isOver() ? null : "it ended, but the server keeps its connection";
        }
        if (server == null) {
            return "its request did not reach the server";
        }
        if (closed) {
            return server.isOver() ? null : "the client closed it, but the server keeps its connection";
        }
        if (server.head() && !opened) {
            return "the client did not hear the head";
        }
        if (server.content() > content) {
            return granted > pieces
                    ? "the client heard " + content + " of " + server.content() + " bytes or messages"
                    : unheard(server);
        }
        return server.ended() ? "the client did not hear the end" : unheard(server);
    }

    private @Nullable String unheard(ServedWire server) {
        if (server.ended() || server.deaf()) {
            return null;
        }
        if (pings > signs + server.unanswered()) {
            return "the client heard " + signs + " answers to " + pings + " pings";
        }
        return server.messages() == messages
                ? null
                : "the server heard " + server.messages() + " of " + messages + " messages";
    }

    @Override
    public String toString() {
        return number + " to " + target;
    }
}
