package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Documents;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.spacetimedb.codec.Subprotocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares what our client ended with, and what its application heard, with {@code final}. */
final class ClientVerdict {

    private final Transcript transcript;
    private final Module module;
    private final Book book;
    private final Ends ends;

    ClientVerdict(Transcript transcript, Module module, Book book, Ends ends) {
        this.transcript = transcript;
        this.module = module;
        this.book = book;
        this.ends = ends;
    }

    /** The first difference, or null. */
    @Nullable
    String difference(OurApplication application, ClientEnds known) {
        if (transcript.finalState() == null) {
            return null;
        }
        Map<String, @Nullable Object> expected = Json.members(transcript.finalState());
        Object identity = expected.get("identity");
        if (identity != null && !identity.equals(known.identity())) {
            return "identity: is '" + known.identity() + "', expected is " + Documents.shown(identity);
        }
        Map<String, Subprotocol> connections = connections();
        Object last = expected.get("connection");
        if (last != null && !last.equals(known.connection())) {
            return "connection: the last one is '" + known.connection() + "', expected is " + Documents.shown(last);
        }
        boolean lossy = connections
                .getOrDefault(String.valueOf(last), Subprotocol.V3_BSATN)
                .isJson();
        String found = Tables.difference(expected.get("tables"), application.rows(), module.shapes(lossy));
        found = found != null ? found : book.difference(withoutRefused(expected, application.passedOver()));
        Changeover changeover = new Changeover();
        application.resets().forEach((connection, tables) -> changeover.add(connection, module.shapes(lossy), tables));
        found = found != null ? found : changeover.difference(expected, Set.copyOf(connections.keySet()));
        return found != null ? found : ends.difference(expected);
    }

    private Map<String, Subprotocol> connections() {
        return transcript.events().stream()
                .filter(event -> event.kind().equals("ws-open"))
                .collect(Collectors.toMap(
                        event -> String.valueOf(event.text("id")),
                        event -> Subprotocol.of(SpacetimeDbClientReplay.agreed(event))
                                .orElse(Subprotocol.V3_BSATN),
                        (a, b) -> b,
                        LinkedHashMap::new));
    }

    /** What our API refused has no outcome of ours. */
    private Map<String, @Nullable Object> withoutRefused(
            Map<String, @Nullable Object> expected, List<Entry> passedOver) {
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
}
