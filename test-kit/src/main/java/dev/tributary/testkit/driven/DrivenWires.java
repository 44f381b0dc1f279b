package dev.tributary.testkit.driven;

import dev.tributary.spi.Head;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.Target;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** The real wires of one source, whose clients' side is entered into the ledger. */
final class DrivenWires implements Wires {

    private final Wires real;
    private final WireLedger ledger;
    private final Set<WireAccount> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    DrivenWires(Wires real, WireLedger ledger) {
        this.real = real;
        this.ledger = ledger;
        ledger.wiresMade();
    }

    @Override
    public Connection open(Target target, Listener listener) {
        WireAccount account = ledger.open(target.toString());
        open.add(account);
        try {
            return new Said(account, real.open(numbered(target, account.number()), new Heard(account, listener)));
        } catch (RuntimeException e) {
            leave(account);
            throw e;
        }
    }

    private void leave(WireAccount account) {
        open.remove(account);
        account.ended();
    }

    private static Target numbered(Target target, String number) {
        return target instanceof HttpTarget http
                ? http.withHeader(WireLedger.HEADER, number)
                : ((WebSocketTarget) target).withHeader(WireLedger.HEADER, number);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        open.forEach(WireAccount::closes);
        real.close();
        ledger.wiresClosed();
    }

    /** Enters what the client says, before it is said. */
    private final class Said implements Connection {

        private final WireAccount account;
        private final Connection connection;

        Said(WireAccount account, Connection connection) {
            this.account = account;
            this.connection = connection;
        }

        @Override
        public void request(int pieces) {
            account.grants(pieces);
            connection.request(pieces);
        }

        @Override
        public boolean send(DataKind kind, ByteBuffer bytes) {
            account.sends();
            return connection.send(kind, bytes);
        }

        @Override
        public void close(int code, String reason) {
            account.closes();
            open.remove(account);
            connection.close(code, reason);
        }
    }

    /** Enters what the client hears, after it was heard. */
    private final class Heard implements Listener {

        private final WireAccount account;
        private final Listener listener;

        Heard(WireAccount account, Listener listener) {
            this.account = account;
            this.listener = listener;
        }

        @Override
        public void opened(Head head) {
            listener.opened(head);
            account.opened();
        }

        @Override
        public void data(DataKind kind, ByteBuffer bytes, boolean last) {
            // The listener may have read the buffer when this comes back.
            long amount = kind == DataKind.BODY ? bytes.remaining() : last ? 1 : 0;
            listener.data(kind, bytes, last);
            account.heard(amount);
        }

        @Override
        public void writable() {
            listener.writable();
        }

        @Override
        public void pinging() {
            account.pings();
            listener.pinging();
        }

        @Override
        public void alive() {
            listener.alive();
            account.alive();
        }

        @Override
        public void ended(WireEnd end) {
            listener.ended(end);
            leave(account);
        }
    }
}
