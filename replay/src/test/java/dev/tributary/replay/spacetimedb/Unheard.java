package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.spacetimedb.codec.Subprotocol;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What of a recording a whole client of ours has no part in, or has forgotten when it ends: nothing can show there. */
final class Unheard {

    private final Transcript transcript;
    private final Module module;
    private final List<Entry> passedOver;

    private Unheard(Transcript transcript, Module module, List<Entry> passedOver) {
        this.transcript = transcript;
        this.module = module;
        this.passedOver = passedOver;
    }

    static Unheard of(Transcript transcript) {
        try {
            Module module = SpacetimeDbReplay.module(transcript);
            SpacetimeDbClientReplay replay = new SpacetimeDbClientReplay(transcript, new ReplayOptions(1, 0), module);
            replay.run();
            return new Unheard(transcript, module, replay.passedOver());
        } catch (TranscriptException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What our API refused by itself: whether this place in {@code final} tells how it ended. */
    boolean isRefused(String place) {
        String[] path = place.split("[/ ]", 5);
        if (path.length < 3 || !(Json.members(transcript.finalState()).get(path[1]) instanceof List<?> list)) {
            return false;
        }
        Object entry = list.get(Integer.parseInt(path[2]));
        return passedOver.stream().anyMatch(refused -> refused.isOf(Json.members(entry)));
    }

    private boolean isRefused(About about) {
        return about.kind() == About.Kind.CALLED
                && passedOver.stream()
                        .anyMatch(entry ->
                                about.request() == 0 && !about.reducer().isEmpty()
                                        ? about.reducer().equals(entry.get("reducer"))
                                        : entry.get("request_id") instanceof BigDecimal number
                                                && number.longValue() == about.request());
    }

    /** Changes of tables that were let go of later, and answers to calls that our API refused by itself. */
    boolean isForgotten(Transcript.Event event) {
        return isForgotten(event, null);
    }

    /** @param table what is asked about; null for the whole event */
    boolean isForgotten(Transcript.Event event, String table) {
        Played on = null;
        Map<Long, Set<String>> sets = new HashMap<>();
        Set<String> changed = new HashSet<>();
        for (Transcript.Event each : transcript.events()) {
            if (!event.text("id").equals(each.text("id"))) {
                continue;
            }
            if (each.kind().equals("ws-open")) {
                on = new Played(
                        each.text("id"),
                        Subprotocol.of(SpacetimeDbClientReplay.agreed(each)).orElseThrow());
            } else if (each.kind().equals("ws-recv")) {
                ServerFrame frame = ServerFrame.of(on.subprotocol(), each);
                for (Message message : frame.messages()) {
                    About about = on.about(message);
                    if (about.kind() == About.Kind.CONNECTED) {
                        on.connected(message, frame);
                    } else if (each.equals(event) && isRefused(about)) {
                        continue;
                    } else if (each.equals(event) && table != null) {
                        changed.add(table);
                    } else if (each.equals(event) && about.kind() != About.Kind.CHANGES) {
                        return false;
                    } else if (each.equals(event)) {
                        changed.addAll(about.tables());
                    }
                }
            } else if (each.kind().equals("ws-send")) {
                for (Request request : SpacetimeDbClientReplay.requests(on, each)) {
                    if (request instanceof Request.Subscribe set) {
                        sets.put(set.querySet(), tables(set.queries()));
                    } else if (request instanceof Request.Legacy set) {
                        changed.removeAll(sets.getOrDefault(-1L, Set.of()));
                        sets.put(-1L, tables(set.queries()));
                    } else if (request instanceof Request.Unsubscribe set) {
                        changed.removeAll(sets.getOrDefault(set.querySet(), Set.of()));
                    }
                }
            }
            if (each.line() >= event.line() && changed.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private Set<String> tables(List<String> queries) {
        return Selects.of(queries, module.schema()).byTable().keySet();
    }
}
