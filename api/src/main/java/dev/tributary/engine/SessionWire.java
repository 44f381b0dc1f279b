package dev.tributary.engine;

import dev.tributary.spi.Environment;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.Target;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One wire of a session: carries what the wire says to the source's queue, grants content piece by piece, and watches
 * its deadlines, whether or not the wire itself still answers.
 */
final class SessionWire implements Wire, Wires.Listener {

    /** So many pieces may be on their way to the protocol. */
    static final int WINDOW = 16;

    private final Session session;
    private final Target target;
    private Wires.@Nullable Connection connection;
    private Environment.@Nullable Timer watch;
    private long lastSign;
    private boolean open;
    private boolean over;
    private int withheld;

    SessionWire(Session session, Target target) {
        this.session = session;
        this.target = target;
    }

    @Override
    public Target target() {
        return target;
    }

    boolean isOver() {
        return over;
    }

    void open(Wires wires) {
        lastSign = session.nanos();
        watch(target.deadlines().head());
        connection = wires.open(target, this);
        if (session.mustWait()) {
            withheld = WINDOW;
        } else {
            connection.request(WINDOW);
        }
    }

    boolean send(DataKind kind, ByteBuffer bytes) {
        return connection != null && connection.send(kind, bytes);
    }

    /** Ends it: nothing of it reaches the protocol any more. */
    void close(int code, String reason) {
        if (over) {
            return;
        }
        finish();
        if (connection != null) {
            connection.close(code, reason);
        }
    }

    private void finish() {
        over = true;
        if (watch != null) {
            watch.cancel();
        }
        session.forget(this);
    }

    /** Lets content through that was held back while the reader was full. */
    void release() {
        if (withheld > 0 && connection != null && !over) {
            int pieces = withheld;
            withheld = 0;
            lastSign = session.nanos();
            connection.request(pieces);
        }
    }

    @Override
    public void opened(Head head) {
        session.enqueue(() -> {
            if (over) {
                return;
            }
            open = true;
            lastSign = session.nanos();
            session.input(() -> session.protocol().opened(this, head, session));
        });
    }

    @Override
    public void data(DataKind kind, ByteBuffer bytes, boolean last) {
        session.enqueue(() -> {
            if (over) {
                return;
            }
            lastSign = session.nanos();
            session.received(bytes.remaining());
            session.input(() -> session.protocol().data(this, kind, bytes, last, session));
            grant();
        });
    }

    private void grant() {
        if (over || connection == null) {
            return;
        }
        if (session.mustWait()) {
            withheld++;
        } else {
            connection.request(1);
        }
    }

    @Override
    public void writable() {
        session.enqueue(() -> {
            if (!over) {
                session.input(() -> session.protocol().writable(this, session));
            }
        });
    }

    @Override
    public void alive() {
        session.enqueue(() -> lastSign = session.nanos());
    }

    @Override
    public void ended(WireEnd end) {
        session.enqueue(() -> {
            if (over) {
                return;
            }
            finish();
            session.input(() -> session.protocol().ended(this, end, session));
        });
    }

    /** One timer for each wire, set anew only when it goes off: a sign of life costs nothing. */
    private void watch(Duration limit) {
        watch = session.schedule(this::lookAfter, limit.toNanos());
    }

    private void lookAfter() {
        if (over) {
            return;
        }
        Duration limit = open ? target.deadlines().idle() : target.deadlines().head();
        long silent = session.nanos() - lastSign;
        if (withheld > 0 || silent < limit.toNanos()) {
            long rest = withheld > 0 ? limit.toNanos() : limit.toNanos() - silent;
            watch = session.schedule(this::lookAfter, rest);
            return;
        }
        close(0, "silent");
        String what = open ? "no data" : "no answer";
        session.input(() -> session.protocol()
                .ended(
                        this,
                        WireEnd.of(
                                WireEnd.Kind.SILENT,
                                what + " within " + limit.toMillis() + " ms from " + target.printable(),
                                null),
                        session));
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
