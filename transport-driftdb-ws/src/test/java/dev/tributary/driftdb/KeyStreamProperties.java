package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Query;
import dev.tributary.spi.Output;
import dev.tributary.spi.Resume;
import dev.tributary.spi.Subscription;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/** One key, its views and a room that loses messages, without a connection: only what arrives, and what is read. */
class KeyStreamProperties {

    private enum Step {
        OWN_APPEND,
        OWN_REPLACE,
        OWN_RELAY,
        APPEND,
        REPLACE,
        RELAY,
        COMPACT,
        LOST_APPEND,
        LOST_REPLACE,
        DELIVER,
        DELIVER_ALL,
        AGAIN,
        COMPARE,
        BEGIN_READ,
        LOOK,
        END_READ,
        JOIN,
        RESTORE,
        LOSE_STATE
    }

    private record Message(Entry entry, @Nullable Action own) {}

    private record Query0(Query query, @Nullable Resume resume) implements Subscription {
        @Override
        public boolean keepsRows() {
            return true;
        }
    }

    /** A room with one key, and one connection to it. */
    private static final class Room {

        private final Random random;
        private final Set<List<String>> logs = new HashSet<>();
        private final Set<List<String>> newest = new HashSet<>();
        private final List<Entry> retained = new ArrayList<>();
        private final Deque<Message> flying = new ArrayDeque<>();
        private final List<Subscription> subscriptions = new ArrayList<>();
        private final PlayedOutput engine = new PlayedOutput(this::committed);
        private final Output out = engine.output();
        private KeyStream stream = new KeyStream("k");
        private final List<StreamView> views = new ArrayList<>();
        private long counter;
        private long value;
        private @Nullable Message last;
        private long again;
        private boolean reading;
        private long above;
        private @Nullable List<Entry> seen;

        Room(Random random, int already) {
            this.random = random;
            remember();
            for (int i = 0; i < already; i++) {
                retain(next());
            }
            view("k?as=log", null);
            view("k", null);
        }

        private Subscription view(String query, @Nullable Resume resume) {
            Subscription subscription = new Query0(Query.of(query), resume);
            subscriptions.add(subscription);
            StreamView view = query.contains("log") ? new LogView(0L, subscription) : new LatestView("k", subscription);
            views.add(view);
            stream.add(view);
            return subscription;
        }

        private static boolean isLog(Subscription subscription) {
            return subscription.query().toString().contains("log");
        }

        // ---- the server ----

        private void remember() {
            List<String> log = texts(retained);
            logs.add(log);
            newest.add(log.isEmpty() ? List.of() : log.subList(log.size() - 1, log.size()));
        }

        private static List<String> texts(List<Entry> entries) {
            return entries.stream()
                    .map(entry -> entry.numberText() + "=" + entry.value())
                    .toList();
        }

        private Entry next() {
            counter += 1 + random.nextInt(2);
            return new Entry(counter, ++value);
        }

        private void retain(Entry entry) {
            retained.add(entry);
            remember();
        }

        private void push(Action action, boolean own, boolean arrives) {
            Entry entry = next();
            if (action == Action.REPLACE) {
                retained.clear();
            }
            if (action != Action.RELAY) {
                retain(entry);
            }
            if (arrives) {
                flying.add(new Message(entry, own ? action : null));
            }
        }

        private void compact() {
            if (retained.size() > 1) {
                int to = random.nextInt(retained.size());
                long number = retained.get(to).number();
                retained.subList(0, to + 1).clear();
                retained.add(0, new Entry(number, ++value));
                remember();
            }
        }

        private List<Entry> above(long number) {
            return retained.stream()
                    .filter(entry -> Long.compareUnsigned(entry.number(), number) > 0)
                    .toList();
        }

        // ---- the connection ----

        /** The one get of the connection: its answer stands between the messages before it and those after. */
        private void connect() {
            long from = stream.ask();
            if (!stream.init(above(from), out)) {
                stream.suspect();
            }
        }

        private void deliver() {
            Message message = flying.poll();
            if (message != null) {
                last = message;
                stream.message(message.entry(), message.own(), out);
            }
        }

        private void deliverAgain() {
            if (last != null) {
                assertThat(stream.isRepeat(last.entry())).isTrue();
                assertThat(stream.message(last.entry(), last.own(), out))
                        .as("told once")
                        .isFalse();
                again++;
                assertThat(stream.duplicates()).isGreaterThanOrEqualTo(again);
            }
        }

        private void beginRead() {
            if (!reading) {
                above = stream.beginRead(out);
                reading = true;
                seen = null;
            }
        }

        private void look() {
            if (reading && seen == null) {
                seen = above(above);
            }
        }

        private void endRead() {
            if (reading) {
                look();
                reading = false;
                stream.read(seen, above, out);
            }
        }

        /** The connection is cut: what was flying is lost, and views go on in the next. */
        private void reconnect() {
            flying.clear();
            reading = false;
            last = null;
            again = 0;
            stream = new KeyStream("k");
            views.forEach(stream::add);
            connect();
        }

