package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.NoticeListener;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spi.Calls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a session tells beside rows and events reaches who asked for its kind, in order, and holds nobody up. */
class NoticeTest {

    private static final Logger LOG = Logger.getLogger("dev.tributary");

    private record Hello(int version) {}

    private record Size(String key, int entries) {}

    private final ScriptedTransport transport = new ScriptedTransport();
    private final Deque<Runnable> held = new ArrayDeque<>();

    @BeforeEach
    void failuresAreNoNews() {
        LOG.setLevel(Level.OFF);
    }

    @AfterEach
    void restore() {
        LOG.setLevel(null);
    }

    @Test
    void eachListenerHearsItsKindInOrder() {
        try (SyncSource source = transport.builder().open()) {
            Calls calls = source.unwrap(Calls.class);
            List<Object> all = new ArrayList<>();
            List<Size> sizes = new ArrayList<>();
            calls.onNotice(Object.class, all::add);
            Registration registration = calls.onNotice(Size.class, sizes::add);
            source.materialize("a");
            ScriptedTransport.Session session = transport.last();
            session.does(out -> {
                out.notice(new Hello(3));
                out.notice(new Size("k", 2));
                out.notice(new Size("k", 3));
            });
            assertThat(all).containsExactly(new Hello(3), new Size("k", 2), new Size("k", 3));
            assertThat(sizes).containsExactly(new Size("k", 2), new Size("k", 3));
            registration.close();
            registration.close();
            session.does(out -> out.notice(new Size("k", 4)));
            assertThat(sizes).hasSize(2);
            assertThat(all).hasSize(4);
        }
    }

    @Test
    @Tag("L9")
    void whatASlowListenerMissedIsCountedAtItsPlace() {
        try (SyncSource source = transport.builder().executor(held::add).open()) {
            List<Object> heard = new ArrayList<>();
            source.unwrap(Calls.class).onNotice(Integer.class, new NoticeListener<>() {
                @Override
                public void onNotice(Integer notice) {
                    heard.add(notice);
                }

                @Override
                public void onNoticesDropped(long count) {
                    heard.add(count + " dropped");
                }
            });
            source.materialize("a");
            ScriptedTransport.Session session = transport.last();
            session.does(out -> {
                for (int i = 0; i < 1_030; i++) {
                    out.notice(i);
                }
            });
            assertThat(held).as("tasks that wait").hasSize(1);
            runHeld();
            session.does(out -> out.notice(2_000));
            runHeld();
            assertThat(heard).hasSize(1_026).startsWith(0, 1, 2).endsWith(1_023, "6 dropped", 2_000);
        }
    }

    private void runHeld() {
        while (!held.isEmpty()) {
            held.remove().run();
        }
    }

    @Test
    @Tag("L11")
    void aListenerThatThrowsGoesOnAndHarmsNoOther() {
        try (SyncSource source = transport.builder().open()) {
            Calls calls = source.unwrap(Calls.class);
            List<Object> bad = new ArrayList<>();
            List<Object> good = new ArrayList<>();
            calls.onNotice(String.class, notice -> {
                bad.add(notice);
                throw new IllegalStateException("a listener that throws");
            });
            calls.onNotice(String.class, good::add);
            MaterializedView<Row> view = source.materialize("a");
            ScriptedTransport.Session session = transport.last();
            session.does(out -> {
                out.notice("one");
                out.notice("two");
            });
            session.content("a", 1, 1, 1);
            assertThat(bad).containsExactly("one", "two");
            assertThat(good).containsExactly("one", "two");
            assertThat(view.snapshot().size()).isEqualTo(1);
        }
    }

    @Test
    @Tag("L11")
    void aListenerWhoseExecutorRefusesHarmsNobody() {
        try (SyncSource source = transport
                .builder()
                .executor(task -> {
                    throw new RejectedExecutionException("shut down");
                })
                .open()) {
            source.unwrap(Calls.class).onNotice(String.class, notice -> {});
            MaterializedView<Row> view = source.materialize("a");
            ScriptedTransport.Session session = transport.last();
            session.does(out -> out.notice("one"));
            session.content("a", 1, 1, 1);
            assertThat(view.snapshot().size()).isEqualTo(1);
        }
    }

    @Test
    @Tag("L12")
    void nothingIsHeardAfterTheClose() {
        List<Object> heard = new ArrayList<>();
        SyncSource source = transport.builder().executor(held::add).open();
        source.unwrap(Calls.class).onNotice(String.class, heard::add);
        source.materialize("a");
        transport.last().does(out -> out.notice("one"));
        source.close();
        transport.environment.run();
        runHeld();
        assertThat(heard).isEmpty();
        source.unwrap(Calls.class).onNotice(String.class, heard::add).close();
    }
}
