package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.model.Agenda;
import dev.tributary.testkit.socket.HttpRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How a DriftDB server behaves, without sockets and threads: requests and messages in, answers and frames out, at the
 * times of a clock that is given. One thread at a time. Where nothing else is said it is the stand-alone server 0.1.4.
 */
public final class DriftDbModel {

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int WORKER_ID_LENGTH = 24;
    private static final long VERSION_MASK = 0xffff_ffff_ffff_0fffL;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_MASK = 0x3fff_ffff_ffff_ffffL;

    private final DriftDbOptions options;
    private final RandomGenerator random;
    private final Agenda agenda;
    private final HttpRoutes routes;
    private final DriftDbFaults faults = new DriftDbFaults();
    private final Map<String, DriftDbRoom> rooms = new LinkedHashMap<>();
    private int connections;
    private long controlFrames;
    private long droppedFrames;
    private long unusableMessages;
    private long receivedMessages;

    /** A server without rooms. */
    public DriftDbModel(DriftDbOptions options, LongSupplier millis, RandomGenerator random) {
        this(options, millis, random, () -> {});
    }

    /**
     * A server without rooms.
     *
     * @param onEarlierDeadline told when {@link #nextDeadline} has come nearer
     */
    public DriftDbModel(
            DriftDbOptions options, LongSupplier millis, RandomGenerator random, Runnable onEarlierDeadline) {
        this.options = options;
        this.random = random;
        agenda = new Agenda(millis, onEarlierDeadline);
        routes = new HttpRoutes(this, options.worker());
    }

    /** Which server it is. */
    public DriftDbOptions options() {
        return options;
    }

    /** What is to go wrong. */
    public DriftDbFaults faults() {
        return faults;
    }

    /** Handles a request; the answer may come now, at a later {@link #tick}, or never. */
    public void request(HttpRequest request, Consumer<Answer> reply) {
        AnswerFault fault = faults.request(request);
        if (fault == null) {
            reply.accept(routes.answer(request));
        } else if (fault instanceof AnswerFault.Respond respond) {
            reply.accept(new Answer.Response(respond.response()));
        } else if (fault instanceof AnswerFault.Cut cut) {
            if (cut.applied()) {
                apply(request);
            }
            reply.accept(new Answer.Cut());
        } else if (fault instanceof AnswerFault.Delay delay) {
            Answer answer = routes.answer(request);
            agenda.at(agenda.now() + delay.millis(), () -> reply.accept(answer));
        } else if (fault instanceof AnswerFault.Silence silence && silence.applied()) {
            apply(request);
        }
    }

    private void apply(HttpRequest request) {
        if (!request.isUpgrade()) {
            routes.answer(request);
        }
    }

    /** When {@link #tick} has something to do next. */
    public OptionalLong nextDeadline() {
        return agenda.next();
    }

    /** Does what is due. */
    public void tick() {
        agenda.tick();
    }

    /** A room with an id of the server's making. */
    public DriftDbRoom createRoom() {
        return createRoom(newId());
    }

    /** A room with an id of one's own. */
    public DriftDbRoom createRoom(String id) {
        return rooms.computeIfAbsent(id, DriftDbRoom::new);
    }

    /** A room there is, or null. */
    public @Nullable DriftDbRoom room(String id) {
        return rooms.get(id);
    }

    /** All rooms, oldest first. */
    public List<DriftDbRoom> rooms() {
        return List.copyOf(rooms.values());
    }

    /** All open connections. */
    public List<DriftDbConnection> connections() {
        return rooms.values().stream()
                .flatMap(room -> room.connections().stream())
                .toList();
    }

    /** The process ends and starts again: all connections end, and the stand-alone server has lost all rooms. */
    public void restart() {
        connections().forEach(DriftDbConnection::drop);
        if (options.worker()) {
            rooms.values().forEach(room -> room.reload(true));
        } else {
            rooms.clear();
        }
    }

    /**
     * A room is loaded again, as the worker's are: its connections end, and the counter starts over from the highest
     * number that is retained.
     *
     * @param entriesToo whether the entries are still there
     */
    public void reload(DriftDbRoom room, boolean entriesToo) {
        room.reload(entriesToo);
    }

    /** Forwards what waits on all connections. */
    public void drain() {
        connections().forEach(DriftDbConnection::drain);
    }

    /** How many ping and pong frames came from clients; the stand-alone server survives none. */
    public long controlFrames() {
        return controlFrames;
    }

    /** How many frames were dropped because a queue was full. */
    public long droppedFrames() {
        return droppedFrames;
    }

    /** How many messages could not be used. */
    public long unusableMessages() {
        return unusableMessages;
    }

    /** How many messages came over WebSockets that could be used. */
    public long receivedMessages() {
        return receivedMessages;
    }

    /** How many WebSockets were accepted so far. */
    public int accepted() {
        return connections;
    }

    Agenda agenda() {
        return agenda;
    }

    String newId() {
        if (options.worker()) {
            StringBuilder id = new StringBuilder();
            for (int i = 0; i < WORKER_ID_LENGTH; i++) {
                id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            return id.toString();
        }
        return new UUID(random.nextLong() & VERSION_MASK | VERSION_4, random.nextLong() & VARIANT_MASK | Long.MIN_VALUE)
                .toString();
    }

    /** The room a client names; the worker makes it. */
    @Nullable
    DriftDbRoom enter(String id) {
        return options.worker() ? createRoom(id) : rooms.get(id);
    }

    DriftDbConnection connect(DriftDbRoom room, boolean cbor, boolean debug) {
        boolean binary = cbor && !options.published();
        DriftDbConnection connection = new DriftDbConnection(this, room, ++connections, binary, debug);
        room.enter(connection);
        return connection;
    }

    void received(DriftDbConnection connection, ClientMessage message) {
        receivedMessages++;
        MessageFault fault = faults.message(message);
        if (fault == MessageFault.CUT_BEFORE) {
            connection.drop();
        } else if (fault == MessageFault.CUT_AFTER) {
            DriftDbRoom room = connection.room();
            connection.drop();
            if (message instanceof ClientMessage.Push push) {
                room.apply(push);
            }
        } else if (fault != MessageFault.LOSE) {
            if (fault == MessageFault.SILENCE_AFTER) {
                connection.silence(true);
            }
            handle(connection, message);
        }
    }

    private static void handle(DriftDbConnection connection, ClientMessage message) {
        DriftDbRoom room = connection.room();
        if (message instanceof ClientMessage.Push push) {
            ServerMessage notice = room.apply(push);
            if (notice != null) {
                connection.send(notice);
            }
        } else if (message instanceof ClientMessage.Get get) {
            connection.asked(get.key());
            if (get.seq() != null) {
                connection.send(room.above(get.key(), get.seq()));
            }
        } else if (message instanceof ClientMessage.Ping ping) {
            connection.send(new ServerMessage.Pong(ping.nonce()));
        }
    }

    void countControlFrame() {
        controlFrames++;
    }

    void countDropped() {
        droppedFrames++;
    }

    void countUnusable() {
        unusableMessages++;
    }
}
