package dev.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.testkit.electric.SampleData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --save} and {@code --from}. */
class SavedViewsTest {

    @TempDir
    private Path directory;

    private ElectricServer server;
    private Path file;

    @BeforeEach
    void startServer() {
        server = ElectricServer.start();
        server.with(model -> new SampleData(1).create(model, 50));
        file = directory.resolve("items.view");
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private CommandRun tail(String query, String... more) {
        String[] all = Stream.concat(Stream.of("tail", server.uri().toString(), query), Stream.of(more))
                .toArray(String[]::new);
        return CommandRun.create().start(all);
    }

    @Test
    void goesOnFromWhatWasSaved() throws Exception {
        assertThat(tail("items", "--save", file.toString(), "--until", "up-to-date")
                        .code())
                .isZero();
        server.commit(tx -> tx.delete("items", Map.of("id", "7")));

        CommandRun again = tail("items", "--from", file.toString(), "--until", "up-to-date", "--changes-only");
        assertThat(again.code()).isZero();
        assertThat(again.lines()).containsExactly("- 7");

        CommandRun whole = tail("items", "--from", file.toString(), "--snapshot-only");
        assertThat(whole.code()).isZero();
        assertThat(whole.lines()).hasSize(49).noneMatch(line -> line.startsWith("+ 7 "));
    }

    @Test
    void savesWhenItIsUpToDateAndAgainAtTheEnd() throws Exception {
        CommandRun run = tail("items", "--save", file.toString());
        run.awaitOut(text -> text.lines().count() == 50);
        server.commit(tx -> tx.delete("items", Map.of("id", "7")));
        run.awaitOut(text -> text.contains("\n- 7\n"));
        assertThat(run.interrupt().code()).isZero();
        CommandRun again = tail("items", "--from", file.toString(), "--until", "up-to-date");
        assertThat(again.code()).isZero();
        assertThat(again.lines()).hasSize(49);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).as("nothing half-written is left").containsExactly(file);
        }
    }

    @Test
    void aMissingDamagedOrForeignFileIsRefused() throws Exception {
        isRefused("there is no saved view", "items");
        Files.writeString(file, "no view at all");
        isRefused("are no saved view", "items");
        assertThat(tail("items", "--save", file.toString(), "--until", "up-to-date")
                        .code())
                .isZero();
        isRefused("not of electric 'items?columns=id'", "items?columns=id");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        isRefused("its checksum does not hold", "items");
    }

    private void isRefused(String part, String query) throws Exception {
        CommandRun run = tail(query, "--from", file.toString());
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("tributary: ").contains(part).contains("leave out --from");
    }

    @Test
    void whatCannotBeSavedIsRefusedBeforeTheLoad() throws Exception {
        CommandRun run =
                tail("items", "--save", directory.resolve("none/items.view").toString());
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("cannot save to");
    }

    @Test
    void withoutContentTheOldFileStays() throws Exception {
        Files.writeString(file, "old");
        CommandRun run =
                CommandRun.create().start("tail", "electric+http://127.0.0.1:1", "items", "--save", file.toString());
        run.awaitErr(text -> text.contains("cannot load yet"));
        assertThat(run.interrupt().code()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(Files.readString(file)).isEqualTo("old");
    }
}
