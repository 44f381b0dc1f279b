package dev.tributary.replay.spacetimedb;

import dev.tributary.Change;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ProtocolReplay;
import dev.tributary.replay.recording.RecordedSockets;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Script;
import dev.tributary.replay.recording.Step;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.spacetimedb.Changeover.TableChange;
import dev.tributary.spacetimedb.Arguments;
import dev.tributary.spacetimedb.ProcedureOutcome;
import dev.tributary.spacetimedb.ProtocolVersion;
import dev.tributary.spacetimedb.QueryResult;
import dev.tributary.spacetimedb.ReducerOutcome;
import dev.tributary.spacetimedb.SpacetimeDb;
import dev.tributary.spacetimedb.codec.Subprotocol;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One replay of one transcript of {@code v1.json} with a whole client: the recording is its server, and its application. A
 * recorded query set becomes a view of ours for each of its tables.
 */
final class SpacetimeDbClientReplay implements RecordedSockets.Listener {

    private static final Duration DEADLINE = Duration.ofHours(1);
    private static final String REFUSED = "the query was refused: ";
    private static final String INTERNAL = "Internal error";

    /** Something recorded that was asked through our API. */
    private static final class Asked {

        private final Request request;
        private final Entry entry;
        /** What our client calls it; null until it was sent. */
        private @Nullable String ours;

        private @Nullable CompletableFuture<?> future;

        Asked(Request request, Entry entry) {
            this.request = request;
            this.entry = entry;
        }

        /** Whether it never went out: our API refused it. */
        boolean isRefused() {
            return ours == null && future != null && future.isDone();
        }
    }

    private final Transcript transcript;
    private final Module module;
    private final Shapes shapes;
    private final SimulatedEnvironment environment;
    private final RecordedSockets sockets;
    private final SimulatedWireProvider wires;
    private final Script script;
    private final Book book = new Book();
    private final Changeover changeover = new Changeover();
    private final Map<String, Map<String, TableChange>> resets = new LinkedHashMap<>();
    private final List<OurView> views = new ArrayList<>();
    /** By connection and recorded id. */
    private final Map<String, List<OurView>> sets = new LinkedHashMap<>();
    /** By connection and recorded number, of those that were answered or wait. */
    private final Map<String, List<OurView>> setRequests = new LinkedHashMap<>();

    private final Map<String, List<OurView>> releases = new LinkedHashMap<>();
    private final Map<String, Entry> subscriptions = new LinkedHashMap<>();
    private final Map<String, List<Asked>> asked = new LinkedHashMap<>();
    private final List<Asked> unsent = new ArrayList<>();
    private final Map<String, BigDecimal> selves = new LinkedHashMap<>();
    private final List<String> refused = new ArrayList<>();
    private final List<Entry> passedOver = new ArrayList<>();
    private final List<String> used = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private @Nullable SyncSource source;
    private @Nullable SpacetimeDb db;
    private @Nullable String difference;
    private String current = "";
    private boolean isOver;

    SpacetimeDbClientReplay(Transcript transcript, ReplayOptions options, Module module) {
        this.transcript = transcript;
        this.module = module;
        this.shapes = module.shapes(true);
        this.environment = new SimulatedEnvironment(options.seed());
        this.sockets =
                new RecordedSockets(environment, this, Map.of("sec-websocket-protocol", Subprotocol.V1_JSON.token()));
        this.wires = new SimulatedWireProvider(
                Set.of("ws", "wss", "http", "https"),
                sockets::attempt,
                SimulatedNetwork.PERFECT.pieces(options.mostPiece()));
        this.script = new Script(steps());
    }

    Outcome run() {
        String reached;
        try (SyncSource opened = open()) {
            source = opened;
            db = opened.unwrap(SpacetimeDb.class);
            // Something has to want the connection: the recorded client was there before it asked for anything.
            Objects.requireNonNull(db).connection(DEADLINE).whenComplete((info, failure) -> {});
            script.play(environment);
            environment.run();
            if (difference == null) {
                difference = finalDifference();
            }
            reached = views.size() + " views after " + used.size() + " frames"
                    + (refused.isEmpty() ? "" : "; our API refused " + String.join(", ", refused));
            isOver = true;
        }
        // What was closed must come to rest before its environment is forgotten.
        environment.runUntilQuiet(Duration.ZERO);
        if (difference == null && !environment.failures().isEmpty()) {
            difference = "our client threw where nobody catches: "
                    + ProtocolReplay.describe(environment.failures().get(0));
        }
        List<String> unused = script.skipped().stream()
                .map(step -> step.connection() + ":" + step.line())
                .toList();
        return difference == null ? Outcome.passed(reached, used, unused) : Outcome.failed(difference, used, unused);
    }

