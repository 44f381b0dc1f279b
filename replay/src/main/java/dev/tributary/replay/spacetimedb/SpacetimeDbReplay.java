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
 * Replays transcripts of SpacetimeDB. What a whole client of ours would say in another way, because its views are of one
 * table each and its queries do not overlap on one connection of v1, is decoded instead, and the result says why.
 */
public final class SpacetimeDbReplay implements ProtocolReplay {

    @Override
    public Outcome replay(Transcript transcript, ReplayOptions options) throws TranscriptException {
        if (transcript.isForDecoder()) {
            return new SpacetimeDbDecoderReplay(transcript, options).run();
        }
        Module module = module(transcript);
        String obstacle = SpacetimeDbClientReplay.obstacle(transcript, module);
        if (module != null && obstacle == null) {
            return new SpacetimeDbClientReplay(transcript, options, module).run();
        }
        Outcome decoded = new SpacetimeDbDecoderReplay(transcript, options).run();
        return new Outcome(
                decoded.status(),
                decoded.detail() + " (no whole client: " + obstacle + ")",
                decoded.used(),
                decoded.unused());
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
