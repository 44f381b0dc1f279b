package dev.tributary.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Six lines. */
class Example01Test {

    private final BlockingQueue<String> printed = new LinkedBlockingQueue<>();
    private final PrintStream console = System.out;

    @BeforeEach
    void catchWhatIsPrinted() {
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                printed.add(line);
            }

            @Override
            public void println(Object line) {
                printed.add(String.valueOf(line));
            }
        });
    }

    @AfterEach
    void printAgain() {
        System.setOut(console);
    }

    private String nextLine() throws InterruptedException {
        return printed.poll(Shop.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    @Tag("L4")
    void theFirstCommitIsTheContentThenEveryDifferenceOnce() throws Exception {
        try (Shop shop = new Shop()) {
            shop.insert(1, "tea", "3.20").insert(42, "pot", "18.00");
            Thread program = new Thread(() -> main(shop.address()), "main of example 1");
            program.start();
            assertThat(nextLine()).isEqualTo("1 items");
            assertThat(nextLine()).isEqualTo("+ 42 {id=42, name=pot, note=null, price=18.00}");
            shop.insert(2, "cup", "5.00").price(42, "19.00");
            assertThat(nextLine())
                    .isEqualTo("~ 42 {id=42, name=pot, note=null, price=19.00}"
                            + " was {id=42, name=pot, note=null, price=18.00}");
            shop.delete(42);
            assertThat(nextLine()).isEqualTo("- 42");
            assertThat(shop.server().awaitHeld(1, Shop.PATIENCE)).isTrue();
            program.interrupt();
            program.join(Shop.PATIENCE.toMillis());
            assertThat(program.isAlive()).isFalse();
            assertThat(printed).isEmpty();
            assertThat(shop.server().awaitHeld(0, Shop.PATIENCE)).isTrue();
        }
    }

    private static void main(String server) {
        try {
            sixLines(server);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void sixLines(String SERVER) throws Exception {
        // example 1 where SERVER is "electric+http://localhost:3000"
        try (SyncSource source = SyncSource.open(SERVER);
                MaterializedView<Row> items = source.materialize("items?where=price>10")) {
            items.awaitUpToDate(Duration.ofSeconds(10));
            System.out.println(items.snapshot().size() + " items");
            items.listen(commit -> commit.changes().forEach(System.out::println));
            Thread.currentThread().join();
        }
        // end
    }
}