    /** What our client still held after it was closed. */
    SimulatedEnvironment.Pending leftBehind() {
        return environment.pending();
    }

    private SyncSource open() {
        return SpacetimeDb.source(URI.create("ws://replay.invalid/database"))
                .protocols(ProtocolVersion.V1_JSON)
                .schema(module.text())
                .environment(environment)
                .wires(wires)
                .listener(new SourceListener() {
                    @Override
                    public void onFault(Query query, String what, String where) {
                        faults.add(what + " (" + where + ")");
                    }
                })
                .open();
    }

    private void differ(String what) {
        if (difference == null) {
            difference = what + (faults.isEmpty() ? "" : "; our client reported " + faults.get(faults.size() - 1));
            script.stop();
        }
    }

    // ---- the steps ----

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        List<Transcript.Event> events = transcript.events();
        for (int i = 0; i < events.size(); i++) {
            Transcript.Event event = events.get(i);
            String id = String.valueOf(event.text("id"));
            boolean opensLater = events.subList(i, events.size()).stream()
                    .anyMatch(other -> other.kind().equals("ws-open"));
            switch (event.kind()) {
                case "ws-open" ->
                    steps.add(Step.place(event.line(), event.time(), earlier -> false, () -> sockets.offer(id)));
                case "ws-send" ->
                    ClientFrame.read(Subprotocol.V1_JSON, bytes(event), true)
                            .forEach(request ->
                                    steps.add(Step.place(event.line(), event.time(), () -> ask(id, request))));
                case "ws-recv" -> steps.add(received(id, event));
                case "ws-close" ->
                    steps.add(Step.place(event.line(), event.time(), () -> close(id, event, opensLater)));
                default -> {}
            }
        }
        return steps;
    }

    private static byte[] bytes(Transcript.Event event) {
        return String.valueOf(event.text("text")).getBytes(StandardCharsets.UTF_8);
    }

    private void close(String id, Transcript.Event event, boolean opensLater) {
        String by = String.valueOf(event.text("by"));
        int code = event.members().get("code") instanceof BigDecimal number ? number.intValue() : 1006;
        if (!by.equals("client") || opensLater) {
            sockets.end(id, code, Objects.requireNonNullElse(event.text("reason"), ""));
        }
    }

    private static String at(String connection, Object id) {
        return connection + " " + id;
    }

    // ---- what the application does ----

    private void ask(String id, Request request) {
        Entry entry = new Entry(id).with("request_id", request.requestId());
        if (request instanceof Request.Subscribe set) {
            book.subscriptions.add(entry.with("id", set.querySet()));
            subscriptions.put(at(id, set.requestId()), entry);
            follow(id, set, entry);
        } else if (request instanceof Request.Unsubscribe set) {
            List<OurView> gone = sets.getOrDefault(at(id, set.querySet()), List.of());
            sets.remove(at(id, set.querySet()));
            releases.put(at(id, set.requestId()), gone);
            gone.forEach(OurView::close);
        } else if (request instanceof Request.Call call) {
            book.calls.add(entry.with("reducer", call.reducer()));
            call(id, new Asked(call, entry), call);
        } else if (request instanceof Request.Procedure call) {
            book.procedures.add(entry.with("procedure", call.procedure()));
            Asked made = made(id, new Asked(call, entry));
            made.future = db().callProcedure(call.procedure(), Arguments.json(call.arguments()), DEADLINE)
                    .whenComplete((outcome, failure) -> ended(made, outcome));
        } else if (request instanceof Request.OneOff query) {
            Entry asks = new Entry(id)
                    .with("message_id", String.valueOf(query.messageId()))
                    .with("query", query.query());
            book.queries.add(asks);
            Asked made = made(id, new Asked(query, asks));
            made.future = db().oneOffQuery(query.query(), DEADLINE)
                    .whenComplete((result, failure) -> ended(made, result, failure));
        } else {
            refused.add("the legacy subscription " + request.requestId());
        }
    }

    private SpacetimeDb db() {
        return Objects.requireNonNull(db);
    }

    private Asked made(String id, Asked made) {
        asked.computeIfAbsent(id, connection -> new ArrayList<>()).add(made);
        unsent.add(made);
        return made;
    }

    private void follow(String id, Request.Subscribe set, Entry entry) {
        Selects selects = Selects.of(set.queries(), module.schema());
        List<OurView> parts = new ArrayList<>();
        selects.byTable().forEach((table, queries) -> parts.add(view(id, table, queries)));
        if (!selects.refused().isEmpty()) {
            refused.add("a view of " + selects.refused());
            passedOver.add(entry);
        }
        sets.putIfAbsent(at(id, set.querySet()), parts);
        setRequests.put(at(id, set.requestId()), parts);
    }

    /** The view that is open already, where the recorded client came back, or a new one. */
    private OurView view(String id, String table, List<String> queries) {
        List<OurView> claimed = sets.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(id + " "))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
        for (OurView each : views) {
            if (each.isOpen() && each.table().equals(table) && each.isOf(queries) && !claimed.contains(each)) {
                return each;
            }
        }
        OurView made = new OurView(Objects.requireNonNull(source), table, queries, change -> changed(table, change));
        views.add(made);
        return made;
    }

    private void changed(String table, Change<Row> change) {
        resets.computeIfAbsent(current, connection -> new LinkedHashMap<>())
                .computeIfAbsent(table, name -> TableChange.nothing())
                .add(shapes.table(table), change.before(), change.after());
    }

    private void call(String id, Asked call, Request.Call request) {
        made(id, call);
        Arguments arguments = Arguments.json(request.arguments());
        if (request.silent()) {
            call.entry.end("sent", null);
            call.future = db().sendReducer(request.reducer(), arguments, DEADLINE);
        } else {
            call.future = db().callReducer(request.reducer(), arguments, DEADLINE)
                    .whenComplete((outcome, failure) -> ended(call, outcome));
        }
    }

    private void ended(Asked call, @Nullable ReducerOutcome outcome) {
        if (outcome instanceof ReducerOutcome.Committed) {
            call.entry.end("committed", null);
        } else if (outcome instanceof ReducerOutcome.Failed failed) {
            call.entry.end("failed", failed.reason());
        } else if (outcome instanceof ReducerOutcome.InternalError failed) {
            call.entry.end("internal_error", failed.reason());
        } else if (outcome instanceof ReducerOutcome.OutOfEnergy) {
            call.entry.end("out_of_energy", null);
        } else if (!isOver) {
            notSent(call);
        }
    }

    private void ended(Asked call, @Nullable ProcedureOutcome outcome) {
        if (outcome instanceof ProcedureOutcome.Returned returned) {
            call.entry.end("returned", null);
            call.entry.value(shapes.procedure(String.valueOf(call.entry.get("procedure"))), returned.value());
        } else if (outcome instanceof ProcedureOutcome.InternalError failed) {
            call.entry.end("internal_error", failed.reason());
        } else if (outcome instanceof ProcedureOutcome.OutOfEnergy) {
            call.entry.end("out_of_energy", null);
        } else if (!isOver) {
            notSent(call);
        }
    }

    private void ended(Asked query, @Nullable QueryResult result, @Nullable Throwable failure) {
        if (result != null) {
            query.entry.end("answered", null);
            query.entry.with("tables", List.of(Map.of("table", result.table(), "count", BigDecimal.valueOf((long)
                    result.rows().size()))));
        } else if (failure != null && query.ours != null) {
            String text = String.valueOf(failure.getMessage());
            query.entry.end("failed", text.startsWith(REFUSED) ? text.substring(REFUSED.length()) : text);
        } else if (!isOver) {
            notSent(query);
        }
    }

    /** Our API rightly refuses what the server would refuse. */
    private void notSent(Asked request) {
        unsent.remove(request);
        if (request.ours == null) {
            refused.add(request.entry.toString());
            passedOver.add(request.entry);
        }
    }

    // ---- what the server says ----

    private Step received(String id, Transcript.Event event) {
        JsonMessage message = JsonMessage.read(event.text("text"));
        return Step.frame(
                event.line(),
                event.time(),
                id,
                id,
                () -> sockets.find(id) != null && (message == null || isReady(id, message)),
                () -> sockets.isOver(id),
                () -> deliver(id, event, message));
    }

    private boolean isReady(String id, JsonMessage message) {
        return switch (message.variant()) {
            case "SubscribeApplied", "SubscribeMultiApplied" ->
                areAsked(id, setRequests.get(at(id, message.number("request_id"))));
            case "UnsubscribeApplied", "UnsubscribeMultiApplied" ->
                releases.getOrDefault(at(id, message.number("request_id")), List.of()).stream()
                        .allMatch(view -> view.ids(id) == null || view.release(id) != null);
            case "SubscriptionError" -> {
                List<OurView> parts = setRequests.get(at(id, message.number("request_id", "some")));
                yield parts == null || areAsked(id, parts);
            }
            case "TransactionUpdate" -> {
                Asked call = own(id, message);
                yield call == null || call.ours != null || call.isRefused();
            }
            case "OneOffQueryResponse", "ProcedureResult" -> {
                Asked request = answered(id, message);
                yield request == null || request.ours != null || request.isRefused();
            }
            default -> true;
        };
    }

    private static boolean areAsked(String id, @Nullable List<OurView> parts) {
        return parts != null && parts.stream().allMatch(view -> view.ids(id) != null || !view.isOpen());
    }

    /** The call of ours that a message is about; null for none. */
    private @Nullable Asked own(String id, JsonMessage message) {
        BigDecimal self = selves.get(id);
        boolean isOwn = self != null
                && message.at("caller_connection_id", "__connection_id__") instanceof BigDecimal caller
                && caller.compareTo(self) == 0;
        if (!isOwn) {
            return null;
        }
        long number = message.number("reducer_call", "request_id");
        Object name = message.at("reducer_call", "reducer_name");
        for (Asked each : asked.getOrDefault(id, List.of())) {
            if (each.request instanceof Request.Call call
                    && (number == 0 ? call.reducer().equals(name) : call.requestId() == number)) {
                return each;
            }
        }
        return null;
    }

    private @Nullable Asked answered(String id, JsonMessage message) {
        for (Asked each : asked.getOrDefault(id, List.of())) {
            boolean isIt = each.request instanceof Request.OneOff query
                    ? Objects.equals(query.messageId(), message.fields().get("message_id"))
                    : each.request instanceof Request.Procedure call
                            && call.requestId() == message.number("request_id");
            if (isIt) {
                return each;
            }
        }
        return null;
    }

    private void deliver(String id, Transcript.Event event, @Nullable JsonMessage message) {
        used.add(id + ":" + event.line());
        SimulatedConnection ours = Objects.requireNonNull(sockets.find(id));
        String text = String.valueOf(event.text("text"));
        if (message == null) {
            ours.text(text);
            return;
        }
        switch (message.variant()) {
            case "IdentityToken" -> {
                if (message.at("connection_id", "__connection_id__") instanceof BigDecimal self) {
                    selves.put(id, self);
                }
                ours.text(text);
            }
            case "SubscribeApplied", "SubscribeMultiApplied" -> applied(id, message, ours);
            case "UnsubscribeApplied", "UnsubscribeMultiApplied" -> released(id, message, ours);
            case "SubscriptionError" -> error(id, message, text, ours);
            case "TransactionUpdate" -> transaction(id, message, text, ours);
            case "OneOffQueryResponse", "ProcedureResult" -> answer(id, message, ours);
            default -> ours.text(text);
        }
    }

    private void applied(String id, JsonMessage message, SimulatedConnection ours) {
        String request = at(id, message.number("request_id"));
        for (OurView part : setRequests.getOrDefault(request, List.of())) {
            OurView.Ids ids = part.ids(id);
            if (ids != null) {
                ours.text(message.ofSet("SubscribeMultiApplied", ids.request(), ids.querySet(), part.table())
                        .text());
            }
        }
        Entry entry = subscriptions.get(request);
        if (entry != null) {
            entry.end("applied", null);
        }
    }

    private void released(String id, JsonMessage message, SimulatedConnection ours) {
        for (OurView part : releases.getOrDefault(at(id, message.number("request_id")), List.of())) {
            OurView.Ids ids = part.ids(id);
            Long release = part.release(id);
            if (ids != null && release != null) {
                ours.text(message.ofSet("UnsubscribeMultiApplied", release, ids.querySet(), part.table())
                        .text());
            }
        }
    }

    private void error(String id, JsonMessage message, String text, SimulatedConnection ours) {
        long request = message.number("request_id", "some");
        if (request < 0 && message.number("query_id", "some") < 0) {
            ours.text(text);
            return;
        }
        List<OurView> parts = setRequests.get(at(id, request));
        if (parts == null) {
            // Of what our API does not ask: an unknown set, or the legacy one.
            return;
        }
        for (OurView part : parts) {
            OurView.Ids ids = part.ids(id);
            if (ids != null) {
                ours.text(message.with("request_id", Map.of("some", BigDecimal.valueOf(ids.request())))
                        .with("query_id", Map.of("some", BigDecimal.valueOf(ids.querySet())))
                        .text());
            }
        }
        Entry entry = subscriptions.get(at(id, request));
        if (entry != null && !parts.isEmpty()) {
            // Told by our view once it has heard it.
            environment.run();
            String failure = parts.stream()
                    .map(OurView::failure)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
            if (failure == null) {
                differ("our client does not know that " + parts + " failed");
            } else {
                entry.end("failed", failure);
            }
        }
    }

    private void transaction(String id, JsonMessage message, String text, SimulatedConnection ours) {
        Asked call = own(id, message);
        if (call == null) {
            ours.text(text);
            return;
        }
        Objects.requireNonNull(asked.get(id)).remove(call);
        if (call.ours == null) {
            // Our API refused it, so there is nobody to tell.
            return;
        }
        if (message.number("reducer_call", "request_id") == 0) {
            ours.text(text);
            return;
        }
        Map<String, @Nullable Object> reducer =
                new LinkedHashMap<>(Json.members(message.fields().get("reducer_call")));
        reducer.put("request_id", new BigDecimal(call.ours));
        ours.text(message.with("reducer_call", reducer).text());
    }

    private void answer(String id, JsonMessage message, SimulatedConnection ours) {
        Asked request = answered(id, message);
        if (request == null || request.ours == null) {
            return;
        }
        Objects.requireNonNull(asked.get(id)).remove(request);
        ours.text(
                request.request instanceof Request.OneOff
                        ? message.with("message_id", request.ours).text()
                        : message.with("request_id", new BigDecimal(request.ours))
                                .text());
    }

    // ---- what our client does ----

    @Override
    public void opened(String id) {
        current = id;
        boolean comesBack = views.stream().anyMatch(OurView::isOpen);
        if (comesBack) {
            resets.put(id, new LinkedHashMap<>());
        }
    }

    @Override
    public void message(String id, DataKind kind, ByteBuffer bytes) {
        byte[] message = new byte[bytes.remaining()];
        bytes.duplicate().get(message);
        List<Request> requests = ClientFrame.read(Subprotocol.V1_JSON, message, kind == DataKind.TEXT);
        if (requests.isEmpty()) {
            differ("our client sent something that no server reads on " + id);
        }
        requests.forEach(request -> sent(id, request));
    }

    private void sent(String id, Request request) {
        if (request instanceof Request.Subscribe set) {
            for (OurView view : views) {
                if (view.isOf(set.queries()) && view.ids(id) == null) {
                    view.asked(id, set.requestId(), set.querySet());
                    return;
                }
                OurView.Ids before = view.ids(id);
                if (before != null && view.isOpen() && view.isOf(set.queries()) && !isOver) {
                    differ("our client asks again for " + view + ", the recorded one did not");
                }
            }
            return;
        }
        if (request instanceof Request.Unsubscribe set) {
            views.forEach(view -> view.released(id, set.requestId(), set.querySet()));
            return;
        }
        for (Asked each : unsent) {
            if (isSame(each.request, request)) {
                each.ours = request instanceof Request.OneOff query
                        ? String.valueOf(query.messageId())
                        : String.valueOf(request.requestId());
                unsent.remove(each);
                return;
            }
        }
    }

    private static boolean isSame(Request recorded, Request ours) {
        if (recorded instanceof Request.Call a && ours instanceof Request.Call b) {
            return a.reducer().equals(b.reducer()) && a.arguments().equals(b.arguments()) && a.silent() == b.silent();
        }
        if (recorded instanceof Request.Procedure a && ours instanceof Request.Procedure b) {
            return a.procedure().equals(b.procedure()) && a.arguments().equals(b.arguments());
        }
        return recorded instanceof Request.OneOff a
                && ours instanceof Request.OneOff b
                && a.query().equals(b.query());
    }

    @Override
    public void closed(String id) {
        if (!isOver) {
            differ("our client ended the connection " + id + ", the recorded one did not");
        }
    }

    // ---- the verdict ----

    private @Nullable String finalDifference() {
        String found = null;
        if (transcript.finalState() != null) {
            found = difference(Json.members(transcript.finalState()));
        }
        Step abandoned = script.abandoned();
        return found == null
                ? null
                : found
                        + (abandoned == null ? "" : "; our client never came to line " + abandoned.line())
                        + (faults.isEmpty() ? "" : "; our client reported " + faults.get(0));
    }

    private @Nullable String difference(Map<String, @Nullable Object> expected) {
        Map<String, List<Row>> rows = new LinkedHashMap<>();
        for (OurView view : views) {
            if (view.isOpen() && !view.rows().isEmpty()) {
                rows.computeIfAbsent(view.table(), name -> new ArrayList<>()).addAll(view.rows());
            }
        }
        String found = Tables.difference(expected.get("tables"), rows, shapes);
        found = found != null ? found : book.difference(withoutRefused(expected));
        List<String> connections = transcript.events().stream()
                .filter(event -> event.kind().equals("ws-open"))
                .map(event -> String.valueOf(event.text("id")))
                .toList();
        resets.forEach((connection, tables) -> changeover.add(connection, shapes, tables));
        return found != null ? found : changeover.difference(expected, Set.copyOf(connections));
    }

    /** What our API refused has no outcome of ours. */
    private Map<String, @Nullable Object> withoutRefused(Map<String, @Nullable Object> expected) {
        Map<String, @Nullable Object> left = new LinkedHashMap<>(expected);
        for (String sort : List.of("calls", "subscriptions", "procedures", "queries")) {
            left.computeIfPresent(
                    sort,
                    (name, entries) -> Json.elements(entries).stream()
                            .filter(entry -> passedOver.stream().noneMatch(other -> other.isOf(Json.members(entry))))
                            .toList());
        }
        book.calls.removeAll(passedOver);
        book.subscriptions.removeAll(passedOver);
        book.procedures.removeAll(passedOver);
        book.queries.removeAll(passedOver);
        return left;
    }

    // ---- whether it can be done ----

    /** Why a recording is no conversation of ours; null when it is one. */
    static @Nullable String obstacle(Transcript transcript, @Nullable Module module) {
        if (module == null) {
            return "there is no schema";
        }
        Map<String, Map<Long, Set<String>>> live = new LinkedHashMap<>();
        for (Transcript.Event event : transcript.events()) {
            String id = String.valueOf(event.text("id"));
            if (event.kind().equals("http-response") && id.matches("c[0-9]+")) {
                return "a handshake was refused";
            }
            boolean isFrame = event.kind().equals("ws-send") || event.kind().equals("ws-recv");
            if (isFrame && event.text("text") == null) {
                return "its frames are binary";
            }
            if (event.kind().equals("ws-recv")
                    && String.valueOf(event.text("text")).contains(INTERNAL)) {
                return "the server let go of a query without its rows";
            }
            if (event.kind().equals("ws-recv")
                    && String.valueOf(event.text("text")).startsWith("{\"InitialSubscription")) {
                return "it subscribes in the legacy way";
            }
            if (event.kind().equals("ws-send")) {
                List<Request> requests = ClientFrame.read(Subprotocol.V1_JSON, bytes(event), true);
                if (requests.isEmpty()) {
                    return "it sends what no server reads";
                }
                String overlap = overlap(live.computeIfAbsent(id, key -> new LinkedHashMap<>()), requests, module);
                if (overlap != null) {
                    return overlap;
                }
            }
        }
        return null;
    }

    private static @Nullable String overlap(Map<Long, Set<String>> live, List<Request> requests, Module module) {
        for (Request request : requests) {
            if (request instanceof Request.Unsubscribe set) {
                live.remove(set.querySet());
            } else if (request instanceof Request.Subscribe set && !live.containsKey(set.querySet())) {
                Set<String> tables =
                        Selects.of(set.queries(), module.schema()).byTable().keySet();
                for (Set<String> other : live.values()) {
                    if (other.stream().anyMatch(tables::contains)) {
                        return "two sets have one table, which v1 does not tell apart";
                    }
                }
                live.put(set.querySet(), tables);
            }
        }
        return null;
    }
}
