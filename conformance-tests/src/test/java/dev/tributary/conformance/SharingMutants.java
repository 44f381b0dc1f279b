package dev.tributary.conformance;

import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Wrong engines whose handles and pauses are not apart, or not together. */
final class SharingMutants {

    private SharingMutants() {}

    static List<Mutant> plain() {
        return List.of(
                Mutant.of("subscribes each view by itself", Law.ONE_SUBSCRIPTION)
                        .opening((builder, right) -> new BentSource(right) {
                            private final List<SyncSource> more = new ArrayList<>();

                            @Override
                            public MaterializedView<Row> materialize(String query) {
                                SyncSource own = builder.open();
                                more.add(own);
                                return bent(own.materialize(query));
                            }

                            @Override
                            public void close() {
                                super.close();
                                more.forEach(SyncSource::close);
                            }
                        }),
                Mutant.of("closes all handles with the first", Law.HANDLES_ARE_APART)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public void close() {
                                source.views.stream()
                                        .filter(other -> other.query().equals(query()))
                                        .forEach(other -> other.right.close());
                            }
                        }),
                Mutant.of("ends a pause with the first of several", Law.PAUSE_ENDS_WIRES)
                        .source(right -> new BentSource(right) {
                            private final List<Registration> pauses = new ArrayList<>();

                            @Override
                            public Registration pause(String reason) {
                                pauses.add(super.pause(reason));
                                return () -> pauses.forEach(Registration::close);
                            }
                        }),
                Mutant.of("forgets what a listener has when it pauses", Law.PAUSE_GOES_ON)
                        .source(right -> new BentSource(right) {
                            private int pauses;

                            @Override
                            @SuppressWarnings("unchecked")
                            <T> BentView<T> bend(MaterializedView<T> view) {
                                return (BentView<T>) new BentView<>(this, (MaterializedView<Row>) view) {
                                    @Override
                                    ViewListener<Row> bend(ViewListener<? super Row> listener) {
                                        return new BentListener<>(listener) {
                                            private int seen = pauses;

                                            @Override
                                            public void onCommit(Commit<Row> commit) {
                                                if (seen == pauses) {
                                                    tell(commit);
                                                }
                                                seen = pauses;
                                            }
                                        };
                                    }
                                };
                            }

                            @Override
                            public Registration pause(String reason) {
                                pauses++;
                                return super.pause(reason);
                            }
                        }),
                Mutant.of("completes a refresh before it asked", Law.REFRESH_IS_VISIBLE)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public CompletableFuture<MaterializedView<Row>> refresh() {
                                super.refresh();
                                return CompletableFuture.completedFuture(this);
                            }
                        }));
    }
}
