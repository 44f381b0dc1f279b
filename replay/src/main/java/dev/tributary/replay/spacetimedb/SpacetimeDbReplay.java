package dev.tributary.replay.spacetimedb;

import dev.tributary.ProtocolException;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ProtocolReplay;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.RecordedResponse;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Replays transcripts of SpacetimeDB: through a whole client where the recording is a conversation that ours can have, and
 * decoded where it is none, or where its header asks for that. What was decoded says what a whole client makes of it, or
 * why there is none.
 */
public final class SpacetimeDbReplay implements ProtocolReplay {

    @Override
    public Outcome replay(Transcript transcript, ReplayOptions options) throws TranscriptException {
        Module module = module(transcript);
        String obstacle = Obstacles.of(transcript, module);
        if (module != null && obstacle == null && !transcript.isForDecoder()) {
            return new SpacetimeDbClientReplay(transcript, options, module).run();
        }
        Outcome decoded = new SpacetimeDbDecoderReplay(transcript, options).run();
        if (decoded.status() != Outcome.Status.PASSED) {
            return decoded;
        }
        String client = module == null || obstacle != null
                ? "no whole client: " + obstacle
                : aside(new SpacetimeDbClientReplay(transcript, options, module));
        return Outcome.passed(decoded.detail() + " (" + client + ")", decoded.used(), decoded.unused());
    }

    /** What a whole client makes of a recording that was to be decoded. That is no part of the verdict. */
    private static String aside(SpacetimeDbClientReplay replay) {
        try {
            Outcome outcome = replay.run();
            String what = outcome.status() == Outcome.Status.PASSED ? "a whole client: " : "a whole client differs: ";
            return what + outcome.detail();
        } catch (RuntimeException e) {
            return "a whole client broke: " + ProtocolReplay.describe(e);
        }
    }

    /** The description of the module, which stands before all else. */
    static @Nullable Module module(Transcript transcript) throws TranscriptException {
        for (RecordedExchange exchange : RecordedExchange.of(transcript)) {
            RecordedResponse response = exchange.response();
            if (response != null
                    && response.status() == 200
                    && exchange.target().contains("/schema?")
                    && !exchange.target().contains("version=10")) {
                try {
                    return Module.of(new String(response.body(), StandardCharsets.UTF_8));
                } catch (ProtocolException | IOException e) {
                    return null;
                }
            }
        }
        return null;
    }
}
