package dev.tributary.replay.driftdb;

import dev.tributary.ConfigurationException;
import dev.tributary.Row;
import dev.tributary.replay.recording.BenchRun;
import dev.tributary.replay.recording.DecoderRows;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One replay of one transcript without an engine: its frames and answers go, in the order of the file, to the protocol
 * and its rows; what the recorded clients sent tells what is followed and written.
 */
final class DriftDbDecoderReplay {

    private static final Duration DEADLINE = Duration.ofMinutes(1);

    /** One client of the recording. */
    private static final class Client {

        final Learned learned = new Learned();
        final Map<String, BenchRun> runs = new LinkedHashMap<>();

        @Nullable
        Object memory;

        @Nullable
        BenchRoom session;

        String connection = "";
    }

    /** One request of the recording that is of no socket. */
    private record Asked(BenchRoom session, CompletableFuture<?> future) {}

    private final Transcript transcript;
    private final Conversation conversation;
    private final Rooms rooms;
    private final SplittableRandom random;
    private final Map<String, Client> clients = new LinkedHashMap<>();
    private final Map<String, Asked> asked = new HashMap<>();
    private final List<String> used = new ArrayList<>();
    private final List<String> unused = new ArrayList<>();
    private @Nullable String difference;

    DriftDbDecoderReplay(Transcript transcript, ReplayOptions options, Conversation conversation) {
        this.transcript = transcript;
        this.conversation = conversation;
        this.rooms = new Rooms(conversation);
        this.random = new SplittableRandom(options.seed());
        conversation.clients().forEach(letter -> clients.put(letter, new Client()));
    }

    Outcome run() throws TranscriptException {
        for (Line line : conversation.lines()) {
            switch (line.event().kind()) {
                case "ws-open" -> open(line);
                case "ws-recv" -> received(line);
                case "ws-send" -> sent(line);
                case "ws-close" -> closed(line);
                case "http-request" -> requested(line);
                case "http-response" -> responded(line);
                case "truth" -> rooms.write(line);
                default -> {}
            }
            if (difference != null) {
                return Outcome.failed(difference, used, unused);
            }
        }
        Map<String, Learned> learned = new LinkedHashMap<>();
        Map<String, Map<String, BigDecimal>> reduced = new LinkedHashMap<>();
        clients.forEach((letter, client) -> {
            learned.put(letter, client.learned);
            reduced.put(letter, reduced(client));
        });
        difference = Verdict.difference(transcript, conversation, learned, reduced);
        return difference == null
                ? Outcome.passed(used.size() + " frames and answers, decoded", used, unused)
                : Outcome.failed(difference, used, unused);
    }

    private Client client(Line line) {
        return Objects.requireNonNull(clients.get(line.client()));
    }

    /** A session of a client at a room; its rows go on unless the room is another one. */
    private BenchRoom session(Line line) {
        Client client = client(line);
        if (!client.learned.room().equals(line.room()) || client.memory == null) {
            client.learned.enters(line.room());
            client.runs.clear();
            client.memory = BenchRoom.memory();
        }
        client.connection = line.connection();
        BenchRoom session = new BenchRoom(line.room(), random, client.memory, rooms);
        client.session = session;
        session.db().onSize(size -> client.learned.size(size.key(), size.size()));
        session.db().onError(error -> client.learned.error(client.connection));
        // Something has to want the socket: the recorded client was there before it asked for anything.
        forget(session.db().latency(DEADLINE));
        return session;
    }

    private static void forget(CompletableFuture<?> future) {
        future.whenComplete((done, failure) -> {});
    }

    private void open(Line line) {
        session(line).open();
    }

    private void received(Line line) throws TranscriptException {
        BenchRoom session = client(line).session;
        byte[] bytes = Conversation.bytes(line.event());
        if (session == null || bytes == null || !session.bench().isSocketOpen()) {
            unused.add(line.connection() + ":" + line.line());
            return;
        }
        used.add(line.connection() + ":" + line.line());
        Message message = line.message();
        DataKind kind = line.event().text("text") == null ? DataKind.BINARY : DataKind.TEXT;
        if (message != null && line.receives("pong")) {
            return;
        }
        if (message != null && line.receives("init")) {
            Long above = session.asked(message.key());
            long recorded = conversation.askedAbove(line, message.key());
            if (above != null && above != recorded) {
                session.bench()
                        .data(kind, rooms.init(line, message, recorded, above).bytes());
                return;
            }
        }
        session.bench().data(kind, bytes);
    }

