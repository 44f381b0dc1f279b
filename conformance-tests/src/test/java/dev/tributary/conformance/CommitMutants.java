package dev.tributary.conformance;

import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Wrong transports whose commits hold other edits than those of the server, come in pieces, or come too late. */
final class CommitMutants {

    private CommitMutants() {}

    /** They look right in every situation that an example shows. */
    static List<Mutant> subtle() {
        return List.of(
                edits(
                        "forgets the deletes that happened before a reconnect",
                        Law.CONVERGES,
                        (session, of, draft, edits) -> session.catchingUp.contains(of)
                                ? edits.stream().filter(BentSession.Edit::isPut).toList()
                                : edits),
                Mutant.of("catches up with the first commit alone", Law.CONVERGES)
                        .session(() -> new BentSession() {
                            private final Set<Subscription> had = new HashSet<>();

                            @Override
                            List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
                                boolean later = catchingUp.contains(subscription)
                                        && !replacing.contains(subscription)
                                        && !had.add(subscription);
                                return later ? List.of() : edits;
                            }
                        }),
                Mutant.of("shows a long transaction in two halves", Law.WHOLE_COMMITS)
                        .session(() -> new BentSession() {
                            @Override
                            void commit(Output out, List<Subscription> together, @Nullable Object metadata) {
                                for (Subscription subscription : together) {
                                    List<Edit> edits = open.get(subscription);
                                    if (edits != null && edits.size() > 2 && !replacing.contains(subscription)) {
                                        List<Edit> first = new ArrayList<>(edits.subList(0, edits.size() / 2));
                                        open.put(
                                                subscription,
                                                new ArrayList<>(edits.subList(edits.size() / 2, edits.size())));
                                        first.forEach(edit -> apply(out.draft(subscription), edit));
                                        out.commit(List.of(subscription), metadata);
                                    }
                                }
                                super.commit(out, together, metadata);
                            }
                        }),
                edits("deletes after it inserted", Law.WHOLE_COMMITS, (session, of, draft, edits) -> {
                    List<BentSession.Edit> ordered = new ArrayList<>();
                    edits.stream().filter(BentSession.Edit::isPut).forEach(ordered::add);
                    edits.stream().filter(edit -> !edit.isPut()).forEach(ordered::add);
                    return ordered;
                }),
                leavesOut(
                        "keeps the old row when a row gets another key",
                        Law.WHOLE_COMMITS,
                        (edit, all) -> !edit.isPut()
                                && all.stream()
                                        .anyMatch(other ->
                                                other.isPut() && !other.row().sameKey(edit.row()))),
                leavesOut(
                        "keeps a transaction of at most three edits",
                        Law.WHOLE_COMMITS,
                        (edit, all) -> all.size() > 3 && all.size() < 100 && all.indexOf(edit) >= 3),
                leavesOut(
                        "takes the first of two edits of a row",
                        Law.WHOLE_COMMITS,
                        (edit, all) -> all.stream()
                                .takeWhile(other -> other != edit)
                                .anyMatch(other -> other.row().sameKey(edit.row()))),
                edits(
                        "takes an emptied table for no answer",
                        Law.CONVERGES,
                        (session, of, draft, edits) ->
                                !session.replacing.contains(of) && rowsAfter(draft, edits) == 0 ? List.of() : edits),
                Mutant.of("takes an empty new content for no answer", Law.ONE_INSTANT)
                        .session(() -> new BentSession() {
                            private final Map<Subscription, RowSchema> held = new HashMap<>();

                            @Override
                            void replaceAll(Subscription subscription, Output out, Draft draft, RowSchema schema) {
                                if (draft.schema() == null || draft.size() == 0) {
                                    super.replaceAll(subscription, out, draft, schema);
                                } else {
                                    held.put(subscription, schema);
                                }
                            }

                            @Override
                            List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
                                RowSchema schema = held.remove(subscription);
                                if (schema != null) {
                                    draft.replaceAll(schema);
                                }
                                return edits;
                            }
                        }),
                Mutant.of("keeps what is gone in every reset but the first", Law.WHOLE_COMMITS)
                        .sessions(() -> {
                            Map<String, Integer> resets = new HashMap<>();
                            return () -> new BentSession() {
                                @Override
                                void replaceAll(Subscription subscription, Output out, Draft draft, RowSchema schema) {
                                    int count =
                                            resets.merge(subscription.query().name(), 1, Integer::sum);
                                    if (draft.schema() == null || count < 3) {
                                        super.replaceAll(subscription, out, draft, schema);
                                    }
                                }
                            };
                        }),
                Mutant.of("commits a transaction over two tables one by one", Law.ONE_INSTANT)
                        .session(() -> new BentSession() {
                            @Override
                            void commit(Output out, List<Subscription> together, @Nullable Object metadata) {
                                together.forEach(one -> super.commit(out, List.of(one), metadata));
                            }
                        }));
    }

    static List<Mutant> plain() {
        return List.of(
                Mutant.of("commits at the end of each message", Law.WHOLE_COMMITS)
                        .session(() -> new BentSession() {
                            @Override
                            public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
                                super.data(wire, kind, bytes, last, out);
                                List.copyOf(open.keySet()).forEach(one -> super.commit(out, List.of(one), null));
                            }
                        }),
                Mutant.of("shows an empty view during a reset", Law.RESET_SHOWS_ROWS)
                        .session(() -> new BentSession() {
                            @Override
                            void replaceAll(Subscription subscription, Output out, Draft draft, RowSchema schema) {
                                super.replaceAll(subscription, out, draft, schema);
                                out.commit(List.of(subscription), null);
                            }
                        }),
                Mutant.of("keeps what is gone in a reset", Law.WHOLE_COMMITS).session(() -> new BentSession() {
                    @Override
                    void replaceAll(Subscription subscription, Output out, Draft draft, RowSchema schema) {
                        if (draft.schema() == null) {
                            super.replaceAll(subscription, out, draft, schema);
                        }
                    }
                }),
                Mutant.of("says that it is up to date when the wire opens again", Law.LIVE_IS_CAUGHT_UP)
                        .session(() -> new BentSession() {
                            @Override
                            public void opened(Wire wire, Head head, Output out) {
                                super.opened(wire, head, out);
                                catchingUp.forEach(out::upToDate);
                            }
                        }),
                Mutant.of("says that it is up to date only after news", Law.COMES_BACK)
                        .session(() -> new BentSession() {
                            private final Set<Subscription> heard = new HashSet<>();

                            @Override
                            List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
                                heard.add(subscription);
                                return edits;
                            }

                            @Override
                            void upToDate(Output out, Subscription subscription) {
                                if (heard.contains(subscription) || subscription.resume() == null) {
                                    super.upToDate(out, subscription);
                                }
                            }
                        }),
                Mutant.of("waits with a commit for the next one", Law.CONVERGES).session(() -> new BentSession() {
                    private final Map<Subscription, List<Edit>> waiting = new HashMap<>();

                    @Override
                    List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
                        if (replacing.contains(subscription)) {
                            return edits;
                        }
                        List<Edit> before = waiting.put(subscription, edits);
                        return before == null ? List.of() : before;
                    }
                }),
                Mutant.of("commits in pieces that stay below the bound", Law.TRANSACTION_BOUND)
                        .session(() -> new BentSession() {
                            @Override
                            void commit(Output out, List<Subscription> together, @Nullable Object metadata) {
                                for (Subscription subscription : together) {
                                    List<Edit> edits = open.remove(subscription);
                                    for (int i = 0; edits != null && i < edits.size(); i++) {
                                        apply(out.draft(subscription), edits.get(i));
                                        if (i % 20 == 19) {
                                            out.commit(List.of(subscription), metadata);
                                        }
                                    }
                                }
                                super.commit(out, together, metadata);
                            }
                        }));
    }

    /** Decides what becomes of the edits of a commit. */
    interface Edits {

        List<BentSession.Edit> change(BentSession session, Subscription of, Draft draft, List<BentSession.Edit> edits);
    }

    static Mutant edits(String name, Law law, Edits change) {
        return Mutant.of(name, law).session(() -> new BentSession() {
            @Override
            List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
                return change.change(this, subscription, draft, edits);
            }
        });
    }

    /** Leaves out edits of commits that are no new content. */
    static Mutant leavesOut(String name, Law law, BiPredicate<BentSession.Edit, List<BentSession.Edit>> which) {
        return edits(
                name,
                law,
                (session, of, draft, edits) -> session.replacing.contains(of)
                        ? edits
                        : edits.stream()
                                .filter(edit -> !which.test(edit, edits))
                                .toList());
    }

    private static long rowsAfter(Draft draft, List<BentSession.Edit> edits) {
        Set<Row> gone = new HashSet<>();
        long more = 0;
        for (BentSession.Edit edit : edits) {
            if (edit.isPut()) {
                more++;
            } else if (gone.add(edit.row())) {
                more--;
            }
        }
        return draft.size() + more;
    }
}
