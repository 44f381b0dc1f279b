package dev.tributary.http;

import dev.tributary.spi.Environment;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Target;
import dev.tributary.spi.Wires;
import java.net.http.HttpClient;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;

/** The HTTP exchanges of one source: a few threads and clients for all of them. */
final class HttpWires implements Wires {

    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor executor;
    private final Clients clients;
    private final Admission admission;
    private final Exchange.Surroundings around;
    private volatile boolean closed;

    HttpWires(HttpSettings settings, Environment environment) {
        WireThreads threads = new WireThreads();
        this.executor = threads.executor();
        HttpClient borrowed = settings.client();
        this.clients = borrowed != null ? new BorrowedClient(borrowed) : new OwnedClients(threads, executor);
        this.admission = new Admission(environment, settings.maxConcurrentStreams(), clients.lanes());
        this.around = new Exchange.Surroundings(
                settings,
                new Requests(settings.gzip()),
                new Redirects(settings.maxRedirects()),
                clients,
                admission,
                executor);
    }

    /** {@inheritDoc} A wire that is opened after {@link #close} is closed from the beginning. */
    @Override
    public Connection open(Target target, Listener listener) {
        if (!(target instanceof HttpTarget http)) {
            throw new IllegalArgumentException("no HTTP exchange: " + target);
        }
        Opening opening = new Opening(http, listener);
        open.add(opening.exchange);
        opening.exchange.start();
        if (closed) {
            opening.exchange.close();
        }
        return opening.exchange;
    }

    @Override
    public void close() {
        closed = true;
        admission.close();
        open.forEach(Exchange::close);
        clients.close();
        executor.shutdown();
    }

    /** Ties an exchange to its place in the set. */
    private final class Opening {

        private final Exchange exchange;

        private Opening(HttpTarget target, Listener listener) {
            this.exchange = new Exchange(around, target, listener, this::over);
        }

        private void over() {
            open.remove(exchange);
        }
    }
}
