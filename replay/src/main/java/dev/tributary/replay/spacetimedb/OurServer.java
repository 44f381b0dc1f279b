package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.RecordedSockets;
import dev.tributary.testkit.simulation.SimulatedConnection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The server of the recording: says to our client what it said, of the requests and query sets of ours. */
final class OurServer {

    private final RecordedSockets sockets;
    private final Runnable rest;
    private final Consumer<String> differ;

    /**
     * @param rest lets our client come to rest
     * @param differ hears what our client does not do as it should
     */
    OurServer(RecordedSockets sockets, Runnable rest, Consumer<String> differ) {
        this.sockets = sockets;
        this.rest = rest;
        this.differ = differ;
    }

    // ---- whether our client has asked for it ----

    boolean isReady(Played on, ServerFrame frame) {
        return (sockets.find(on.wire()) != null || on.isLetGo())
                && frame.messages().stream().allMatch(message -> isReady(on, on.about(message)));
    }

    private boolean isReady(Played on, About about) {
        return switch (about.kind()) {
            case APPLIED -> areAsked(on, on.asking.get(about.request()));
            case LEGACY -> areAsked(on, on.asking.get(about.request())) && areLeft(on, about);
            case RELEASED -> areLeft(on, about);
            case REFUSED -> {
                List<OurView> parts = on.asking.get(about.request());
                yield parts == null || areAsked(on, parts);
            }
            case CALLED, QUERIED, RETURNED -> {
                Asked request = on.answered(about);
                yield request == null || request.isReady();
            }
            case CONNECTED, CHANGES, OTHER -> true;
        };
    }

    private static boolean areAsked(Played on, @Nullable List<OurView> parts) {
        return parts != null && parts.stream().allMatch(view -> view.ids(on.id()) != null || !view.isOpen());
    }

    private boolean areLeft(Played on, About about) {
        return on.leaving.getOrDefault(about.request(), List.of()).stream()
                .allMatch(view -> view.isUsed(on.id()) || view.release(on.id()) != null || !hasWire(view.ids(on.id())));
    }

    /** Whether there is still somebody to let go of it. */
    private boolean hasWire(OurView.@Nullable Ids ids) {
        return ids != null && sockets.find(ids.wire()) != null;
    }

    // ---- what it says ----

    /** Messages for our client, by its connections. */
    private static final class Outbox {

        private final Map<String, List<Message>> byWire = new LinkedHashMap<>();

        void add(String wire, Message message) {
            byWire.computeIfAbsent(wire, name -> new ArrayList<>()).add(message);
        }
    }

    void deliver(Played on, ServerFrame frame) {
        SimulatedConnection main = sockets.find(on.wire());
        if (main != null && frame.messages().isEmpty()) {
            frame.send(main);
            return;
        }
        Outbox out = new Outbox();
        List<About> refusals = new ArrayList<>();
        for (Message message : frame.messages()) {
            About about = on.about(message);
            if (about.kind() == About.Kind.CONNECTED) {
                on.connected(message, frame);
            }
            say(on, message, about, out);
            if (about.kind() == About.Kind.REFUSED) {
                refusals.add(about);
            }
        }
        out.byWire.forEach((wire, messages) -> {
            SimulatedConnection to = sockets.find(wire);
            if (to != null) {
                frame.send(to, messages);
            }
        });
        on.twins.forEach(twin -> greet(on, twin, frame));
        refusals.forEach(about -> refused(on, about));
    }

    /** A connection beside the recorded one is told who it is, as that one was. */
    void greet(Played on, String twin) {
        ServerFrame first = on.first();
        if (first != null) {
            greet(on, twin, first);
        }
    }

    @SuppressWarnings("ReferenceEquality") // it is that very frame
    private void greet(Played on, String twin, ServerFrame frame) {
        SimulatedConnection to = sockets.find(twin);
        if (to != null && frame == on.first()) {
            frame.send(to);
        }
    }

    private void say(Played on, Message message, About about, Outbox out) {
        switch (about.kind()) {
            case LEGACY -> {
                released(on, about, out);
                applied(on, message, about, out);
            }
            case APPLIED -> applied(on, message, about, out);
            case RELEASED -> released(on, about, out);
            case REFUSED -> error(on, message, about, out);
            case CALLED -> called(on, message, about, out);
            case QUERIED, RETURNED -> {
                Asked request = on.answered(about);
                if (request != null && request.ours() != null) {
                    on.asked.remove(request);
                    out.add(on.wire(), on.dialect().answered(message, about, request.ours()));
                }
            }
            case CHANGES -> {
                Message changed = on.dialect().changed(message, on::setOf);
                if (changed != null) {
                    out.add(on.wire(), changed);
                }
            }
            case CONNECTED, OTHER -> out.add(on.wire(), message);
        }
    }

    private static void applied(Played on, Message message, About about, Outbox out) {
        for (OurView part : on.asking.getOrDefault(about.request(), List.of())) {
            OurView.Ids ids = part.ids(on.id());
            // Equal queries of several sets are one of ours, which has its rows.
            if (ids != null && on.applied.add(part)) {
                out.add(ids.wire(), on.dialect().applied(message, ids, part.table()));
            }
        }
        Entry entry = on.subscriptions.get(about.request());
        if (entry != null) {
            entry.end("applied", null);
        }
    }

    private static void released(Played on, About about, Outbox out) {
        for (OurView part : on.leaving.getOrDefault(about.request(), List.of())) {
            OurView.Ids ids = part.ids(on.id());
            Long release = part.release(on.id());
            if (ids != null && release != null && !part.isUsed(on.id())) {
                out.add(ids.wire(), on.dialect().released(release, ids.querySet()));
            }
        }
    }

    private static void error(Played on, Message message, About about, Outbox out) {
        if (about.request() < 0 && about.set() < 0) {
            out.add(on.wire(), message);
            return;
        }
        // Of what our API does not ask, as an unknown set, there is nobody to tell.
        List<OurView> parts = about.request() < 0
                ? on.sets.getOrDefault(about.set(), List.of())
                : on.asking.getOrDefault(about.request(), List.of());
        for (OurView part : parts) {
            OurView.Ids ids = part.ids(on.id());
            if (ids != null && !on.applied.contains(part)) {
                out.add(ids.wire(), on.dialect().refused(message, ids));
            }
        }
    }

    /** Our client has to know it, and why. */
    private void refused(Played on, About about) {
        List<OurView> parts = on.asking.getOrDefault(about.request(), List.of());
        Entry entry = on.subscriptions.get(about.request());
        if (parts.isEmpty()) {
            return;
        }
        rest.run();
        String failure = parts.stream()
                .map(OurView::failure)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (failure == null) {
            differ.accept("our client does not know that " + parts + " failed");
        } else if (entry != null) {
            entry.end("failed", failure);
        }
    }

    private static void called(Played on, Message message, About about, Outbox out) {
        Asked call = on.answered(about);
        Message changed = on.dialect().changed(message, on::setOf);
        if (changed == null) {
            return;
        }
        if (call == null) {
            out.add(on.wire(), changed);
            return;
        }
        on.asked.remove(call);
        String ours = call.ours();
        // What our API refused has nobody to tell.
        if (ours != null) {
            out.add(on.wire(), on.dialect().answered(changed, about, ours));
        }
    }
}
