package dev.tributary.replay.electric;

import dev.tributary.ConfigurationException;
import dev.tributary.Credential;
import dev.tributary.Options;
import dev.tributary.Query;
import dev.tributary.replay.recording.DecoderRows;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.RecordedResponse;
import dev.tributary.replay.recording.ReplayClock;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.spi.Head;
import dev.tributary.spi.Resume;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.WireEnd;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One replay of one transcript without an engine: each recorded answer goes, in the order of the file, to a protocol
 * that asked for it, and has to give rows or a typed error. What no client of ours asks is listed as unused.
 */
final class ElectricDecoderReplay {

    /** Parameters that are part of a query of ours. */
    private static final Set<String> QUERY = Set.of("where", "columns", "replica", "log");

    private final Transcript transcript;
    private final ReplayOptions options;
    private final ElectricExchanges exchanges;
    private final ElectricAnswer answers;
    private final TransportProvider transport;
    private final Instant start;
    private final Credential extras;
    private final List<DecoderClient> clients = new ArrayList<>();
    private final Map<String, Asked> asked = new LinkedHashMap<>();
    private @Nullable DecoderClient lastOfQuery;

    /** A recorded exchange and who waits for its answer. */
    private record Asked(ElectricExchanges.Candidate recorded, DecoderClient client, DecoderClient.OpenWire wire) {}

