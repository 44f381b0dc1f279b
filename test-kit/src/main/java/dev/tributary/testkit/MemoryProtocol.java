package dev.tributary.testkit;

import dev.tributary.Column;
import dev.tributary.ConnectionException;
import dev.tributary.Credential;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Resume;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a {@link MemoryBackend}: one WebSocket that serves all queries. A short example of what a transport
 * is made of.
 */
final class MemoryProtocol implements Protocol {

    /** Less than the time between two messages of the server that say nothing. */
    private static final Duration PING_AFTER = Duration.ofSeconds(8);

    static final Deadlines DEADLINES =
            new Deadlines(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30));
    /** The close code of a server whose token is another now. */
    static final int TOKEN_EXPIRED = 4401;

    private static final long MOST_MESSAGE_BYTES = 64L << 20;

    /** Of a server that may lose commits: so often all rows are asked for again. */
    private static final Duration AUDIT = Duration.ofSeconds(20);

    private final SessionContext context;
    private final boolean lossy;
    /** By the number that this connection knows a query by. */
    private final Map<Integer, Subscription> subscriptions = new LinkedHashMap<>();

    /** Those whose open draft holds all rows. */
    private final Set<Subscription> whole = new HashSet<>();

    private int lastNumber;
    private boolean begun;
    private @Nullable Wire openWire;

    MemoryProtocol(SessionContext context, boolean lossy) {
        this.context = context;
        this.lossy = lossy;
    }

    @Override
    public void subscribe(Subscription subscription, Output out) {
        int number = ++lastNumber;
        subscriptions.put(number, subscription);
        if (openWire != null) {
            out.send(openWire, DataKind.BINARY, subscribeMessage(List.of(number), true));
        } else if (!begun) {
            begun = true;
            out.credential(null);
        }
    }

    @Override
    public void credential(Credential credential, Output out) {
        Map<String, String> secrets = new LinkedHashMap<>(credential.headers());
        credential.token().ifPresent(token -> secrets.put("Authorization", "Bearer " + token));
        out.open(new WebSocketTarget(
                context.endpoint(),
                context.endpoint().toString(),
                Map.of(),
                secrets,
                List.of(),
                MOST_MESSAGE_BYTES,
                PING_AFTER,
                DEADLINES));
    }

    @Override
    public void opened(Wire wire, Head head, Output out) {
        if (head.status() == 101) {
            openWire = wire;
            out.send(wire, DataKind.BINARY, subscribeMessage(subscriptions.keySet(), true));
            auditLater(out);
        } else if (head.status() == 401) {
            RejectedException refusal = new RejectedException("the server refused the token (401)");
            // Without credentials the next attempt would end the same way.
            out.end(context.authenticated() ? Ending.reauthenticate(refusal) : Ending.rejected(refusal));
        } else {
            ConnectionException refusal = new ConnectionException("the server answered " + head.status());
            out.end(Ending.retry(refusal, head.retryAfter(out.now())));
        }
    }

    /** One message for all, so that the server brings them up to date together. */
    private ByteBuffer subscribeMessage(Collection<Integer> numbers, boolean resumes) {
        MemoryMessage message =
                new MemoryMessage().frame(MemoryMessage.SUBSCRIBE).number(numbers.size());
        for (int number : numbers) {
            Subscription subscription = find(number);
            if (subscription == null) {
                continue;
            }
            Resume resume = subscription.resume();
            MemoryCheckpoint from = resume == null || !resumes ? null : MemoryCheckpoint.of(resume.checkpoint());
            message.number(number)
                    .text(subscription.query().toString())
                    .longNumber(from == null ? 0 : from.log())
                    .longNumber(from == null ? 0 : from.number());
        }
        return message.toBuffer();
    }

    private void auditLater(Output out) {
        if (lossy) {
            out.timer("audit", AUDIT, AUDIT);
        }
    }

    /** Asks for all rows again. What they differ in was lost. */
    @Override
    public void timer(Object tag, Output out) {
        if (openWire != null) {
            out.send(openWire, DataKind.BINARY, subscribeMessage(subscriptions.keySet(), false));
        }
        auditLater(out);
    }

    private @Nullable Subscription find(int number) {
        return subscriptions.get(number);
    }

    @Override
    public void unsubscribe(Subscription subscription, Output out) {
        for (int number : List.copyOf(subscriptions.keySet())) {
            if (subscription.equals(subscriptions.get(number))) {
                subscriptions.remove(number);
                if (openWire != null) {
                    out.send(
                            openWire,
                            DataKind.BINARY,
                            new MemoryMessage()
                                    .frame(MemoryMessage.UNSUBSCRIBE)
                                    .number(number)
                                    .toBuffer());
                }
            }
        }
        // Nothing to carry: the checkpoint of the last commit is all that is needed to go on.
        out.end(subscription, Ending.closed(), null);
    }

    @Override
    public void ended(Wire wire, WireEnd end, Output out) {
        if (end.code() == TOKEN_EXPIRED) {
            out.end(Ending.reauthenticate(new RejectedException("the token expired")));
        } else {
            out.end(Ending.retry(end.asException()));
        }
    }

    @Override
    public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
        if (kind != DataKind.BINARY || !last) {
            throw new ProtocolException("memory message: expected a whole binary message, got a piece of " + kind);
        }
        MemoryReader in = new MemoryReader(bytes);
        while (in.hasMore()) {
            frame(in, out);
        }
    }

    private void frame(MemoryReader in, Output out) {
        int tag = in.tag();
        switch (tag) {
            case MemoryMessage.SCHEMA -> {
                Subscription subscription = find(in.number());
                RowSchema schema = schema(in);
                if (subscription != null) {
                    out.draft(subscription).replaceAll(schema);
                    whole.add(subscription);
                }
            }
            case MemoryMessage.PUT -> {
                Subscription subscription = find(in.number());
                byte[] packed = in.byteString();
                if (subscription != null) {
                    Draft draft = out.draft(subscription);
                    draft.put(row(draft, packed, in));
                }
            }
            case MemoryMessage.REMOVE -> {
                Subscription subscription = find(in.number());
                byte[] packed = in.byteString();
                if (subscription != null) {
                    Draft draft = out.draft(subscription);
                    if (draft.remove(row(draft, packed, in)) == null && !lossy) {
                        throw in.wrong("a row that is not there is removed");
                    }
                }
            }
            case MemoryMessage.EVENT -> {
                Subscription subscription = find(in.number());
                String text = in.text();
                if (subscription != null) {
                    out.draft(subscription).event(text);
                }
            }
            case MemoryMessage.COMMIT -> commit(in, out);
            case MemoryMessage.UP_TO_DATE -> {
                Subscription subscription = find(in.number());
                if (subscription != null) {
                    out.upToDate(subscription);
                }
            }
            case MemoryMessage.REFUSE -> {
                Subscription subscription = subscriptions.remove(in.number());
                String reason = in.text();
                if (subscription != null) {
                    out.end(subscription, Ending.rejected(new RejectedException(reason)), null);
                }
            }
            case MemoryMessage.PING -> {}
            default -> throw in.wrong("no frame has the tag " + tag);
        }
    }

    private static RowSchema schema(MemoryReader in) {
        int count = in.count(12);
        List<Column> columns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name = in.text();
            String type = in.text();
            int keyIndex = in.number();
            try {
                columns.add(new Column(name, MemoryType.valueOf(type), keyIndex < 0, keyIndex));
            } catch (IllegalArgumentException e) {
                throw in.wrong("column '" + name + "' has the unknown type '" + type + "'");
            }
        }
        try {
            return RowSchema.of(columns);
        } catch (IllegalArgumentException e) {
            throw in.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static Row row(Draft draft, byte[] packed, MemoryReader in) {
        RowSchema schema = draft.schema();
        if (schema == null) {
            throw in.wrong("a row comes before its schema");
        }
        try {
            return Row.ofPacked(schema, packed);
        } catch (IllegalArgumentException e) {
            throw in.wrong(String.valueOf(e.getMessage()));
        }
    }

    private void commit(MemoryReader in, Output out) {
        MemoryCheckpoint checkpoint = new MemoryCheckpoint(in.longNumber(), in.longNumber());
        int count = in.count(4);
        List<Subscription> together = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Subscription subscription = find(in.number());
            if (subscription != null) {
                Draft draft = out.draft(subscription);
                draft.checkpoint(checkpoint);
                if (!whole.remove(subscription) && lossy) {
                    // What came before this may have been lost.
                    draft.verified(false);
                }
                together.add(subscription);
            }
        }
        out.commit(together, checkpoint.number());
    }
}
