package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Scripts that are played on the real server and on the one that stands for it, and must end the same. */
final class Workload {

    private static final Duration OFTEN = Duration.ofMillis(300);

    private Workload() {}

    /** Each action once, as in the worked example of the specification, and what everybody saw of it. */
    static List<String> everyAction(URI root, Encoding encoding) {
        List<String> seen = new ArrayList<>();
        try (Visit visit = Visit.to(root)) {
            SyncSource source = visit.open(encoding);
            MaterializedView<Row> log = Visit.live(source.materialize("k?as=log"));
            MaterializedView<Row> latest = Visit.live(source.materialize("k"));
            List<String> sizes = new CopyOnWriteArrayList<>();
            DriftDb db = Visit.db(source);
            db.onSize(size -> sizes.add(size.key() + " " + size.size()));
            List<Push> pushes = List.of(
                    Push.append("k", "one"),
                    Push.append("k", "two"),
                    Push.replace("k", "three"),
                    Push.relay("k", "four"),
                    Push.append("k", "five"),
                    Push.compact("k", "S", 4),
                    Push.append("k", "six"),
                    Push.append("never viewed", 1),
                    Push.append("never viewed", 2),
                    Push.compact("empty before", "S", 3),
                    Push.relay("k", null),
                    Push.append("k", "seven"));
            for (Push push : pushes) {
                Pushed pushed = Visit.get(db.push(push, Visit.PATIENCE));
                seen.add(push + ": " + pushed.number() + " " + pushed.size());
                seen.add("  truth " + visit.truth(push.key()));
            }
            // Everything before it was answered when the fence is back.
            Visit.get(db.latency(Visit.PATIENCE));
            Visit.get(log.refresh());
            Visit.get(latest.refresh());
            Visit.await(log, "the log", () -> Visit.isVerified(log));
            Visit.await(latest, "the latest", () -> Visit.isVerified(latest));
            seen.add("log " + Rig.log(log));
            seen.add("latest " + Rig.log(latest));
            seen.add("sizes " + sizes);
            seen.add("above 4 " + Visit.get(db.http().read("k", 4, Visit.PATIENCE)));
            seen.add("latest over http " + Visit.get(db.http().latest("k", Visit.PATIENCE)));
            seen.add("put " + Visit.get(db.http().put("h", "p", Visit.PATIENCE)));
            seen.add("append " + Visit.get(db.http().append("h", "q", Visit.PATIENCE)));
            seen.add("fold " + Visit.get(db.http().fold("h", "F", 14, Visit.PATIENCE)));
            seen.add("truth " + visit.truth("h"));
            seen.add("nothing " + Visit.get(db.http().latest("unknown", Visit.PATIENCE)));
            Visit.get(db.http().ping(Visit.PATIENCE));
            MaterializedView<Row> whole = Visit.live(source.materialize("?as=room"));
            Visit.await(whole, "the whole room", () -> whole.snapshot().size() >= 8);
            seen.add(whole.snapshot().stream()
                    .map(row -> row.get("key") + " " + row.get("seq") + ":" + row.get("value"))
                    .sorted()
                    .collect(Collectors.joining(", ", "room ", "")));
        }
        return seen;
    }

    /** Values of each kind, and what readers of each kind get. */
    static List<String> values(URI root, Encoding encoding) {
        List<String> seen = new ArrayList<>();
        try (Visit visit = Visit.to(root)) {
            SyncSource writer = visit.open(encoding);
            DriftDb db = Visit.db(writer);
            for (Object value : values(encoding)) {
                Visit.get(db.append("v", value, Visit.PATIENCE));
            }
            for (Encoding reading : Site.encodings()) {
                MaterializedView<Row> view = visit.open(reading).materialize("v?as=log");
                Visit.await(
                        view,
                        "the values",
                        () -> view.snapshot().size() == values(encoding).size());
                view.snapshot().stream()
                        .sorted(java.util.Comparator.comparingLong(row -> DriftTypes.number(row, "seq")))
                        .forEach(row -> seen.add(reading + " " + spelled(row.get("value"))));
            }
            Visit.get(db.http().read("v", 0, Visit.PATIENCE))
                    .forEach(entry -> seen.add("http " + spelled(entry.value())));
        }
        return seen;
    }

    private static List<@Nullable Object> values(Encoding encoding) {
        Object deep = "deep";
        for (int i = 0; i < Values.MOST_DEPTH; i++) {
            deep = List.of(deep);
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("z", null);
        map.put("", Arrays.asList(1L, null, Map.of("v", false)));
        map.put("é😀", "\u0000\u2028\"\\");
        // The published server gives doubles that are exactly singles as they are, the one of the last source
        // shortened.
        Object single = Site.Real.isPublished() ? (Object) 0.1 : (Object) (double) 0.1f;
        List<@Nullable Object> values = new ArrayList<>(Arrays.asList(
                null,
                true,
                0L,
                -1L,
                (1L << 53) + 1,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE),
                0.1,
                single,
                0.1f,
                1e300,
                -0.0,
                5.0,
                9007199254740992.0,
                17179869184.0,
                "",
                "text",
                List.of(),
                Map.of(),
                map,
                deep));
        if (encoding == Encoding.CBOR) {
            values.add(new byte[] {0, 1, (byte) 0xff});
            values.add(Double.NaN);
            values.add(Double.NEGATIVE_INFINITY);
        }
        return values;
    }

