package dev.tributary.conformance;

import static dev.tributary.conformance.ListenerMutants.commits;

import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.RowMapper;
import dev.tributary.ViewOptions;
import dev.tributary.ViewStatus;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Wrong engines that do not tell loading, live and stale apart, or not what a reset and a restart are. */
final class PhaseMutants {

    private PhaseMutants() {}

    static List<Mutant> plain() {
        return List.of(
                status(
                        "stays live without a connection",
                        Law.STALE_WITHOUT_CONNECTION,
                        status -> says(status, "refused") ? as(Phase.LIVE, status) : status),
                Mutant.of("throws when a late reader asks how a view does", Law.NOTHING_IS_THROWN)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public ViewStatus status() {
                                ViewStatus status = right.status();
                                if (status.phase() == Phase.STALE
                                        && !right.snapshot().isEmpty()) {
                                    throw new NoSuchElementException("no status");
                                }
                                return status;
                            }
                        }),
                status(
                        "is stale before its first content",
                        Law.LOADING_THEN_LIVE,
                        status -> status.phase() == Phase.LOADING ? as(Phase.STALE, status) : status),
                commits("tells nobody what a reset changed", Law.RESET_TELLS_DIFFERENCES, listener -> commit -> {
                    if (commit.origin() != Commit.Origin.RESET) {
                        listener.tell(commit);
                    }
                }),
                status(
                        "stays live in silence",
                        Law.SILENCE_IS_STALE,
                        status -> says(status, "no data within") || says(status, "no answer within")
                                ? as(Phase.LIVE, status)
                                : status),
                Mutant.of("ignores what was saved", Law.RESTART_RESUMES).source(right -> new BentSource(right) {
                    @Override
                    public <T> MaterializedView<T> materialize(
                            dev.tributary.Query query, RowMapper<T> mapper, Consumer<? super ViewOptions> options) {
                        return super.materialize(query, mapper, unused -> {});
                    }
                }));
    }

    private static Mutant status(String name, Law law, UnaryOperator<ViewStatus> bent) {
        return Mutant.of(name, law).view((source, view) -> new BentView<>(source, view) {
            @Override
            public ViewStatus status() {
                return bent.apply(right.status());
            }
        });
    }

    static ViewStatus as(Phase phase, ViewStatus right) {
        return new ViewStatus(
                phase,
                right.since(),
                right.reason(),
                right.condition(),
                right.rows(),
                right.bytes(),
                right.fraction(),
                right.verified(),
                right.verifiedUpTo());
    }

    static boolean says(ViewStatus status, String word) {
        return status.reason() != null
                && String.valueOf(status.reason().getMessage()).contains(word);
    }
}
