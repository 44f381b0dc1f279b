package dev.tributary.replay.spacetimedb;

import dev.tributary.Change;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.replay.spacetimedb.Changeover.TableChange;
import dev.tributary.spacetimedb.ProcedureOutcome;
import dev.tributary.spacetimedb.QueryResult;
import dev.tributary.spacetimedb.ReducerOutcome;
import dev.tributary.spacetimedb.SpacetimeDb;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The application of the recording: asks for what the recorded client asked for, through our API, and writes down what it
 * hears. A recorded query set becomes a view of ours for each of its tables.
 */
final class OurApplication implements OurView.Hearer {

    private static final Duration DEADLINE = Duration.ofHours(1);
    private static final String REFUSED = "the query was refused: ";

    private final SyncSource source;
    private final SpacetimeDb db;
    private final Module module;
    private final Book book;
    private final List<OurView> views = new ArrayList<>();
    private final List<Asked> unsent = new ArrayList<>();
    /** What our API refused, which has no outcome of ours. */
    private final List<Entry> passedOver = new ArrayList<>();

    private final List<String> refused = new ArrayList<>();
    /** What was told when it was read anew, by connection and table. */
    private final Map<String, Map<String, TableChange>> resets = new LinkedHashMap<>();
    /** How often a row of an event table was heard since the last frame, by table and row: by each view, and in all. */
    private final Map<String, Integer> heard = new HashMap<>();

    private @Nullable Played current;
    private boolean isIdle;
    private boolean isOver;

    OurApplication(SyncSource source, SpacetimeDb db, Module module, Book book) {
        this.source = source;
        this.db = db;
        this.module = module;
        this.book = book;
        // Something has to want the connection: the recorded client was there before it asked for anything.
        db.connection(DEADLINE).whenComplete((info, failure) -> {});
    }

    List<OurView> views() {
        return views;
    }

    /** What was asked for and not sent yet, the oldest first. */
    List<Asked> unsent() {
        return unsent;
    }

    List<Entry> passedOver() {
        return passedOver;
    }

    /** What our API refused, in words. */
    List<String> refused() {
        return refused;
    }

    Map<String, Map<String, TableChange>> resets() {
        return resets;
    }

    /** From now on what fails does so because it is closed. */
    void over() {
        isOver = true;
    }

    // ---- what it hears ----

    /** Whether there was a moment in which nothing was wanted, so that our client need have no connection. */
    boolean wasIdle() {
        return isIdle;
    }

    /** Our client got a connection that stands for one that it let go of. */
    void connectedAgain() {
        isIdle = false;
    }

    /** Our client got this connection. */
    void connected(Played on) {
        current = on;
        isIdle = false;
        if (views.stream().anyMatch(OurView::isOpen)) {
            resets.put(on.id(), new LinkedHashMap<>());
        }
    }

    private Shapes shapes() {
        return module.shapes(current != null && current.subprotocol().isJson());
    }

    @Override
    public void reset(String table, Change<Row> change) {
        resets.computeIfAbsent(current == null ? "" : current.id(), connection -> new LinkedHashMap<>())
                .computeIfAbsent(table, name -> TableChange.nothing())
                .add(shapes().table(table), change.before(), change.after());
    }

    /** The next frame comes. */
    void frame() {
        heard.clear();
    }

    /** A row that several views hear has passed by as often as the one that hears it most often says. */
    @Override
    public void event(OurView view, Row row) {
        Shape shape = shapes().table(view.table());
        String spelled = shape.ofValue(row.toMap());
        String place = view.table() + ' ' + spelled;
        int times = heard.merge(views.indexOf(view) + " " + place, 1, Integer::sum);
        if (times > heard.getOrDefault(place, 0)) {
            heard.put(place, times);
            book.events.add(new Book.Event(view.table(), shape, spelled));
        }
    }

    // ---- what it does ----

    void ask(Played on, Request request) {
        Entry entry = new Entry(on.id()).with("request_id", request.requestId());
        if (request instanceof Request.Subscribe set) {
            book.subscriptions.add(entry.with("id", set.querySet()));
            on.subscriptions.put(set.requestId(), entry);
            List<OurView> parts = follow(on, set.querySet(), set.queries(), entry);
            on.sets.putIfAbsent(set.querySet(), parts);
            on.asking.put(set.requestId(), parts);
        } else if (request instanceof Request.Legacy set) {
            replace(on, set, entry);
        } else if (request instanceof Request.Unsubscribe set) {
            List<OurView> parts = on.sets.remove(set.querySet());
            on.leaving.put(set.requestId(), parts == null ? List.of() : parts);
            leave(parts, set.querySet());
        } else if (request instanceof Request.Call call) {
            book.calls.add(entry.with("reducer", call.reducer()));
            call(made(on, new Asked(call, entry)), call);
        } else if (request instanceof Request.Procedure call) {
            book.procedures.add(entry.with("procedure", call.procedure()));
            Asked made = made(on, new Asked(call, entry));
            made.future(db.callProcedure(call.procedure(), call.arguments(), DEADLINE)
                    .whenComplete((outcome, failure) -> ended(made, outcome)));
        } else if (request instanceof Request.OneOff query) {
            ask(on, query);
        }
    }

    private void ask(Played on, Request.OneOff query) {
        Entry entry = new Entry(on.id()).with("query", query.query());
        if (query.messageId() == null) {
            entry.with("request_id", query.requestId());
        } else {
            entry.with("message_id", query.messageId());
        }
        book.queries.add(entry);
        Asked made = made(on, new Asked(query, entry));
        made.future(db.oneOffQuery(query.query(), DEADLINE)
                .whenComplete((result, failure) -> ended(made, result, failure)));
    }