        /** The process ends, and another goes on from what it saved of its log. */
        private void restore() {
            PlayedOutput.Content saved = engine.of(subscriptions.get(0));
            if (saved.checkpoint == null) {
                return;
            }
            views.clear();
            subscriptions.clear();
            stream = new KeyStream("k");
            StreamCheckpoint checkpoint = StreamCheckpoint.of(() -> saved.checkpoint.toBytes());
            Subscription log = view("k?as=log", new Resume(null, checkpoint, StreamRows.LOG));
            engine.of(log).rows = saved.rows;
            engine.of(log).checkpoint = saved.checkpoint;
            view("k", null);
            reconnect();
        }

        private void loseState() {
            // Lower numbers alone show that it is another life of the room.
            if (counter > 60 && !retained.isEmpty()) {
                retained.clear();
                counter = 0;
                remember();
                for (int i = random.nextInt(3); i > 0; i--) {
                    retain(next());
                }
                reconnect();
            }
        }

        void take(Step step) {
            switch (step) {
                case OWN_APPEND -> push(Action.APPEND, true, true);
                case OWN_REPLACE -> push(Action.REPLACE, true, true);
                case OWN_RELAY -> push(Action.RELAY, true, true);
                case APPEND -> push(Action.APPEND, false, true);
                case REPLACE -> push(Action.REPLACE, false, true);
                case RELAY -> push(Action.RELAY, false, true);
                case LOST_APPEND -> push(Action.APPEND, false, false);
                case LOST_REPLACE -> push(Action.REPLACE, false, false);
                case COMPACT -> compact();
                case DELIVER -> deliver();
                case DELIVER_ALL -> {
                    while (!flying.isEmpty()) {
                        deliver();
                    }
                }
                case AGAIN -> deliverAgain();
                case COMPARE -> stream.compare();
                case BEGIN_READ -> beginRead();
                case LOOK -> look();
                case END_READ -> endRead();
                case JOIN -> view(random.nextBoolean() ? "k?as=log" : "k", null);
                case RESTORE -> restore();
                case LOSE_STATE -> loseState();
            }
        }

        // ---- what must hold ----

        /** What says that it is verified was the state of the server at some moment. */
        private void committed(PlayedOutput.Content content) {
            if (!content.verified) {
                return;
            }
            List<String> rows = rows(content);
            Set<List<String>> states =
                    content.rows.values().stream().anyMatch(row -> row.schema().equals(StreamRows.LOG)) ? logs : newest;
            assertThat(rows.isEmpty() || states.contains(rows))
                    .as("%s was never retained", rows)
                    .isTrue();
        }

        private static List<String> rows(PlayedOutput.Content content) {
            return content.rows.values().stream()
                    .sorted((a, b) -> Long.compareUnsigned(DriftTypes.number(a, "seq"), DriftTypes.number(b, "seq")))
                    .map(row -> row.get("seq") + "=" + row.get("value"))
                    .toList();
        }

        void settle() {
            take(Step.DELIVER_ALL);
            endRead();
            for (int i = 0; i < 4; i++) {
                stream.compare();
                beginRead();
                endRead();
            }
            assertThat(stream.wantsRead()).isFalse();
            assertThat(stream.isUnverified()).isFalse();
            List<String> truth = texts(retained);
            String top =
                    truth.isEmpty() ? "0" : retained.get(retained.size() - 1).numberText();
            for (Subscription subscription : subscriptions) {
                PlayedOutput.Content content = engine.of(subscription);
                List<String> expected =
                        isLog(subscription) || truth.isEmpty() ? truth : truth.subList(truth.size() - 1, truth.size());
                assertThat(rows(content)).isEqualTo(expected);
                assertThat(content.verified).isTrue();
                assertThat(content.upToDate).isPositive();
                assertThat(content.verifiedUpTo).last().isEqualTo(top);
                assertThat(content.last().cause()).isIn(StreamCommit.Cause.AUDIT, StreamCommit.Cause.INIT);
                assertThat(truth.isEmpty() ? top : String.valueOf(content.checkpoint.retained()))
                        .isEqualTo(top);
                assertThat(content.events.stream()
                                .map(Passed::entry)
                                .map(Entry::value)
                                .distinct())
                        .as("told once")
                        .hasSameSizeAs(content.events);
            }
            assertThat(stream.holdsFewerThan(retained.size() + 1)).isTrue();
            assertThat(stream.holdsFewerThan(retained.size())).isFalse();
            if (!retained.isEmpty()) {
                assertThat(stream.newest()).isNotNull();
            }
        }
    }

    @Provide
    Arbitrary<List<Step>> programs() {
        return Arbitraries.of(Step.class).list().ofMinSize(1).ofMaxSize(80);
    }

    @Property(tries = 600)
    @Tag("D13")
    @Tag("D17")
    @Tag("D28")
    @Tag("L2")
    void everyViewEndsWithWhatIsRetainedAndIsNeverVerifiedInBetween(
            @ForAll("programs") List<Step> steps, @ForAll long seed) {
        Room room = new Room(new Random(seed), Math.floorMod(seed, 4) == 0 ? 230 : (int) Math.floorMod(seed, 4L));
        room.connect();
        steps.forEach(room::take);
        room.settle();
    }
}
