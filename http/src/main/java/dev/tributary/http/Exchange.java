package dev.tributary.http;

import dev.tributary.spi.Head;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One exchange from its opening to its end, over all its redirects. */
final class Exchange implements Wires.Connection {

    /** How often one request is tried again when the server takes fewer streams than we thought. */
    private static final int MOST_STREAM_REFUSALS = 32;

    /** What an exchange needs of its source. */
    record Surroundings(
            HttpSettings settings,
            Requests requests,
            Redirects redirects,
            Clients clients,
            Admission admission,
            Executor executor) {}

    private final Surroundings around;
    private final HttpTarget target;
    private final Runnable onOver;
    private final Failures failures;
    private final Delivery delivery;
    private volatile boolean over;
    private volatile @Nullable Attempt attempt;

    /**
     * @param onOver called once or more, when it has ended or was closed
     */
    Exchange(Surroundings around, HttpTarget target, Wires.Listener listener, Runnable onOver) {
        this.around = around;
        this.target = target;
        this.onOver = onOver;
        this.failures = new Failures(target.printable());
        this.delivery = new Delivery(
                listener,
                around.executor(),
                target.printable(),
                around.settings().maxBodyBytes(),
                end -> ending());
    }

    void start() {
        if (Origin.isIn(target.uri())) {
            begin(new Attempt(Hop.first(target.uri()), 0));
        } else {
            fail(new WireFault(WireEnd.Kind.REFUSED, "an http or https address with a host is needed", null));
        }
    }

    @Override
    public void request(int pieces) {
        delivery.grant(pieces);
    }

    @Override
    public boolean send(Protocol.DataKind kind, ByteBuffer bytes) {
        throw new UnsupportedOperationException("an HTTP exchange sends nothing after its request");
    }

    @Override
    public void close(int code, String reason) {
        close();
    }

    void close() {
        over = true;
        delivery.close();
        cancelAttempt();
        onOver.run();
    }

    private void ending() {
        over = true;
        cancelAttempt();
        onOver.run();
    }

    private void cancelAttempt() {
        Attempt running = attempt;
        if (running != null) {
            running.cancel();
        }
    }

    private void fail(WireFault fault) {
        // Never on the caller's thread: it may be the one that opens the wire.
        around.executor().execute(() -> delivery.failed(fault.end(target.printable())));
    }

    private void begin(Attempt next) {
        attempt = next;
        if (over) {
            return;
        }
        if (!around.admission().enter(next.origin, next.version, next)) {
            fail(new WireFault(
                    WireEnd.Kind.REFUSED, Admission.MOST_WAITING + " requests wait for this server already", null));
        } else if (over) {
            next.cancel();
        }
    }

    private static Head head(int status, HttpHeaders received) {
        Map<String, List<String>> headers = new HashMap<>(received.map());
        // Some versions of the client leave HTTP/2's pseudo-headers in.
        headers.keySet().removeIf(name -> name.startsWith(":"));
        return new Head(status, headers);
    }

    /** One request and its response. */
    private final class Attempt implements Admission.Candidate {

        private final Hop hop;
        private final int refusals;
        private final Origin origin;
        private final HttpClient.Version version;
        private volatile @Nullable CompletableFuture<HttpResponse<Boolean>> future;
        private volatile @Nullable Hop next;
        private volatile boolean received;

        /**
         * @param refusals how often it was refused for too many streams
         */
        private Attempt(Hop hop, int refusals) {
            this.hop = hop;
            this.refusals = refusals;
            this.origin = Origin.of(hop.uri());
            this.version = around.settings().version(origin);
        }

        @Override
        public void admitted(Admission.Permit permit) {
            around.executor().execute(() -> send(permit));
        }

        private void send(Admission.Permit permit) {
            CompletableFuture<HttpResponse<Boolean>> sent = over ? null : trySend(permit);
            if (sent == null) {
                permit.release();
                return;
            }
            future = sent;
            if (over) {
                cancelUnlessReceived(sent);
            }
            sent.whenComplete((response, failure) -> done(permit, failure));
        }

        /** Null when it failed or is not wanted any more. */
        private @Nullable CompletableFuture<HttpResponse<Boolean>> trySend(Admission.Permit permit) {
            try {
                HttpRequest request = around.requests().request(target, hop, version);
                Duration connect = target.deadlines().connect();
                HttpClient client = around.clients().client(permit.lane(), origin.isTls(), connect);
                // To make a client takes long: this may have been closed meanwhile, and the client too.
                return over ? null : client.sendAsync(request, info -> answer(permit, info));
            } catch (WireFault fault) {
                delivery.failed(fault.end(target.printable()));
            } catch (RuntimeException e) {
                delivery.failed(failures.end(e, false));
            }
            return null;
        }

        private BodySubscriber<Boolean> answer(Admission.Permit permit, HttpResponse.ResponseInfo info) {
            permit.heard(info.version());
            try {
                next = around.redirects().next(hop, target.method(), info.statusCode(), info.headers());
            } catch (WireFault fault) {
                delivery.failed(fault.end(target.printable()));
                return new DiscardedBody();
            }
            if (next != null) {
                return new DiscardedBody();
            }
            delivery.opened(head(info.statusCode(), info.headers()));
            return new ResponseBody(delivery, () -> received = true, failure -> failures.end(failure, true));
        }

        private void done(Admission.Permit permit, @Nullable Throwable failure) {
            boolean again = failure != null
                    && !over
                    && next == null
                    && !delivery.hasHead()
                    && refusals < MOST_STREAM_REFUSALS
                    && Failures.isStreamLimit(failure);
            if (again) {
                permit.exceeded();
            }
            permit.release();
            Hop redirected = next;
            if (over) {
                return;
            }
            if (again) {
                begin(new Attempt(hop, refusals + 1));
            } else if (redirected != null) {
                begin(new Attempt(redirected, 0));
            } else if (failure != null) {
                delivery.failed(failures.end(failure, delivery.hasHead()));
            }
        }

        private void cancel() {
            around.admission().leave(origin, this);
            CompletableFuture<HttpResponse<Boolean>> running = future;
            if (running != null) {
                cancelUnlessReceived(running);
            }
        }

        /** With the whole body the connection went back to the pool: to cancel would break whose it is now. */
        private void cancelUnlessReceived(CompletableFuture<?> sent) {
            if (!received) {
                sent.cancel(true);
            }
        }
    }
}
