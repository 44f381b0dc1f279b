package com.example.line;

import dev.tributary.Column;
import dev.tributary.ConnectionException;
import dev.tributary.Credential;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.RowSchema;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One table over one WebSocket. We say {@code follow TABLE}; the server says, a text frame each:
 *
 * <pre>
 * rows            from here on comes the whole table
 * row KEY VALUE   there is this row now
 * gone KEY        this row is no more
 * done            what was said since the last done is one transaction
 * ready           nothing is missing
 * no REASON       this table is not for you
 * beat            still here
 * </pre>
 */
final class LineProtocol implements Protocol {

    static final int TOKEN_EXPIRED = 4401;

    private static final RowSchema SCHEMA = RowSchema.of(
            List.of(new Column("key", LineNumber.NUMBER, false, 0), new Column("value", LineNumber.NUMBER, false, -1)));
    private static final Deadlines DEADLINES =
            new Deadlines(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30));
    private static final int MOST_BYTES = 1 << 16;

    private final SessionContext context;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private Subscription table;

    LineProtocol(SessionContext context) {
        this.context = context;
    }

    @Override
    public void subscribe(Subscription subscription, Output out) {
        table = subscription;
        out.credential(null);
    }

    @Override
    public void credential(Credential credential, Output out) {
        Map<String, String> secrets = new HashMap<>(credential.headers());
        credential.token().ifPresent(token -> secrets.put("Authorization", "Bearer " + token));
        out.open(new WebSocketTarget(
                context.endpoint(),
                context.endpoint().toString(),
                Map.of(),
                secrets,
                List.of(),
                MOST_BYTES,
                Duration.ofSeconds(8),
                DEADLINES));
    }

    @Override
    public void opened(Wire wire, Head head, Output out) {
        if (head.status() == 101) {
            String line = "follow " + table.query().name();
            out.send(wire, DataKind.TEXT, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        } else if (head.status() == 401) {
            RejectedException refusal = new RejectedException("the server refused the token (401)");
            out.end(context.authenticated() ? Ending.reauthenticate(refusal) : Ending.rejected(refusal));
        } else {
            out.end(Ending.retry(new ConnectionException("the server answered " + head.status())));
        }
    }

    @Override
    public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
        if (kind != DataKind.TEXT || piece.size() + bytes.remaining() > MOST_BYTES) {
            throw new ProtocolException("line: expected a short text, got " + bytes.remaining() + " bytes of " + kind);
        }
        while (bytes.hasRemaining()) {
            piece.write(bytes.get());
        }
        if (last) {
            String line = piece.toString(StandardCharsets.UTF_8);
            piece.reset();
            line(line, out);
        }
    }

    private void line(String line, Output out) {
        String[] words = line.split(" ", 3);
        switch (words[0]) {
            case "rows" -> out.draft(table).replaceAll(SCHEMA);
            case "row" -> draft(line, out).put(SCHEMA.row(number(words, 1, line), number(words, 2, line)));
            case "gone" -> {
                if (draft(line, out).remove(SCHEMA.key(number(words, 1, line))) == null && table.keepsRows()) {
                    throw new ProtocolException("line: there is no such row: '" + line + "'");
                }
            }
            case "done" -> out.commit(List.of(table), null);
            case "ready" -> out.upToDate(table);
            case "no" -> out.end(Ending.rejected(new RejectedException(line.substring(2).strip())));
            case "beat" -> {}
            default -> throw new ProtocolException("line: no line begins with '" + words[0] + "'");
        }
    }

    private Draft draft(String line, Output out) {
        Draft draft = out.draft(table);
        if (draft.schema() == null) {
            throw new ProtocolException("line: before the first 'rows' came '" + line + "'");
        }
        return draft;
    }

    private static long number(String[] words, int place, String line) {
        try {
            return Long.parseLong(words[place]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new ProtocolException("line: word " + (place + 1) + " is no number in '" + line + "'");
        }
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
    public void unsubscribe(Subscription subscription, Output out) {
        out.end(subscription, Ending.closed(), null);
    }
}
