package dev.tributary.replay.electric;

import dev.tributary.ConfigurationException;
import dev.tributary.CredentialProvider;
import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.SyncSource;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ProtocolReplay;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.RecordedResponse;
import dev.tributary.replay.recording.ReplayClock;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedServer;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One replay of one transcript with a whole client: it asks, the recording answers. */
final class ElectricClientReplay implements SimulatedServer {

    private static final int MOST_REDIRECTS = 5;

    private final Transcript transcript;
    private final ElectricExchanges exchanges;
    private final ElectricAnswer answers;
    private final ElectricRepairs repairs;
    private final SimulatedEnvironment environment;
    private final SimulatedWireProvider wires;

    /** Of requests that found no match, the first, and the shapes they are about. */
    private @Nullable ElectricRequest unmatched;

    private final Set<Object> exhausted = new HashSet<>();
    private int inFlight;
    private ElectricExchanges.@Nullable Candidate lastDelivered;

    ElectricClientReplay(
            Transcript transcript,
            ReplayOptions options,
            List<RecordedExchange> recorded,
            ElectricExchanges exchanges) {
        this.transcript = transcript;
        this.exchanges = exchanges;
        this.answers = new ElectricAnswer(exchanges.all());
        this.repairs = new ElectricRepairs(exchanges.all());
        this.environment = new SimulatedEnvironment(options.seed(), ReplayClock.start(recorded));
        this.wires = new SimulatedWireProvider(
                Set.of("http", "https"), this, SimulatedNetwork.PERFECT.pieces(options.mostPiece()));
    }

    Outcome run() {
        Map<String, MaterializedView<Row>> views = new LinkedHashMap<>();
        String difference;
        String reached;
        try (SyncSource source = open()) {
            for (String query : transcript.queries()) {
                views.computeIfAbsent(query, source::materialize);
            }
            ReplayClock.drive(environment, transcript.end(), this::isOver);
            difference = new ElectricVerdict(transcript, exchanges.all(), repairs, lastDelivered, unmatched)
                    .difference(views);
            int rows = views.values().stream()
                    .mapToInt(view -> view.snapshot().size())
                    .sum();
            reached = rows + " rows after " + exchanges.used().size() + " exchanges";
        } catch (ConfigurationException e) {
            difference = "our client refused: " + e.getMessage();
            reached = "";
        }
        // What was closed must come to rest before its environment is forgotten.
        environment.runUntilQuiet(Duration.ZERO);
        if (difference == null && !environment.failures().isEmpty()) {
            difference = "our client threw where nobody catches: "
                    + ProtocolReplay.describe(environment.failures().get(0));
        }
        return ElectricReplay.verdict(transcript, exchanges, difference, reached);
    }

    /** What our client still held after it was closed. */
    SimulatedEnvironment.Pending leftBehind() {
        return environment.pending();
    }

    private SyncSource open() {
        String path = ElectricReplay.path(exchanges.all());
        SourceBuilder builder = SyncSource.builder("electric+http://replay.invalid" + path)
                .environment(environment)
                .wires(wires)
                .listener(repairs);
        CredentialProvider credentials = ElectricExtras.credentials(exchanges.all(), path);
        return (credentials == null ? builder : builder.credentials(credentials)).open();
    }

    private boolean isOver() {
        return inFlight == 0
                && exhausted.size() >= Set.copyOf(transcript.queries()).size();
    }

    @Override
    public void accept(SimulatedConnection connection) {
        ElectricRequest ours = ElectricAnswer.request(connection.http());
        boolean conditional = connection.http().headers().keySet().stream().anyMatch("if-none-match"::equalsIgnoreCase);
        ElectricExchanges.Candidate match = exchanges.take(ours, conditional);
        repairs.requested(ours, match);
        if (match == null) {
            // It stays without an answer: there is none.
            unmatched = unmatched == null ? ours : unmatched;
            exhausted.add(ours.shape());
            return;
        }
        new Delivery(connection, ours, followRedirects(match)).start();
    }

    /** A wire follows redirects by itself and hands over the last answer. */
    private ElectricExchanges.Candidate followRedirects(ElectricExchanges.Candidate first) {
        ElectricExchanges.Candidate current = first;
        for (int i = 0; i < MOST_REDIRECTS; i++) {
            RecordedResponse response = current.response();
            String location = response.header("location");
            if (response.status() < 300 || response.status() > 399 || response.status() == 304 || location == null) {
                break;
            }
            String target = location.replaceFirst("^https?://[^/?]*", "");
            ElectricExchanges.Candidate next =
                    exchanges.take(ElectricRequest.of(current.request().method(), target, null), false);
            if (next == null) {
                break;
            }
            current = next;
        }
        return current;
    }

    /** One recorded answer on its way to our client, each part not before its time. */
    private final class Delivery implements SimulatedConnection.ClientListener {

        private final SimulatedConnection connection;
        private final ElectricRequest ours;
        private final ElectricExchanges.Candidate match;
        private boolean begun;
        private boolean over;

        Delivery(SimulatedConnection connection, ElectricRequest ours, ElectricExchanges.Candidate match) {
            this.connection = connection;
            this.ours = ours;
            this.match = match;
        }

        void start() {
            inFlight++;
            connection.listen(this);
            RecordedResponse response = match.response();
            environment.at(
                    response.headTime(),
                    () -> step(() -> {
                        repairs.answering(match);
                        connection.head(answers.head(match, ours));
                    }));
            for (RecordedResponse.Piece piece : response.pieces()) {
                environment.at(piece.time(), () -> step(() -> connection.body(piece.bytes())));
            }
            environment.at(response.end(), () -> step(this::end));
        }

        private void step(Runnable action) {
            if (!over) {
                begun = true;
                action.run();
            }
        }

        private void end() {
            RecordedResponse response = match.response();
            boolean whole = response.isWhole();
            if (whole) {
                connection.complete();
            } else {
                connection.fail(WireEnd.Kind.BROKEN, "the recorded connection was ended by " + response.endedBy());
            }
            lastDelivered = match;
            repairs.answered(ours, match, whole);
            // Once our client has heard the end, and before it asks for more.
            finish();
        }

        private void finish() {
            if (!over) {
                over = true;
                inFlight--;
            }
        }

        @Override
        public void message(Protocol.DataKind kind, ByteBuffer bytes) {}

        @Override
        public void closed(int code, String reason) {
            if (!over) {
                repairs.abandoned();
            }
            if (!over && !begun) {
                // Our client did not wait for what the recorded one got: the answer is still to be had.
                exchanges.release(match);
            }
            finish();
        }
    }
}
