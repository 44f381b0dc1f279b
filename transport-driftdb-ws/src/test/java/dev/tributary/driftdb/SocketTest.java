package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewStatus;
import dev.tributary.testkit.driftdb.DriftDbModel;
import dev.tributary.testkit.driftdb.DriftDbServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The reference server on real sockets. Nothing waits for time to pass, only for what must happen. */
class SocketTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    @Tag("D4")
    @Tag("D5")
    void writersAndReadersOfBothEncodingsEndComplete() throws Exception {
        try (DriftDbServer server = DriftDbServer.start()) {
            String room = server.query(model -> model.createRoom().id());
            List<CompletableFuture<Void>> bulks = new ArrayList<>();
            List<MaterializedView<Row>> views = new ArrayList<>();
            List<SyncSource> sources = new ArrayList<>();
            for (String encoding : List.of("json", "cbor", "json")) {
                SyncSource source = SyncSource.open(server.uri(room) + "?encoding=" + encoding);
                sources.add(source);
                views.add(source.materialize("k?as=log").awaitUpToDate(PATIENCE));
                bulks.add(source.unwrap(DriftDb.class)
                        .appendAll(
                                "k",
                                IntStream.range(0, 200)
                                        .mapToObj(i -> encoding + i)
                                        .toList(),
                                PATIENCE,
                                done -> {}));
            }
            for (CompletableFuture<Void> bulk : bulks) {
                get(bulk);
            }
            List<Entry> truth = get(sources.get(0).unwrap(DriftDb.class).http().read("k", 0, PATIENCE));
            assertThat(truth).hasSize(600);
            for (MaterializedView<Row> view : views) {
                get(view.refresh());
                assertThat(Rig.log(view))
                        .isEqualTo(truth.stream()
                                .map(entry -> entry.numberText() + ":" + entry.value())
                                .toList());
                assertThat(view.snapshot().isVerified()).isTrue();
            }
            assertThat(get(sources.get(0).unwrap(DriftDb.class).latency(PATIENCE)))
                    .isPositive();
            sources.forEach(SyncSource::close);
            assertThat(server.await(model -> model.connections().isEmpty(), PATIENCE))
                    .isTrue();
            long controlFrames = server.query(DriftDbModel::controlFrames);
            assertThat(controlFrames).isZero();
        }
    }

    @Test
    @Tag("D20")
    void aServerThatForgotTheRoomIsUnderstood() throws Exception {
        try (DriftDbServer server = DriftDbServer.start()) {
            String room = server.query(model -> model.createRoom().id());
            try (SyncSource source = SyncSource.open(server.uri(room).toString())) {
                MaterializedView<Row> view = source.materialize("k?as=log").awaitUpToDate(PATIENCE);
                CompletableFuture<ViewStatus> failed = new CompletableFuture<>();
                view.onStatus(status -> {
                    if (status.phase() == Phase.FAILED) {
                        failed.complete(status);
                    }
                });
                server.with(DriftDbModel::restart);
                assertThat(get(failed).reason()).isInstanceOf(RoomNotFoundException.class);
                Room made = get(source.unwrap(DriftDb.class).createRoom(PATIENCE));
                boolean isThere = server.query(model -> model.room(made.id()) != null);
                assertThat(isThere).isTrue();
            }
        }
    }
}
