package dev.tributary.replay;

import dev.tributary.replay.driftdb.DriftDbReplay;
import dev.tributary.replay.electric.ElectricReplay;
import dev.tributary.replay.recording.ProtocolReplay;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.replay.recording.TranscriptReader;
import dev.tributary.replay.sodp.SodpReplay;
import dev.tributary.replay.spacetimedb.SpacetimeDbReplay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Replays recorded conversations through the real client on simulated wires, in virtual time, and compares what it then
 * holds with what the server held. Immutable.
 */
public final class Replay {

    private static final Map<String, ProtocolReplay> PROTOCOLS = Map.of(
            "electric", new ElectricReplay(),
            "sodp", new SodpReplay(),
            "driftdb", new DriftDbReplay(),
            "spacetimedb", new SpacetimeDbReplay());

    private final ReplayOptions options;

    private Replay(ReplayOptions options) {
        this.options = options;
    }

    /** A replayer with the seed 1 that hands over bodies as they were recorded. */
    public static Replay create() {
        return new Replay(new ReplayOptions(1, 0));
    }

    /** This replayer with another seed for all that the client draws. */
    public Replay seed(long seed) {
        return new Replay(new ReplayOptions(seed, options.mostPiece()));
    }

    /** This replayer with bodies cut into pieces of 1 to so many bytes, drawn from the seed; 0 leaves them whole. */
    public Replay pieces(int mostBytes) {
        return new Replay(new ReplayOptions(options.seed(), mostBytes));
    }

    /** Replays these files, and all files {@code *.jsonl} in and below these directories. */
    public ReplayReport replay(Path... filesOrDirectories) {
        return replay(List.of(filesOrDirectories), result -> {});
    }

    /**
     * Replays these files, and all files {@code *.jsonl} in and below these directories.
     *
     * @param progress hears each result as soon as it is there
     */
    public ReplayReport replay(List<Path> filesOrDirectories, Consumer<? super ReplayResult> progress) {
        List<ReplayResult> results = new ArrayList<>();
        for (Path path : filesOrDirectories) {
            replayAll(path, result -> {
                results.add(result);
                progress.accept(result);
            });
        }
        return new ReplayReport(results);
    }

    private void replayAll(Path path, Consumer<ReplayResult> results) {
        if (!Files.isDirectory(path)) {
            results.accept(replayFile(path, String.valueOf(path.getFileName())));
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(path)) {
            files = all.filter(file -> file.toString().endsWith(".jsonl") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            results.accept(ReplayResult.failed(path.toString(), "the directory cannot be read: " + e));
            return;
        }
        if (files.isEmpty()) {
            results.accept(ReplayResult.failed(path.toString(), "the directory holds no transcript (*.jsonl)"));
        }
        files.forEach(
                file -> results.accept(replayFile(file, path.relativize(file).toString())));
    }

    private ReplayResult replayFile(Path file, String name) {
        try {
            return replay(TranscriptReader.read(file, name));
        } catch (IOException e) {
            return ReplayResult.failed(name, "the file cannot be read: " + e);
        } catch (TranscriptException e) {
            return ReplayResult.failed(name, e.description());
        }
    }

    private ReplayResult replay(Transcript transcript) {
        ProtocolReplay protocol = PROTOCOLS.get(transcript.protocol());
        if (protocol == null) {
            return ReplayResult.failed(
                    transcript.name(),
                    "unknown protocol '" + transcript.protocol() + "'; there are "
                            + String.join(", ", new TreeSet<>(PROTOCOLS.keySet())));
        }
        return ReplayResult.of(transcript.name(), protocol.judge(transcript, options));
    }
}