    private void leave(@Nullable List<OurView> parts, long set) {
        if (parts != null) {
            parts.forEach(part -> part.leave(set));
            isIdle |= views.stream().noneMatch(OurView::isOpen);
        }
    }

    private Asked made(Played on, Asked made) {
        on.asked.add(made);
        unsent.add(made);
        return made;
    }

    // ---- query sets ----

    /** The legacy way: all that was asked for so before is let go of. What is asked for again stays as it is. */
    private void replace(Played on, Request.Legacy set, Entry entry) {
        // No set of a recording has such a number.
        long id = -1 - set.requestId();
        List<Long> before =
                on.sets.keySet().stream().filter(number -> number < 0).toList();
        Selects selects = Selects.of(set.queries(), module.schema());
        List<OurView> gone = new ArrayList<>();
        for (long old : before) {
            List<OurView> parts = on.sets.remove(old);
            for (OurView part : parts == null ? List.<OurView>of() : parts) {
                boolean stays = part.isOpen() && part.isOf(selects.byTable().getOrDefault(part.table(), List.of()));
                if (stays) {
                    part.use(on.id(), id);
                }
                gone.add(part);
            }
            leave(parts, old);
        }
        List<OurView> parts = follow(on, id, set.queries(), entry);
        on.sets.put(id, parts);
        on.asking.put(set.requestId(), parts);
        on.leaving.put(set.requestId(), gone);
    }

    private List<OurView> follow(Played on, long set, List<String> queries, Entry entry) {
        Selects selects = Selects.of(queries, module.schema());
        List<OurView> parts = new ArrayList<>();
        selects.byTable().forEach((table, selected) -> {
            OurView view = view(on, table, selected);
            view.use(on.id(), set);
            parts.add(view);
        });
        if (!selects.refused().isEmpty()) {
            refused.add("a view of " + selects.refused());
            passedOver.add(entry);
        }
        return parts;
    }

    /** The view that is open already, for another set or from an earlier connection, or a new one. */
    private OurView view(Played on, String table, List<String> queries) {
        boolean isDivided = false;
        for (OurView each : views) {
            if (each.isOpen() && each.table().equals(table)) {
                if (each.isOf(queries)) {
                    return each;
                }
                isDivided = on.subprotocol().isFirst();
            }
        }
        if (isDivided) {
            on.divide();
        }
        OurView made = new OurView(source, table, queries, this);
        views.add(made);
        return made;
    }

    /** The rows of all views that are open, each row of a table once. */
    Map<String, List<Row>> rows() {
        Map<String, Set<Row>> rows = new LinkedHashMap<>();
        for (OurView view : views) {
            if (view.isOpen() && !view.rows().isEmpty()) {
                rows.computeIfAbsent(view.table(), name -> new LinkedHashSet<>())
                        .addAll(view.rows());
            }
        }
        Map<String, List<Row>> lists = new LinkedHashMap<>();
        rows.forEach((table, all) -> lists.put(table, List.copyOf(all)));
        return lists;
    }

    // ---- calls ----

    private void call(Asked call, Request.Call request) {
        if (request.silent()) {
            call.entry().end("sent", null);
            call.future(db.sendReducer(request.reducer(), request.arguments(), DEADLINE));
        } else {
            call.future(db.callReducer(request.reducer(), request.arguments(), DEADLINE)
                    .whenComplete((outcome, failure) -> ended(call, outcome)));
        }
    }

    private void ended(Asked call, @Nullable ReducerOutcome outcome) {
        if (outcome instanceof ReducerOutcome.Committed) {
            call.entry().end("committed", null);
        } else if (outcome instanceof ReducerOutcome.Failed failed) {
            call.entry().end("failed", failed.reason());
        } else if (outcome instanceof ReducerOutcome.InternalError failed) {
            call.entry().end("internal_error", failed.reason());
        } else if (outcome instanceof ReducerOutcome.OutOfEnergy) {
            call.entry().end("out_of_energy", null);
        } else if (!isOver) {
            notSent(call);
        }
    }

    private void ended(Asked call, @Nullable ProcedureOutcome outcome) {
        if (outcome instanceof ProcedureOutcome.Returned returned) {
            call.entry().end("returned", null);
            call.entry().value(shapes().procedure(String.valueOf(call.entry().get("procedure"))), returned.value());
        } else if (outcome instanceof ProcedureOutcome.InternalError failed) {
            call.entry().end("internal_error", failed.reason());
        } else if (outcome instanceof ProcedureOutcome.OutOfEnergy) {
            call.entry().end("out_of_energy", null);
        } else if (!isOver) {
            notSent(call);
        }
    }

    private void ended(Asked query, @Nullable QueryResult result, @Nullable Throwable failure) {
        if (result != null) {
            query.entry().end("answered", null);
            query.entry().with("tables", List.of(Map.of("table", result.table(), "count", BigDecimal.valueOf((long)
                    result.rows().size()))));
        } else if (failure != null && query.ours() != null) {
            String text = String.valueOf(failure.getMessage());
            query.entry().end("failed", text.startsWith(REFUSED) ? text.substring(REFUSED.length()) : text);
        } else if (!isOver) {
            notSent(query);
        }
    }

    /** Our API rightly refuses what the server would refuse. */
    private void notSent(Asked request) {
        unsent.remove(request);
        if (request.ours() == null) {
            refused.add(request.entry().toString());
            passedOver.add(request.entry());
        }
    }
}
