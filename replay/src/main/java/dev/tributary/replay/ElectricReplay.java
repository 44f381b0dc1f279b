package dev.tributary.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replays transcripts of the Electric HTTP protocol. */
final class ElectricReplay implements ProtocolReplay {

    @Override
    public ReplayResult replay(Transcript transcript, ReplayOptions options) throws TranscriptException {
        List<RecordedExchange> recorded = RecordedExchange.of(transcript);
        ElectricExchanges exchanges = new ElectricExchanges(recorded);
        String missing = ElectricFeatures.missing(transcript, exchanges.all());
        if (missing != null) {
            return ReplayResult.notSupported(transcript.name(), missing);
        }
        if (transcript.isForDecoder()) {
            return new ElectricDecoderReplay(transcript, options, recorded, exchanges).run();
        }
        if (transcript.queries().isEmpty()) {
            return ReplayResult.failed(transcript.name(), "line 1: the header has no query");
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

    static ReplayResult verdict(
            Transcript transcript, ElectricExchanges exchanges, @Nullable String difference, String reached) {
        return difference == null
                ? ReplayResult.passed(transcript.name(), reached, exchanges.used(), exchanges.unused())
                : ReplayResult.failed(transcript.name(), difference, exchanges.used(), exchanges.unused());
    }
}