    private void sent(Line line) {
        Message message = line.message();
        Client client = client(line);
        BenchRoom session = client.session;
        if (message == null || session == null) {
            return;
        }
        if (message.is("get") && message.members().get("key") instanceof String) {
            follow(message.key(), client, session);
        } else if (Pushes.isPush(message)) {
            rooms.write(line);
            try {
                forget(session.db().push(Pushes.of(message), DEADLINE));
            } catch (ConfigurationException e) {
                unused.add(line.connection() + ":" + line.line());
            }
        }
        session.open();
    }

    private void follow(String key, Client client, BenchRoom session) {
        String room = client.learned.room();
        BenchRun run = client.runs.computeIfAbsent(key, name -> {
            BenchRun fresh = new BenchRun(Conversation.query(conversation.queries(letter(client)), name));
            fresh.rows().watch(new DecoderRows.Watcher() {
                @Override
                public void put(Row row) {
                    client.learned.row(room, name, row);
                }

                @Override
                public void passed(Object event) {
                    client.learned.event(room, name, event);
                }
            });
            return fresh;
        });
        if (!run.isActive()) {
            session.bench().subscribe(run);
        }
    }

    private String letter(Client client) {
        return clients.entrySet().stream()
                .filter(entry -> entry.getValue().equals(client))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private void closed(Line line) {
        Client client = client(line);
        if (!line.connection().equals(client.connection)) {
            // It was never open: refused, or without an answer to the upgrade, as for a room that is gone.
            boolean wasAsked = conversation.exchanges().containsKey(line.connection());
            if (wasAsked) {
                rooms.lose(line.room());
            }
            Line there = line.room().isEmpty() ? line.in(client.learned.room()) : line;
            BenchRoom session = session(there);
            session.bench()
                    .ended(WireEnd.of(
                            wasAsked ? WireEnd.Kind.BROKEN : WireEnd.Kind.REFUSED, "no answer was recorded", null));
            return;
        }
        BenchRoom session = client.session;
        if (session != null) {
            session.bench().ended(WireEnd.of(WireEnd.Kind.BROKEN, "the recorded connection ended", null));
        }
    }

    private void requested(Line line) {
        String id = String.valueOf(line.event().text("id"));
        RecordedExchange exchange = conversation.exchanges().get(id);
        if (exchange == null || Conversation.isUpgrade(exchange)) {
            return;
        }
        rooms.write(line);
        BenchRoom[] made = new BenchRoom[1];
        CompletableFuture<?> future = ApiRequest.make(exchange, line.message(), room -> {
            made[0] = new BenchRoom(room, random, BenchRoom.memory(), rooms);
            made[0].expect(exchange, line.message());
            return made[0].db();
        });
        if (future == null || !made[0].isHeld()) {
            unused.add(id);
        } else {
            asked.put(id, new Asked(made[0], future));
        }
    }

    private void responded(Line line) {
        String id = String.valueOf(line.event().text("id"));
        RecordedExchange exchange = conversation.exchanges().get(id);
        if (exchange == null || exchange.response() == null) {
            return;
        }
        int status = exchange.response().status();
        if (Conversation.isUpgrade(exchange)) {
            session(line).bench().opened(status);
            client(line).learned.refused(line.connection(), status);
            return;
        }
        Asked request = asked.remove(id);
        if (request == null) {
            return;
        }
        used.add(id);
        request.session().answer(exchange.response());
        boolean good = request.future().isDone() && !request.future().isCompletedExceptionally();
        if (good != (status == 200) || !request.future().isDone()) {
            difference = exchange.place() + " was answered by status " + status + ", but ours "
                    + (good ? "succeeded" : request.future().isDone() ? "failed" : "does not end");
        }
    }

    /** A reducer that adds up {@code apply} and starts over at {@code reset}. */
    private static Map<String, BigDecimal> reduced(Client client) {
        Map<String, BigDecimal> reduced = new HashMap<>();
        client.runs.forEach((key, run) -> {
            BigDecimal sum = BigDecimal.ZERO;
            List<Row> rows = new ArrayList<>(run.rows().rows());
            rows.sort(Comparator.comparing(row -> new BigDecimal(String.valueOf(row.get("seq")))));
            for (Row row : rows) {
                if (row.get("value") instanceof Map<?, ?> envelope) {
                    if (envelope.get("reset") instanceof Number start) {
                        sum = new BigDecimal(start.toString());
                    } else if (envelope.get("apply") instanceof Number more) {
                        sum = sum.add(new BigDecimal(more.toString()));
                    }
                }
            }
            reduced.put(key, sum);
        });
        return reduced;
    }
}
