package dev.tributary.replay.electric;

import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ProtocolReplay;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replays transcripts of the Electric HTTP protocol. */
public final class ElectricReplay implements ProtocolReplay {

    @Override
    public Outcome replay(Transcript transcript, ReplayOptions options) throws TranscriptException {
        List<RecordedExchange> recorded = RecordedExchange.of(transcript);
        ElectricExchanges exchanges = new ElectricExchanges(recorded);
        String missing = ElectricFeatures.missing(transcript, exchanges.all());
        if (missing != null) {
            return Outcome.notSupported(missing);
        }
        if (transcript.isForDecoder()) {
            return new ElectricDecoderReplay(transcript, options, recorded, exchanges).run();
        }
        if (transcript.queries().isEmpty()) {
            return Outcome.failed("line 1: the header has no query");
        }
        return new ElectricClientReplay(transcript, options, recorded, exchanges).run();
    }

    /** The path that the recorded client asked for shapes; the server's own where it did not. */
    static String path(List<ElectricExchanges.Candidate> exchanges) {
        return exchanges.stream()
                .map(ElectricExchanges.Candidate::request)
                .filter(request ->
                        request.method().equals("GET") && !request.offset().isEmpty())
                .map(ElectricRequest::path)
                .findFirst()
                .orElse("/v1/shape");
    }

    static Outcome verdict(
            Transcript transcript, ElectricExchanges exchanges, @Nullable String difference, String reached) {
        return difference == null
                ? Outcome.passed(reached, exchanges.used(), exchanges.unused())
                : Outcome.failed(difference, exchanges.used(), exchanges.unused());
    }
}
