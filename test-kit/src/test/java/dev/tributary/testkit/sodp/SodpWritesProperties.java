package dev.tributary.testkit.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** What a server tells in deltas is what it holds, whatever is written. */
class SodpWritesProperties {

    private static final String KEY = "some.key";

    private enum How {
        SET,
        PATCH,
        SET_IN,
        DELETE,
        APPEND
    }

    record Write(How how, String path, @Nullable Object value) {}

    @Provide
    Arbitrary<List<Write>> writes() {
        Arbitrary<@Nullable Object> values = values(3);
        Arbitrary<String> paths = names().list().ofMinSize(1).ofMaxSize(3).map(all -> "/" + String.join("/", all));
        return Combinators.combine(Arbitraries.of(How.class), paths, values)
                .as(Write::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }

    private static Arbitrary<String> names() {
        return Arbitraries.of("a", "b", "c", "é", "0", "1", "10", "00");
    }

    private static Arbitrary<@Nullable Object> values(int depth) {
        Arbitrary<@Nullable Object> scalars = Arbitraries.of(null, true, false, 0L, 1L, -7L, 1.5, "", "text", 1L << 40);
        if (depth == 0) {
            return scalars;
        }
        Arbitrary<@Nullable Object> objects = Arbitraries.maps(names(), values(depth - 1))
                .ofMaxSize(4)
                .map(map -> new LinkedHashMap<String, @Nullable Object>(map));
        Arbitrary<@Nullable Object> lists =
                values(depth - 1).list().ofMaxSize(3).map(list -> (Object) new ArrayList<@Nullable Object>(list));
        return Arbitraries.frequencyOf(Tuple.of(3, scalars), Tuple.of(4, objects), Tuple.of(1, lists));
    }

    @Property
    void aRustServerTellsAllItHolds(@ForAll("writes") List<Write> writes) {
        play(SodpDialect.RUST, writes);
    }

    @Property
    void aTypeScriptServerTellsAllItHolds(@ForAll("writes") List<Write> writes) {
        play(SodpDialect.TYPESCRIPT, writes);
    }

    @Property
    void aDeltaOfAGoServerLeavesOutFalsyValues(@ForAll("writes") List<Write> writes) {
        SodpModel model = new SodpModel(SodpOptions.of(SodpDialect.GO), () -> 0, new SplittableRandom(1));
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.watch(KEY);
        writes.forEach(write -> make(model, write));
        assertThat(peer.heard).noneMatch(frame -> frame.contains("\"value\":0}") && frame.startsWith("[4,"));
    }

    private static void play(SodpDialect dialect, List<Write> writes) {
        SodpModel model = new SodpModel(SodpOptions.of(dialect), () -> 0, new SplittableRandom(1));
        Mirror mirror = new Mirror(dialect);
        SodpSession session = model.connect(mirror);
        session.message(new FrameWriter(dialect, new SplittableRandom(1))
                .write(new SodpFrame(SodpFrame.WATCH, 1000, 1, Map.of("state", KEY))));
        model.tick();
        boolean silentNil = false;
        for (Write write : writes) {
            boolean before = model.exists(KEY);
            make(model, write);
            model.tick();
            // The one write that no delta tells: nil as the first value on a TypeScript server.
            silentNil = dialect == SodpDialect.TYPESCRIPT
                    && model.exists(KEY)
                    && model.version(KEY) == 0
                    && (!before || silentNil);
            assertThat(Sameness.same(new ValueForm(dialect).of(mirror.value()), model.value(KEY)))
                    .as("after %s: %s, the client has %s", write, model.value(KEY), mirror.value())
                    .isTrue();
            if (!silentNil) {
                assertThat(mirror.exists()).isEqualTo(model.exists(KEY));
            }
        }
    }

    private static void make(SodpModel model, Write write) {
        try {
            switch (write.how()) {
                case SET -> model.set(KEY, write.value());
                case PATCH -> model.patch(KEY, patch(write.value()));
                case SET_IN -> model.setIn(KEY, write.path(), write.value());
                case DELETE -> model.delete(KEY);
                case APPEND -> model.append(KEY, write.value(), 2);
            }
        } catch (IllegalArgumentException e) {
            // Refused: nothing may have changed, which the comparison shows.
            assertThat(e).hasMessageNotContaining("no value of SODP");
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> patch(@Nullable Object value) {
        return value instanceof Map ? (Map<String, @Nullable Object>) value : Map.of("a", 1L);
    }
}
