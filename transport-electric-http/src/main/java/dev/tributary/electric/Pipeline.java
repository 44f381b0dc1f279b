package dev.tributary.electric;

import dev.tributary.spi.Output;
import dev.tributary.spi.Wire;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The requests on their way, in the order of the log. While catching up the head of each answer says what comes next, so
 * the next ones are asked for before the body is read; they are taken in order, and none that failed is taken at all.
 */
final class Pipeline {

    private final int ahead;
    private final Deque<Exchange> exchanges = new ArrayDeque<>();
    /** One ahead failed: no more of them until the pipeline is empty, and asked for in the ordinary way. */
    private boolean stopped;

    /** @param ahead how many may be asked for before they are needed */
    Pipeline(int ahead) {
        this.ahead = ahead;
    }

    boolean isEmpty() {
        return exchanges.isEmpty();
    }

    void add(Exchange exchange) {
        exchanges.addLast(exchange);
    }

    /** The one whose answer is next; null when there is none. */
    @Nullable
    Exchange first() {
        return exchanges.peekFirst();
    }

    /** The one that leads to the next request ahead; null when no more is wanted now. */
    @Nullable
    Exchange leader() {
        Exchange last = exchanges.peekLast();
        boolean wanted = last != null && !stopped && exchanges.size() <= ahead && last.mayBeFollowed();
        return wanted ? last : null;
    }

    @Nullable
    Exchange find(Wire wire) {
        for (Exchange exchange : exchanges) {
            if (exchange.wire().equals(wire)) {
                return exchange;
            }
        }
        return null;
    }

    /** The first one is done with. */
    void removeFirst(Output out) {
        close(exchanges.removeFirst(), out);
        stopped &= !exchanges.isEmpty();
    }

    /** This one, which is not the first, is of no use, nor is any behind it. */
    void abandon(Exchange failed, Output out) {
        while (exchanges.peekLast() != failed) {
            close(exchanges.removeLast(), out);
        }
        close(exchanges.removeLast(), out);
        stopped = true;
    }

    void clear(Output out) {
        exchanges.forEach(exchange -> close(exchange, out));
        exchanges.clear();
        stopped = false;
    }

    private static void close(Exchange exchange, Output out) {
        if (!exchange.isOver()) {
            out.close(exchange.wire(), 0, "not needed any more");
        }
    }
}
