package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.Credential;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.Query;
import dev.tributary.spi.Call;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A transport as it is, of one source; somebody hears each input of its protocol, after it was taken. When a session that
 * was refused with a word on how long to wait is followed by another for the same query, it is looked at whether that time
 * is over.
 */
final class WatchedTransport implements TransportProvider {

    private final TransportProvider right;
    private final Consumer<ProtocolInput> watcher;
    private final Patience patience;
    /** Which session was asked last for a query. */
    private final Map<Query, Watched> last = new HashMap<>();

    WatchedTransport(TransportProvider right, Consumer<ProtocolInput> watcher, Patience patience) {
        this.right = right;
        this.watcher = watcher;
        this.patience = patience;
    }

    @Override
    public Protocol session(SessionContext context) {
        return new Watched(right.session(context));
    }

    @Override
    public String scheme() {
        return right.scheme();
    }

    @Override
    public Set<String> wireSchemes() {
        return right.wireSchemes();
    }

    @Override
    public Set<Capability> capabilities() {
        return right.capabilities();
    }

    @Override
    public List<Option<?>> options() {
        return right.options();
    }

    @Override
    public void check(URI endpoint, Options options) {
        right.check(endpoint, options);
    }

    @Override
    public Query query(String text) {
        return right.query(text);
    }

    @Override
    public Query check(Query query) {
        return right.check(query);
    }

    @Override
    public String printable(URI endpoint) {
        return right.printable(endpoint);
    }

    @Override
    public boolean mayShareSession(Query a, Query b) {
        return right.mayShareSession(a, b);
    }

    @Override
    public boolean changesNeedRows() {
        return right.changesNeedRows();
    }

    @Override
    public @Nullable Object memory() {
        return right.memory();
    }

    @Override
    public ColumnType columnType(String name) {
        return right.columnType(name);
    }

    @Override
    public Set<Class<?>> interfaces() {
        return right.interfaces();
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type, Calls calls) {
        return right.unwrap(type, calls);
    }

    private final class Watched implements Protocol {

        private final Protocol right;
        /** The wire that was refused with a word on how long to wait, as long as nothing else was heard. */
        private @Nullable Wire refused;

        private long notBefore;
        private long cuts;

        Watched(Protocol right) {
            this.right = right;
        }

        private void asked(Query query, long nanos) {
            Watched before = last.put(query, this);
            if (before != null && before.refused != null) {
                boolean early = nanos < before.notBefore && before.cuts == patience.cuts();
                before.refused = null;
                if (early) {
                    patience.early(query, Duration.ofNanos(before.notBefore - nanos));
                }
            }
        }

        private void heard(Wire wire) {
            if (!wire.equals(refused)) {
                refused = null;
            }
        }

        private void refused(Wire wire, Head head, Output out) {
            Duration wait = head.retryAfter(out.now());
            if (head.status() >= 400 && !wait.isZero()) {
                refused = wire;
                notBefore = out.nanos() + wait.toNanos();
                cuts = patience.cuts();
                patience.asked(wait);
            }
        }

        @Override
        public void subscribe(Subscription subscription, Output out) {
            asked(subscription.query(), out.nanos());
            right.subscribe(subscription, out);
            watcher.accept(ProtocolInput.SUBSCRIBE);
        }

        @Override
        public void unsubscribe(Subscription subscription, Output out) {
            right.unsubscribe(subscription, out);
            watcher.accept(ProtocolInput.UNSUBSCRIBE);
        }

        @Override
        public void call(Call call, Output out) {
            right.call(call, out);
            watcher.accept(ProtocolInput.CALL);
        }

        @Override
        public void cancel(Call call, Output out) {
            right.cancel(call, out);
            watcher.accept(ProtocolInput.CANCEL);
        }

        @Override
        public void opened(Wire wire, Head head, Output out) {
            heard(wire);
            refused(wire, head, out);
            right.opened(wire, head, out);
            watcher.accept(ProtocolInput.OPENED);
        }

        @Override
        public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
            heard(wire);
            right.data(wire, kind, bytes, last, out);
            watcher.accept(ProtocolInput.DATA);
        }

        @Override
        public void writable(Wire wire, Output out) {
            right.writable(wire, out);
            watcher.accept(ProtocolInput.WRITABLE);
        }

        @Override
        public void ended(Wire wire, WireEnd end, Output out) {
            heard(wire);
            right.ended(wire, end, out);
            watcher.accept(ProtocolInput.ENDED);
        }

        @Override
        public void timer(Object tag, Output out) {
            right.timer(tag, out);
            watcher.accept(ProtocolInput.TIMER);
        }

        @Override
        public void credential(Credential credential, Output out) {
            right.credential(credential, out);
            watcher.accept(ProtocolInput.CREDENTIAL);
        }
    }
}
