package dev.tributary.conformance;

import static dev.tributary.conformance.CommitMutants.edits;
import static dev.tributary.conformance.CommitMutants.leavesOut;

import dev.tributary.spi.Draft;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Wrong transports that are right until something else comes between: a refresh, another query, an earlier message. */
final class DisturbedMutants {

    private DisturbedMutants() {}

    /** They look right in every situation that an example shows. */
    static List<Mutant> subtle() {
        return List.of(
                Mutant.of("drops the commit that follows a refresh", Law.CONVERGES)
                        .session(() -> new BentSession() {
                            private final Set<String> before = new HashSet<>();
                            private final Set<Subscription> again = new HashSet<>();

                            @Override
                            public void subscribe(Subscription subscription, Output out) {
                                if (!before.add(subscription.query().name())) {
                                    again.add(subscription);
                                }
                                super.subscribe(subscription, out);
                            }

                            @Override
                            List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
                                boolean first = !replacing.contains(subscription)
                                        && !catchingUp.contains(subscription)
                                        && again.remove(subscription);
                                return first ? List.of() : edits;
                            }
                        }),
                afterAnother("drops a commit of one query when another is subscribed", false),
                afterAnother("drops a commit of one query when another is unsubscribed", true),
                Mutant.of("catches up with the last two commits in the wrong order", Law.WHOLE_COMMITS)
                        .session(() -> new BentSession() {
                            private final Map<Subscription, List<Edit>> waiting = new HashMap<>();

                            @Override
                            List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
                                List<Edit> earlier = waiting.remove(subscription);
                                if (earlier == null
                                        && catchingUp.contains(subscription)
                                        && !replacing.contains(subscription)) {
                                    waiting.put(subscription, edits);
                                    return List.of();
                                }
                                List<Edit> all = new ArrayList<>(edits);
                                if (earlier != null) {
                                    all.addAll(earlier);
                                }
                                return all;
                            }

                            @Override
                            void upToDate(Output out, Subscription subscription) {
                                List<Edit> rest = waiting.remove(subscription);
                                if (rest != null) {
                                    rest.forEach(edit -> apply(out.draft(subscription), edit));
                                    out.commit(List.of(subscription), null);
                                }
                                super.upToDate(out, subscription);
                            }
                        }),
                Mutant.of("keeps the last delete for the next message", Law.WHOLE_COMMITS)
                        .session(() -> new BentSession() {
                            private final Map<Subscription, Edit> kept = new HashMap<>();

                            @Override
                            List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
                                List<Edit> all = new ArrayList<>();
                                Edit earlier = kept.remove(subscription);
                                if (earlier != null && !replacing.contains(subscription)) {
                                    all.add(earlier);
                                }
                                all.addAll(edits);
                                Edit last = all.get(all.size() - 1);
                                if (!last.isPut() && all.size() > 1 && !replacing.contains(subscription)) {
                                    kept.put(subscription, last);
                                    all.remove(last);
                                }
                                return all;
                            }
                        }),
                edits(
                        "loses the last edit of a table when a transaction touches another",
                        Law.WHOLE_COMMITS,
                        (session, of, draft, edits) -> session.open.isEmpty() || session.replacing.contains(of)
                                ? edits
                                : edits.subList(0, edits.size() - 1)),
                edits(
                        "takes the first edit of each commit in its third session",
                        Law.WHOLE_COMMITS,
                        (session, of, draft, edits) ->
                                session.number == 3 && !session.replacing.contains(of) && edits.size() > 1
                                        ? edits.subList(0, 1)
                                        : edits),
                leavesOut(
                        "takes an insert after a delete of the same row for nothing",
                        Law.WHOLE_COMMITS,
                        (edit, all) -> edit.isPut()
                                && all.stream()
                                        .takeWhile(other -> other != edit)
                                        .anyMatch(other ->
                                                !other.isPut() && other.row().sameKey(edit.row()))));
    }

    private static Mutant afterAnother(String name, boolean atTheEnd) {
        return Mutant.of(name, Law.CONVERGES).session(() -> new BentSession() {
            private final Set<Subscription> served = new HashSet<>();
            private final Set<Subscription> disturbed = new HashSet<>();

            @Override
            public void subscribe(Subscription subscription, Output out) {
                if (!atTheEnd) {
                    disturbed.addAll(served);
                }
                super.subscribe(subscription, out);
            }

            @Override
            void upToDate(Output out, Subscription subscription) {
                served.add(subscription);
                super.upToDate(out, subscription);
            }

            @Override
            public void unsubscribe(Subscription subscription, Output out) {
                served.remove(subscription);
                disturbed.remove(subscription);
                if (atTheEnd) {
                    disturbed.addAll(served);
                }
                super.unsubscribe(subscription, out);
            }

            @Override
            List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
                return disturbed.remove(subscription) && !replacing.contains(subscription) ? List.of() : edits;
            }
        });
    }
}