    /** A value with its types, for 5 is not 5.0. */
    static String spelled(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof byte[] bytes) {
            return "bytes " + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Workload::spelled).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + spelled(entry.getValue()))
                    .sorted()
                    .collect(Collectors.joining(",", "{", "}"));
        }
        return value.getClass().getSimpleName() + " " + value;
    }

    /** Relays of others enter as rows and are found out by the audit. */
    static List<String> relays(URI root, Encoding encoding) {
        try (Visit visit = Visit.to(root)) {
            MaterializedView<Row> log =
                    Visit.live(visit.open(options -> options.encoding(encoding).audit(OFTEN))
                            .materialize("k?as=log"));
            List<String> passed = new CopyOnWriteArrayList<>();
            CompletableFuture<Void> both = new CompletableFuture<>();
            log.listen(new ViewListener<>() {
                @Override
                public void onCommit(Commit<Row> commit) {}

                @Override
                public void onEvent(Object event) {
                    if (event instanceof Passed gone) {
                        passed.add(
                                gone.entry().numberText() + ":" + gone.entry().value());
                        if (passed.size() == 2) {
                            both.complete(null);
                        }
                    }
                }
            });
            DriftDb other = Visit.db(visit.open(encoding));
            Visit.get(other.append("k", "kept", Visit.PATIENCE));
            Visit.get(other.relay("k", "passing", Visit.PATIENCE));
            Visit.get(other.append("k", "kept too", Visit.PATIENCE));
            Visit.get(other.relay("k", "passing too", Visit.PATIENCE));
            Visit.get(both);
            Visit.await(log, "verified", () -> Visit.isVerified(log));
            List<String> end = new ArrayList<>(Rig.log(log));
            end.add("passed " + passed);
            assertThat(Rig.log(log)).isEqualTo(visit.truth("k"));
            return end;
        }
    }

    /** Three writers at once, and one who only looks on: everybody ends with everything. */
    static List<String> burst(URI root, Encoding encoding, int each) {
        try (Visit visit = Visit.to(root)) {
            MaterializedView<Row> passive = Visit.live(visit.open(encoding).materialize("log?as=log"));
            List<MaterializedView<Row>> views = new ArrayList<>(List.of(passive));
            List<CompletableFuture<Void>> writes = new ArrayList<>();
            for (long writer = 0; writer < 3; writer++) {
                SyncSource source = visit.open(encoding);
                views.add(Visit.live(source.materialize("log?as=log")));
                long first = writer * each;
                writes.add(Visit.db(source)
                        .appendAll(
                                "log",
                                LongStream.range(first, first + each).boxed().toList(),
                                Visit.PATIENCE,
                                done -> {}));
            }
            writes.forEach(Visit::get);
            List<String> truth = visit.truth("log");
            for (MaterializedView<Row> view : views) {
                Visit.await(view, "all", () -> view.snapshot().size() == 3 * each && Visit.isVerified(view));
                assertThat(Rig.log(view)).isEqualTo(truth);
            }
            List<Long> values = truth.stream()
                    .map(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                    .toList();
            for (long writer = 0; writer < 3; writer++) {
                long first = writer * each;
                assertThat(values.stream().filter(value -> value >= first && value < first + each))
                        .as("in the order of its writer")
                        .isSorted();
            }
            List<Long> sorted = new ArrayList<>(values);
            Collections.sort(sorted);
            return sorted.stream().map(String::valueOf).toList();
        }
    }

    /** Three who share a state by actions, folding as they go, and one who only looks on. */
    static List<String> reducers(URI root, Encoding encoding, int each) {
        try (Visit visit = Visit.to(root)) {
            List<SharedReducer<Long, Long>> reducers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                reducers.add(counter(visit.open(encoding)));
                Visit.live(reducers.get(i).view());
            }
            List<CompletableFuture<Void>> dispatched = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                for (SharedReducer<Long, Long> writer : reducers.subList(0, 3)) {
                    dispatched.add(writer.dispatch(1L));
                }
            }
            dispatched.forEach(Visit::get);
            List<String> end = new ArrayList<>();
            for (SharedReducer<Long, Long> reducer : reducers) {
                awaitState(reducer, 3L * each);
                end.add(reducer.get() + " " + reducer.confirmed() + " " + reducer.pending());
            }
            SharedReducer<Long, Long> late = counter(visit.open(encoding));
            awaitState(late, 3L * each);
            end.add("late " + late.get());
            assertThat(visit.truth("counter").get(0)).as("folded by itself").contains("reset");
            awaitShort(visit, late);
            return end;
        }
    }

    /** A fold that was begun may be under way, of which nobody is told: so the room is read until it is short. */
    static void awaitShort(Visit visit, SharedReducer<Long, Long> reducer) {
        for (int i = 0; i < 1_000 && visit.truth("counter").size() > SharedReducer.THRESHOLD; i++) {
            Visit.get(reducer.fold());
        }
        assertThat(visit.truth("counter")).hasSizeLessThanOrEqualTo(SharedReducer.THRESHOLD);
    }

    static SharedReducer<Long, Long> counter(SyncSource source) {
        return SharedReducer.open(source, "counter", 0L, Long::sum, Visit.LONGS, Visit.LONGS);
    }

    static void awaitState(SharedReducer<Long, Long> reducer, long state) {
        CompletableFuture<Void> there = new CompletableFuture<>();
        reducer.listen(now -> {
            if (now == state && reducer.confirmed() == state && reducer.pending() == 0) {
                there.complete(null);
            }
        });
        try {
            there.get(Visit.PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("shows " + reducer.get() + ", confirmed " + reducer.confirmed() + ", pending "
                    + reducer.pending() + " instead of " + state + "; the view is "
                    + reducer.view().status());
        } catch (java.util.concurrent.ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
