package dev.tributary.testkit.driven;

/**
 * One request in the ledger, as its server sees it. What the server says is entered before it leaves; what it hears after
 * the simulation has the task that it leads to. For any thread.
 */
public final class ServedWire {

    private final WireAccount account;
    private final WireLedger ledger;
    private boolean head;
    private long content;
    private boolean ended;
    private boolean left;
    private long messages;
    private long unanswered;
    private boolean deaf;

    ServedWire(WireAccount account) {
        this.account = account;
        this.ledger = account.ledger();
    }

    /** The request is there. */
    public void reached() {
        account.servedBy(this);
    }

    /** The server sends the head. */
    public void saysHead() {
        synchronized (ledger) {
            head = true;
        }
    }

    /** The server sends so many bytes of a body before any coding, or so many whole messages. */
    public void saysContent(long amount) {
        synchronized (ledger) {
            content += amount;
        }
    }

    /** The server completes, closes or breaks it. */
    public void saysEnd() {
        synchronized (ledger) {
            ended = true;
            ledger.notifyAll();
        }
    }

    /** The server heard a whole message. */
    public void hears() {
        synchronized (ledger) {
            messages++;
            ledger.notifyAll();
        }
    }

    /** The server heard a ping and does not answer it. */
    public void ignoresPing() {
        synchronized (ledger) {
            unanswered++;
            ledger.notifyAll();
        }
    }

    /** The server saw the client go. */
    public void left() {
        synchronized (ledger) {
            left = true;
            ledger.notifyAll();
        }
    }

    /** Whether the server reads nothing until it is told otherwise, so that it may miss messages. */
    public void deaf(boolean now) {
        synchronized (ledger) {
            deaf = now;
            ledger.notifyAll();
        }
    }

    /** How many pieces the client granted and did not hear yet. */
    public long demand() {
        return account.demand();
    }

    /** How many of the bytes or messages that were said the client did not hear yet. */
    public long waiting() {
        synchronized (ledger) {
            return Math.max(0, content - account.heardContent());
        }
    }

    /** The number of the wire. */
    public int number() {
        return Integer.parseInt(account.number());
    }

    // ---- for the account, under the ledger ----

    boolean head() {
        return head;
    }

    long content() {
        return content;
    }

    boolean ended() {
        return ended;
    }

    boolean isOver() {
        return ended || left;
    }

    long messages() {
        return messages;
    }

    long unanswered() {
        return unanswered;
    }

    boolean deaf() {
        return deaf;
    }
}
