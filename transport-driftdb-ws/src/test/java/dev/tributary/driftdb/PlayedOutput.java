package dev.tributary.driftdb;

import dev.tributary.Checkpoint;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Plays the engine for streams alone: rows in plain maps, and what was told of them. */
final class PlayedOutput {

    /** One query as the engine holds it. */
    static final class Content {

        Map<List<@Nullable Object>, Row> rows = new LinkedHashMap<>();
        boolean verified;
        int upToDate;
        final List<StreamCommit> commits = new ArrayList<>();
        final List<Passed> events = new ArrayList<>();
        final List<String> verifiedUpTo = new ArrayList<>();

        @Nullable
        StreamCheckpoint checkpoint;

        @Nullable
        String condition;

        private @Nullable MapDraft draft;

        StreamCommit last() {
            return commits.get(commits.size() - 1);
        }
    }

    long nanos = 1;

    private final Map<Subscription, Content> contents = new IdentityHashMap<>();
    private final Consumer<Content> onCommit;

    /** @param onCommit looks at what a commit leaves */
    PlayedOutput(Consumer<Content> onCommit) {
        this.onCommit = onCommit;
    }

    Content of(Subscription subscription) {
        return contents.computeIfAbsent(subscription, one -> new Content());
    }

    Output output() {
        return (Output) Proxy.newProxyInstance(
                PlayedOutput.class.getClassLoader(),
                new Class<?>[] {Output.class},
                (proxy, method, arguments) -> called(method, arguments));
    }

    private @Nullable Object called(Method method, Object[] arguments) {
        Content content =
                arguments != null && arguments[0] instanceof Subscription subscription ? of(subscription) : null;
        switch (method.getName()) {
            case "draft" -> {
                content.draft = content.draft == null ? new MapDraft(content) : content.draft;
                return content.draft;
            }
            case "commit" -> {
                for (Object subscription : (List<?>) arguments[0]) {
                    commit(of((Subscription) subscription), (StreamCommit) arguments[1]);
                }
            }
            case "upToDate" -> content.upToDate++;
            case "verified" -> {
                content.verified = true;
                content.verifiedUpTo.add((String) arguments[1]);
            }
            case "condition" -> content.condition = (String) arguments[1];
            case "nanos" -> {
                return nanos;
            }
            default -> throw new AssertionError("streams do not call " + method);
        }
        return null;
    }

    private void commit(Content content, StreamCommit metadata) {
        MapDraft draft = content.draft;
        content.rows = draft.rows;
        content.verified = draft.verified;
        content.checkpoint = (StreamCheckpoint) draft.checkpoint;
        content.events.addAll(draft.events);
        content.commits.add(metadata);
        content.draft = null;
        onCommit.accept(content);
    }

    /** A draft over copies of maps. */
    private static final class MapDraft implements Draft {

        private final List<Passed> events = new ArrayList<>();
        private Map<List<@Nullable Object>, Row> rows;
        private @Nullable RowSchema schema;
        private @Nullable Checkpoint checkpoint;
        private boolean verified;

        MapDraft(Content content) {
            rows = new LinkedHashMap<>(content.rows);
            checkpoint = content.checkpoint;
            verified = content.verified;
        }

        @Override
        public void replaceAll(RowSchema next) {
            rows = new LinkedHashMap<>();
            schema = next;
            verified = true;
        }

        @Override
        public @Nullable RowSchema schema() {
            return schema;
        }

        @Override
        public @Nullable Row get(Row keyed) {
            return rows.get(keyed.key());
        }

        @Override
        public void put(Row row) {
            rows.put(row.key(), row);
        }

        @Override
        public boolean patch(Row partial, @Nullable Row before) {
            throw new AssertionError("entries are put");
        }

        @Override
        public @Nullable Row remove(Row keyed) {
            return rows.remove(keyed.key());
        }

        @Override
        public int add(Row row, int copies) {
            throw new AssertionError("entries are not counted");
        }

        @Override
        public void event(Object event) {
            events.add((Passed) event);
        }

        @Override
        public void checkpoint(@Nullable Checkpoint next) {
            checkpoint = next;
        }

        @Override
        public void verified(boolean whole) {
            verified = whole;
        }

        @Override
        public int size() {
            return rows.size();
        }
    }
}
