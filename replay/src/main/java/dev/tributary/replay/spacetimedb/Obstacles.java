package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.spacetimedb.codec.Subprotocol;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds why a recording is no conversation that a whole client of ours can have. */
final class Obstacles {

    private static final String INTERNAL = "Internal error";

    /** The queries of a set over one table, by the table. */
    private record Live(Map<String, List<String>> byTable) {

        /** The tables of which the other has other queries. */
        Set<String> overlap(Live other) {
            Set<String> tables = new LinkedHashSet<>();
            byTable.forEach((table, queries) -> {
                List<String> others = other.byTable.get(table);
                if (others != null && !others.equals(queries)) {
                    tables.add(table);
                }
            });
            return tables;
        }
    }

    /** One connection, as far as it has been read. */
    private static final class Line {

        private final Played played;
        private final Map<Long, Live> live = new LinkedHashMap<>();
        private final Map<Long, Request> requests = new HashMap<>();
        private boolean hasLegacy;

        Line(Played played) {
            this.played = played;
        }
    }

    private final Transcript transcript;
    private final Module module;
    private final Map<String, Line> lines = new HashMap<>();
    /** Tables over which a connection of v1 has several queries: whose a change is, it does not say. */
    private final Set<String> shared = new LinkedHashSet<>();

    private Obstacles(Transcript transcript, Module module) {
        this.transcript = transcript;
        this.module = module;
    }

    /** The first reason; null when there is none. */
    static @Nullable String of(Transcript transcript, @Nullable Module module) {
        return module == null ? "there is no schema" : new Obstacles(transcript, module).find();
    }

    private @Nullable String find() {
        Object compared = Json.members(transcript.finalState()).get("connection");
        String last = null;
        boolean isThere = false;
        for (Transcript.Event event : transcript.events()) {
            if (event.kind().equals("ws-open")) {
                last = event.text("id");
                isThere |= last != null && last.equals(compared);
            }
        }
        if (isThere && !Objects.equals(compared, last)) {
            return "what is compared is an earlier connection than the last";
        }
        for (Transcript.Event event : transcript.events()) {
            String id = String.valueOf(event.text("id"));
            Line line = lines.get(id);
            String reason = switch (event.kind()) {
                case "ws-open" -> opened(id, event);
                case "ws-send" -> line == null ? null : sent(line, event);
                case "ws-recv" -> line == null ? null : received(line, event);
                default -> null;
            };
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    private @Nullable String opened(String id, Transcript.Event event) {
        Subprotocol subprotocol =
                Subprotocol.of(SpacetimeDbClientReplay.agreed(event)).orElse(null);
        if (subprotocol == null) {
            return "the server agreed to no protocol that is known";
        }
        lines.put(id, new Line(new Played(id, subprotocol)));
        return shared.isEmpty() ? null : whoseIsIt(shared);
    }

    private static String whoseIsIt(Set<String> tables) {
        return "two sets have table " + String.join(", ", tables)
                + ", and after that rows of it come, of which v1 does not tell whose they are";
    }

    private @Nullable String sent(Line line, Transcript.Event event) {
        for (Request request : SpacetimeDbClientReplay.requests(line.played, event)) {
            line.requests.put(request.requestId(), request);
            if (request instanceof Request.Unsubscribe set) {
                line.live.remove(set.querySet());
            } else if (request instanceof Request.Subscribe set && !line.live.containsKey(set.querySet())) {
                add(line, set.querySet(), set.queries());
            } else if (request instanceof Request.Legacy set) {
                line.live.keySet().removeIf(id -> id < 0);
                add(line, -1 - set.requestId(), set.queries());
            }
        }
        return null;
    }

    private void add(Line line, long set, List<String> queries) {
        line.live.put(set, new Live(Selects.of(queries, module.schema()).byTable()));
    }

    private @Nullable String received(Line line, Transcript.Event event) {
        ServerFrame frame = ServerFrame.of(line.played.subprotocol(), event);
        for (Message message : frame.messages()) {
            About about = line.played.about(message);
            String reason = switch (about.kind()) {
                case CONNECTED -> {
                    line.played.connected(message, frame);
                    yield null;
                }
                case LEGACY -> {
                    line.hasLegacy = true;
                    yield shares(line, -1 - about.request());
                }
                case APPLIED ->
                    line.requests.get(about.request()) instanceof Request.Subscribe set
                            ? shares(line, set.querySet())
                            : null;
                case REFUSED -> refused(line, about);
                case CHANGES, CALLED -> changed(about);
                case RELEASED, QUERIED, RETURNED, OTHER -> null;
            };
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    private @Nullable String shares(Line line, long set) {
        Live applied = line.live.get(set);
        if (line.played.subprotocol().isFirst() && applied != null) {
            line.live.forEach((id, other) -> {
                if (id != set) {
                    shared.addAll(applied.overlap(other));
                }
            });
        }
        return null;
    }

    private @Nullable String changed(About about) {
        Set<String> doubtful = new LinkedHashSet<>(about.tables());
        doubtful.retainAll(shared);
        return doubtful.isEmpty() ? null : whoseIsIt(doubtful);
    }

    private static @Nullable String refused(Line line, About about) {
        Request request = line.requests.get(about.request());
        if (request instanceof Request.Unsubscribe
                && String.valueOf(about.error()).startsWith(INTERNAL)) {
            return "the server let go of a query without its rows";
        }
        if (request instanceof Request.Legacy && line.hasLegacy) {
            return "a legacy subscription that replaces another is refused, and the other goes on";
        }
        if (request instanceof Request.Subscribe set) {
            line.live.remove(set.querySet());
        } else if (request instanceof Request.Legacy) {
            line.live.remove(-1 - about.request());
        }
        return null;
    }
}
