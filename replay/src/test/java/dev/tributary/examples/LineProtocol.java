package dev.tributary.examples;

// example 12-protocol
import dev.tributary.Column;
import dev.tributary.ProtocolException;
import dev.tributary.RowSchema;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One line a message: {@code put KEY VALUE}, {@code remove KEY}, {@code commit}, {@code done}. No socket, thread, clock
 * or randomness in here. One session serves one query.
 */
final class LineProtocol implements Protocol {

    private static final RowSchema SCHEMA = RowSchema.of(
            List.of(new Column("key", LineText.INSTANCE, false, 0), new Column("value", LineText.INSTANCE, false, -1)));
    private static final Deadlines DEADLINES =
            new Deadlines(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(60));
    private static final int LONGEST_LINE = 64 * 1024;

    private final URI endpoint;
    private Subscription query;
    private Wire wire;
    private final StringBuilder line = new StringBuilder();

    LineProtocol(URI endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void subscribe(Subscription subscription, Output out) {
        query = subscription;
        out.draft(query).replaceAll(SCHEMA); // this server has no memory: all rows, every time
        wire = out.open(new WebSocketTarget(
                endpoint, endpoint.toString(), Map.of(), Map.of(), List.of(), LONGEST_LINE, null, DEADLINES));
    }

    @Override
    public void opened(Wire opened, Head head, Output out) {
        byte[] request = ("follow " + query.query().name()).getBytes(StandardCharsets.UTF_8);
        out.send(wire, DataKind.TEXT, ByteBuffer.wrap(request));
    }

    @Override
    public void data(Wire from, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
        line.append(StandardCharsets.UTF_8.decode(bytes));
        if (last) {
            String whole = line.toString();
            line.setLength(0);
            apply(whole.split(" ", 3), out);
        }
    }

    private void apply(String[] words, Output out) {
        switch (words[0] + words.length) {
            case "put3" -> out.draft(query).put(SCHEMA.row(words[1], words[2]));
            case "remove2" -> out.draft(query).remove(SCHEMA.key(words[1]));
            case "commit1" -> out.commit(List.of(query), null);
            case "done1" -> out.upToDate(query);
            default -> throw new ProtocolException("expected put, remove, commit or done, got '" + words[0] + "'");
        }
    }

    @Override
    public void ended(Wire ended, WireEnd why, Output out) {
        out.end(Ending.retry(why.asException())); // the engine decides whether, when and how often
    }

    @Override
    public void unsubscribe(Subscription subscription, Output out) {
        out.close(wire, 1000, "");
        out.end(subscription, Ending.closed(), null);
    }
}
// end
