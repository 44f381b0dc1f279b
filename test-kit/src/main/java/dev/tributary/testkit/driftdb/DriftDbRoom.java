package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.driftdb.ClientMessage.Action;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A room: streams by key, one counter for all of them, and who listens. */
public final class DriftDbRoom {

    private final String id;
    private final Map<String, List<DriftDbEntry>> streams = new LinkedHashMap<>();
    private final Set<DriftDbConnection> connections = new LinkedHashSet<>();
    private long counter;

    DriftDbRoom(String id) {
        this.id = id;
    }

    /** The id, which is the room's only secret. */
    public String id() {
        return id;
    }

    /** The number of the latest relay, append or replace. */
    public long counter() {
        return counter;
    }

    /** Sets the counter, as nobody can; the next number is one above. */
    public void counter(long latest) {
        counter = latest;
    }

    /** The keys that hold something. */
    public List<String> keys() {
        return List.copyOf(streams.keySet());
    }

    /** All that a key retains, in the order of the stream. */
    public List<DriftDbEntry> entries(String key) {
        return List.copyOf(streams.getOrDefault(key, List.of()));
    }

    /** Its open connections, oldest first. */
    public List<DriftDbConnection> connections() {
        return List.copyOf(connections);
    }

    /** Another client relays a value. */
    public void relay(String key, String json) {
        apply(new ClientMessage.Push(key, DriftValue.json(json), Action.RELAY, 0));
    }

    /** Another client appends a value. */
    public void append(String key, String json) {
        apply(new ClientMessage.Push(key, DriftValue.json(json), Action.APPEND, 0));
    }

    /** Another client replaces what a key holds. */
    public void replace(String key, String json) {
        apply(new ClientMessage.Push(key, DriftValue.json(json), Action.REPLACE, 0));
    }

    /** Another client folds what a key holds up to a number. */
    public void compact(String key, long seq, String json) {
        apply(new ClientMessage.Push(key, DriftValue.json(json), Action.COMPACT, seq));
    }

    /** Applies a push and tells everybody; the notice for the sender, or null. */
    ServerMessage.@Nullable StreamSize apply(ClientMessage.Push push) {
        String key = push.key();
        if (push.action() == Action.COMPACT) {
            compact(key, push);
        } else {
            long seq = ++counter;
            DriftDbEntry entry = new DriftDbEntry(seq, push.value());
            if (push.action() == Action.REPLACE) {
                streams.put(key, new ArrayList<>(List.of(entry)));
            } else if (push.action() == Action.APPEND) {
                streams.computeIfAbsent(key, name -> new ArrayList<>()).add(entry);
            }
            ServerMessage message = new ServerMessage.Push(key, push.value(), seq);
            List.copyOf(connections).forEach(connection -> connection.pushed(key, message));
        }
        watched(push);
        int size = streams.getOrDefault(key, List.of()).size();
        return size < 2 ? null : new ServerMessage.StreamSize(key, size);
    }

    private void compact(String key, ClientMessage.Push push) {
        List<DriftDbEntry> folded = new ArrayList<>();
        folded.add(new DriftDbEntry(push.seq(), push.value()));
        for (DriftDbEntry entry : streams.getOrDefault(key, List.of())) {
            if (Long.compareUnsigned(entry.seq(), push.seq()) > 0) {
                folded.add(entry);
            }
        }
        streams.put(key, folded);
    }

    private void watched(ClientMessage.Push push) {
        ServerMessage seen = push.action() == Action.RELAY
                ? new ServerMessage.Push(push.key(), push.value(), counter)
                : above(push.key(), 0);
        List.copyOf(connections).stream()
                .filter(DriftDbConnection::isDebug)
                .forEach(connection -> connection.send(seen));
    }

    /** The entries of a key with a greater number. */
    ServerMessage.Init above(String key, long seq) {
        return new ServerMessage.Init(
                key,
                streams.getOrDefault(key, List.of()).stream()
                        .filter(entry -> Long.compareUnsigned(entry.seq(), seq) > 0)
                        .toList());
    }

    void enter(DriftDbConnection connection) {
        connections.add(connection);
        if (connection.isDebug()) {
            streams.forEach((key, entries) -> connection.send(new ServerMessage.Init(key, entries)));
        }
    }

    void leave(DriftDbConnection connection) {
        connections.remove(connection);
    }

    /** The counter starts over from what is retained, as a worker's does that was loaded again. */
    void reload(boolean entriesToo) {
        connections().forEach(DriftDbConnection::drop);
        if (!entriesToo) {
            streams.clear();
        }
        counter = streams.values().stream()
                .flatMap(List::stream)
                .mapToLong(DriftDbEntry::seq)
                .reduce(0, (a, b) -> Long.compareUnsigned(a, b) < 0 ? b : a);
    }

    /** The id is a secret. */
    @Override
    public String toString() {
        return "a room of " + streams.size() + " keys, counter " + Long.toUnsignedString(counter);
    }
}