    ElectricDecoderReplay(
            Transcript transcript,
            ReplayOptions options,
            List<RecordedExchange> recorded,
            ElectricExchanges exchanges) {
        this.transcript = transcript;
        this.options = options;
        this.exchanges = exchanges;
        this.answers = new ElectricAnswer(exchanges.all());
        this.start = ReplayClock.start(recorded);
        this.extras = ElectricExtras.credential(exchanges.all(), ElectricReplay.path(exchanges.all()));
        this.transport = ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.scheme().equals("electric"))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("the transport 'electric' was not found"));
    }

    Outcome run() {
        Map<String, ElectricExchanges.Candidate> byId = new LinkedHashMap<>();
        exchanges.all().forEach(candidate -> byId.put(candidate.exchange().id(), candidate));
        String difference = null;
        for (Transcript.Event event : transcript.events()) {
            ElectricExchanges.Candidate candidate = byId.get(String.valueOf(event.text("id")));
            if (candidate == null || candidate.exchange().response() == null) {
                continue;
            }
            if (event.kind().equals("http-request")) {
                ask(candidate);
            } else if (event.kind().equals("http-response")
                    && asked.containsKey(candidate.exchange().id())) {
                difference = answer(asked.remove(candidate.exchange().id()));
            }
            if (difference != null) {
                break;
            }
        }
        if (difference == null) {
            difference = finalDifference();
        }
        return ElectricReplay.verdict(transcript, exchanges, difference, reached());
    }

    private String reached() {
        String rows = lastOfQuery == null ? "" : lastOfQuery.rows().rows().size() + " rows after ";
        return rows + exchanges.used().size()
                + " answers decoded; the others are to requests that our client never makes";
    }

    /** Finds or makes the protocol that asks this. */
    private void ask(ElectricExchanges.Candidate recorded) {
        ElectricRequest request = recorded.request();
        boolean ours = request.method().equals("GET")
                && request.path().equals(ElectricReplay.path(exchanges.all()))
                && !request.isSubset()
                && recorded.response().status() != 304;
        Asked found = ours ? whoAsks(recorded) : null;
        if (found != null) {
            exchanges.use(recorded);
            asked.put(recorded.exchange().id(), found);
        }
    }

    private @Nullable Asked whoAsks(ElectricExchanges.Candidate recorded) {
        Query query = query(recorded);
        if (recorded.response().isGood()) {
            Asked waiting = waiting(recorded);
            return waiting != null || query == null ? waiting : made(recorded, ways(query));
        }
        // An error goes to a protocol of its own: the recorded client may ask the same again, and get rows.
        List<Supplier<DecoderClient>> ways = new ArrayList<>();
        if (query != null) {
            ways.addAll(ways(query));
            ways.add(() -> steered(recorded, query));
        }
        Asked made = made(recorded, ways);
        return made == null ? nearest(recorded, query) : made;
    }

    /** The first of these that asks this. */
    private @Nullable Asked made(ElectricExchanges.Candidate recorded, List<Supplier<DecoderClient>> ways) {
        for (Supplier<DecoderClient> way : ways) {
            DecoderClient client = way.get();
            Asked asks = match(recorded, client, false);
            if (asks != null) {
                if (recorded.response().isGood()) {
                    clients.add(client);
                }
                return asks;
            }
        }
        return null;
    }

    private @Nullable Asked waiting(ElectricExchanges.Candidate recorded) {
        for (boolean exactly : new boolean[] {true, false}) {
            for (DecoderClient client : clients) {
                Asked found = match(recorded, client, exactly);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable Asked match(ElectricExchanges.Candidate recorded, DecoderClient client, boolean exactly) {
        for (DecoderClient.OpenWire wire : client.waiting()) {
            ElectricRequest ours = ElectricAnswer.request(wire.http());
            boolean same = exactly ? ours.sameAs(recorded.request()) : ours.sameBesidesLive(recorded.request());
            boolean taken =
                    asked.values().stream().anyMatch(other -> other.wire().equals(wire));
            if (same && !taken) {
                return new Asked(recorded, client, wire);
            }
        }
        return null;
    }

    /** From the beginning, or on from where another client of that query is. */
    private List<Supplier<DecoderClient>> ways(Query query) {
        List<Supplier<DecoderClient>> ways = new ArrayList<>();
        ways.add(() -> client(query, new DecoderRows(), null));
        for (DecoderClient other : clients) {
            if (other.query().equals(query) && other.rows().committedCheckpoint() != null) {
                ways.add(() -> client(
                        query,
                        other.rows().copy(),
                        new Resume(
                                null,
                                other.rows().committedCheckpoint(),
                                other.rows().committedSchema())));
            }
        }
        return ways;
    }

    /** One that believes to be where the request is; for errors, which say nothing about rows. */
    private DecoderClient steered(ElectricExchanges.Candidate recorded, Query query) {
        DecoderClient client = client(query, new DecoderRows(), null);
        ElectricRequest request = recorded.request();
        if (request.handle().isEmpty()) {
            return client;
        }
        for (DecoderClient.OpenWire wire : client.waiting()) {
            Map<String, List<String>> headers = Map.of(
                    "electric-handle", List.of(request.handle()),
                    "electric-offset", List.of(request.offset()),
                    "electric-schema", List.of(answers.schema(recorded)),
                    "electric-up-to-date", List.of(""));
            byte[] upToDate = "[{\"headers\":{\"control\":\"up-to-date\"}}]".getBytes(StandardCharsets.UTF_8);
            client.answer(wire, start, Duration.ZERO, new Head(200, headers), List.of(upToDate), WireEnd.complete());
        }
        return client;
    }

    /** An error answer to what our client cannot ask is still an answer that it must understand. */
    private @Nullable Asked nearest(ElectricExchanges.Candidate recorded, @Nullable Query query) {
        Query near = query;
        if (near == null && !transcript.queries().isEmpty()) {
            near = transport.query(transcript.queries().get(0));
        }
        if (near == null) {
            return null;
        }
        DecoderClient client = client(near, new DecoderRows(), null);
        List<DecoderClient.OpenWire> wires = client.waiting();
        return wires.isEmpty() ? null : new Asked(recorded, client, wires.get(0));
    }

    private DecoderClient client(Query query, DecoderRows rows, @Nullable Resume resume) {
        SplittableRandom random = new SplittableRandom(options.seed());
        URI endpoint = URI.create("http://replay.invalid" + ElectricReplay.path(exchanges.all()));
        return new DecoderClient(
                transport,
                () -> new SessionContext(
                        endpoint, Options.of(Map.of()), extras != Credential.NONE, random, transport.memory()),
                extras,
                query,
                rows,
                resume);
    }

    /** The query that a request is for; null when it is none of ours. */
    private @Nullable Query query(ElectricExchanges.Candidate recorded) {
        Map<String, List<String>> sent =
                ElectricRequest.parameters(recorded.exchange().target());
        Query query = Query.of(String.join(",", sent.getOrDefault("table", List.of(""))));
        if (query.name().isEmpty()) {
            return null;
        }
        for (Map.Entry<String, List<String>> parameter : sent.entrySet()) {
            String name = parameter.getKey();
            boolean isQuery = QUERY.contains(name) || name.startsWith("params");
            for (String value : parameter.getValue()) {
                boolean fromNow = name.equals("offset") && value.equals("now");
                if (!value.isEmpty() && (isQuery || fromNow)) {
                    query = query.with(name, value);
                }
            }
        }
        try {
            return transport.check(query);
        } catch (ConfigurationException e) {
            return null;
        }
    }

    /** @return the first difference, or null */
    private @Nullable String answer(Asked question) {
        RecordedResponse response = question.recorded().response();
        DecoderClient client = question.client();
        ElectricRequest ours = ElectricAnswer.request(question.wire().http());
        int faultsBefore = client.faults().size();
        WireEnd end = response.isWhole()
                ? WireEnd.complete()
                : WireEnd.of(WireEnd.Kind.BROKEN, "the recorded connection was ended by " + response.endedBy(), null);
        client.answer(
                question.wire(),
                start.plus(response.end()),
                response.end(),
                answers.head(question.recorded(), ours),
                pieces(response),
                end);
        String place = question.recorded().exchange().place();
        if (client.faults().size() > faultsBefore) {
            return place + ": our protocol found a fault: " + client.faults().get(faultsBefore);
        }
        if (client.rows().commits() > 0 && isOfFinal(client)) {
            lastOfQuery = client;
        }
        String problem = DecoderVerdict.problem(response, client, ours.isFromStart());
        return problem == null ? null : place + ": the answer with status " + response.status() + " " + problem;
    }

    private List<byte[]> pieces(RecordedResponse response) {
        if (options.mostPiece() == 0) {
            return response.pieces().stream().map(RecordedResponse.Piece::bytes).toList();
        }
        SplittableRandom random = new SplittableRandom(options.seed());
        byte[] body = response.body();
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < body.length; ) {
            int length = Math.min(body.length - at, 1 + random.nextInt(options.mostPiece()));
            byte[] piece = new byte[length];
            System.arraycopy(body, at, piece, 0, length);
            pieces.add(piece);
            at += length;
        }
        return pieces;
    }

    private boolean isOfFinal(DecoderClient client) {
        return transcript.queries().stream()
                .anyMatch(text -> transport.query(text).equals(client.query()));
    }

    private @Nullable String finalDifference() {
        Object expected = transcript.finalState();
        if (expected == null) {
            return exchanges.used().isEmpty() ? "no answer could be given to a protocol of ours" : null;
        }
        DecoderClient client = lastOfQuery;
        return ElectricFinal.difference(
                Json.members(expected),
                client == null ? null : client.rows().committedSchema(),
                client == null ? List.of() : client.rows().rows());
    }
}
