package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.Credential;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.SyncSource;
import dev.tributary.spi.Call;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Target;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Wrong transports. Those of {@link #subtle} look right in every situation that an example shows. */
final class TransportMutants {

    private static final System.Logger LOG = System.getLogger("dev.tributary");

    private TransportMutants() {}

    /** Decides what becomes of the edits of a commit. */
    private interface Edits {

        List<BentSession.Edit> change(BentSession session, Subscription of, Draft draft, List<BentSession.Edit> edits);
    }

    private static Mutant edits(String name, Law law, Edits change) {
        return Mutant.of(name, law).session(() -> new BentSession() {
            @Override
            List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
                return change.change(this, subscription, draft, edits);
            }
        });
    }

    /** Leaves out edits of commits that are no new content. */
    private static Mutant leavesOut(String name, Law law, BiPredicate<BentSession.Edit, List<BentSession.Edit>> which) {
        return edits(
                name,
                law,
                (session, of, draft, edits) -> session.replacing.contains(of)
                        ? edits
                        : edits.stream()
                                .filter(edit -> !which.test(edit, edits))
                                .toList());
    }

    static List<Mutant> subtle() {
        return List.of(
                Mutant.of("sends a write again that was under way when the source was paused", Law.UNKNOWN_IS_DONE_ONCE)
                        .writing()
                        .sessions(() -> {
                            Set<Call> unanswered = new LinkedHashSet<>();
                            return () -> new SendingAgain(unanswered) {
                                private final Set<Call> waiting = new LinkedHashSet<>();

                                @Override
                                void sent(Output out, Call call) {
                                    waiting.add(call);
                                    out.sent(call);
                                }

                                @Override
                                void reply(Output out, Call call, @Nullable Object result) {
                                    waiting.remove(call);
                                    super.reply(out, call, result);
                                }

                                @Override
                                public void unsubscribe(Subscription subscription, Output out) {
                                    unanswered.addAll(waiting);
                                    super.unsubscribe(subscription, out);
                                }
                            };
                        }),
                Mutant.of("sends writes again when several were not answered", Law.UNKNOWN_IS_DONE_ONCE)
                        .writing()
                        .sessions(() -> {
                            Set<Call> unanswered = new LinkedHashSet<>();
                            return () -> new SendingAgain(unanswered) {
                                @Override
                                public void opened(Wire wire, Head head, Output out) {
                                    if (unanswered.size() == 1) {
                                        unanswered.clear();
                                    }
                                    super.opened(wire, head, out);
                                }
                            };
                        }),
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
                        }),
                Mutant.of("runs ahead with the checkpoint of a commit that deletes", Law.CHECKPOINT_NOT_AHEAD)
                        .session(() -> new BentSession() {
                            @Override
                            Checkpoint checkpoint(Subscription subscription, @Nullable Checkpoint checkpoint) {
                                List<Edit> edits = open.getOrDefault(subscription, List.of());
                                boolean deletes = edits.stream().anyMatch(edit -> !edit.isPut());
                                return deletes ? moved(checkpoint, 1) : checkpoint;
                            }
                        }),
                Mutant.of("lags behind with its checkpoint after a commit that deletes", Law.COMES_BACK)
                        .session(() -> new BentSession() {
                            @Override
                            Checkpoint checkpoint(Subscription subscription, @Nullable Checkpoint checkpoint) {
                                List<Edit> edits = open.getOrDefault(subscription, List.of());
                                boolean deletes = edits.stream().anyMatch(edit -> !edit.isPut());
                                return deletes && !replacing.contains(subscription)
                                        ? moved(checkpoint, -1)
                                        : checkpoint;
                            }

                            @Override
                            void apply(Draft draft, Edit edit) {
                                if (!edit.isPut() && draft.get(edit.row()) == null) {
                                    throw new ProtocolException("a row that is not there is removed");
                                }
                                super.apply(draft, edit);
                            }
                        }),
                Mutant.of("goes on from two commits ago after a change of a row", Law.SERVER_ORDER)
                        .session(() -> new BentSession() {
                            @Override
                            Checkpoint checkpoint(Subscription subscription, @Nullable Checkpoint checkpoint) {
                                boolean live = !replacing.contains(subscription) && !catchingUp.contains(subscription);
                                return live && open.containsKey(subscription) ? moved(checkpoint, -2) : checkpoint;
                            }
                        }),
                Mutant.of("says that an empty view is up to date when the wire opens", Law.LIVE_HAS_CONTENT)
                        .session(() -> new BentSession() {
                            private final Set<Subscription> fresh = new HashSet<>();

                            @Override
                            public void subscribe(Subscription subscription, Output out) {
                                if (subscription.resume() == null) {
                                    fresh.add(subscription);
                                }
                                super.subscribe(subscription, out);
                            }

                            @Override
                            public void opened(Wire wire, Head head, Output out) {
                                super.opened(wire, head, out);
                                if (head.status() == 101) {
                                    fresh.forEach(out::upToDate);
                                }
                            }
                        }),
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
                                                !other.isPut() && other.row().sameKey(edit.row()))),
                Mutant.of("calls a view verified that went on after a reconnect", Law.VERIFIED_TRUTHFULLY)
                        .lossy()
                        .session(() -> new BentSession() {
                            private boolean resumed;

                            @Override
                            public void subscribe(Subscription subscription, Output out) {
                                resumed |= subscription.resume() != null;
                                super.subscribe(subscription, out);
                            }

                            @Override
                            boolean verified(boolean whole) {
                                return whole || resumed;
                            }
                        }),
                Mutant.of("stops its audits after a reconnect", Law.SETTLES_VERIFIED)
                        .lossy()
                        .session(() -> new BentSession() {
                            @Override
                            public void timer(Object tag, Output out) {
                                if (number < 3) {
                                    super.timer(tag, out);
                                }
                            }
                        }),
                Mutant.of("keeps what it had from its second audit on", Law.VERIFIED_TRUTHFULLY)
                        .lossy()
                        .sessions(() -> {
                            Map<String, Integer> resets = new HashMap<>();
                            return () -> new BentSession() {
                                @Override
                                void replaceAll(Subscription subscription, Output out, Draft draft, RowSchema schema) {
                                    int count =
                                            resets.merge(subscription.query().name(), 1, Integer::sum);
                                    if (draft.schema() == null || count < 2) {
                                        super.replaceAll(subscription, out, draft, schema);
                                    } else {
                                        draft.verified(true);
                                    }
                                }
                            };
                        }));
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

    /** The in-memory checkpoint, so many commits later. */
    private static @Nullable Checkpoint moved(@Nullable Checkpoint checkpoint, long by) {
        if (checkpoint == null) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(checkpoint.toBytes());
        long log = bytes.getLong();
        long number = Math.max(0, bytes.getLong() + by);
        return Checkpoint.of(
                ByteBuffer.allocate(16).putLong(log).putLong(number).array());
    }

    static List<Mutant> plain() {
        List<Mutant> all = new ArrayList<>(contents());
        all.addAll(retries());
        all.addAll(credentials());
        all.addAll(badInput());
        all.addAll(capabilities());
        all.addAll(writes());
        return all;
    }

    private static List<Mutant> contents() {
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
                        }),
                Mutant.of("never says that its audit found all", Law.SETTLES_VERIFIED)
                        .lossy()
                        .session(() -> new BentSession() {
                            @Override
                            void replaceAll(Subscription subscription, Output out, Draft draft, RowSchema schema) {
                                super.replaceAll(subscription, out, draft, schema);
                                draft.verified(false);
                            }
                        }),
                Mutant.of("audits, and keeps what it had", Law.AUDIT_FINDS)
                        .lossy()
                        .session(() -> new BentSession() {
                            private final Set<Subscription> kept = new HashSet<>();

                            @Override
                            void replaceAll(Subscription subscription, Output out, Draft draft, RowSchema schema) {
                                if (draft.schema() == null) {
                                    super.replaceAll(subscription, out, draft, schema);
                                } else {
                                    kept.add(subscription);
                                }
                            }

                            @Override
                            List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
                                return kept.remove(subscription) ? List.of() : edits;
                            }
                        }),
                Mutant.of("calls everything verified", Law.VERIFIED_TRUTHFULLY)
                        .lossy()
                        .session(() -> new BentSession() {
                            @Override
                            boolean verified(boolean whole) {
                                return true;
                            }
                        }));
    }

    private static List<Mutant> retries() {
        return List.of(
                Mutant.of("takes every end for a normal one", Law.WAITS_FIRST).session(() -> new BentSession() {
                    @Override
                    void end(Output out, Ending ending) {
                        out.end(ending.kind() == Ending.Kind.RETRY ? Ending.proceed() : ending);
                    }
                }),
                Mutant.of("asks for an hour of patience", Law.WAITS_IN_BOUNDS).session(() -> new BentSession() {
                    @Override
                    void end(Output out, Ending ending) {
                        Throwable reason = ending.reason();
                        out.end(reason == null ? ending : Ending.retry(reason, Duration.ofHours(1)));
                    }
                }),
                Mutant.of("does not hear when to come again", Law.COMES_LATER).session(() -> new BentSession() {
                    @Override
                    void end(Output out, Ending ending) {
                        out.end(ending.after(Duration.ZERO));
                    }
                }),
                Mutant.of("gives up after five attempts", Law.KEEPS_TRYING).session(() -> new BentSession() {
                    @Override
                    public void subscribe(Subscription subscription, Output out) {
                        if (number < 6) {
                            super.subscribe(subscription, out);
                        }
                    }
                }),
                Mutant.of("goes around in circles", Law.RESTS).onlyItsLaw().session(() -> new BentSession() {
                    @Override
                    public void subscribe(Subscription subscription, Output out) {
                        super.subscribe(subscription, out);
                        out.timer("again", Duration.ZERO, Duration.ZERO);
                    }

                    @Override
                    public void timer(Object tag, Output out) {
                        out.timer("again", Duration.ZERO, Duration.ZERO);
                    }
                }),
                Mutant.of("fails the whole session for one query", Law.REFUSAL_HARMS_NO_OTHER)
                        .session(() -> new BentSession() {
                            @Override
                            void end(Output out, Subscription subscription, Ending ending, @Nullable Object carry) {
                                if (ending.kind() == Ending.Kind.REJECTED) {
                                    out.end(ending);
                                } else {
                                    out.end(subscription, ending, carry);
                                }
                            }
                        }),
                Mutant.of("asks again and again for what was refused", Law.REFUSED_QUERY_FAILS)
                        .session(() -> new BentSession() {
                            @Override
                            void end(Output out, Subscription subscription, Ending ending, @Nullable Object carry) {
                                Throwable reason = ending.reason();
                                boolean refused = ending.kind() == Ending.Kind.REJECTED && reason != null;
                                out.end(subscription, refused ? Ending.retry(reason) : ending, carry);
                            }
                        }));
    }

    private static List<Mutant> credentials() {
        return List.of(
                Mutant.of("asks for credentials once", Law.ASKED_EACH_TIME).sessions(() -> {
                    Credential[] first = new Credential[1];
                    return () -> new BentSession() {
                        @Override
                        void askCredential(Output out, @Nullable Throwable refusal) {
                            if (first[0] == null) {
                                out.credential(refusal);
                            } else {
                                right.credential(first[0], new BentOutput(out));
                            }
                        }

                        @Override
                        public void credential(Credential credential, Output out) {
                            first[0] = credential;
                            super.credential(credential, out);
                        }
                    };
                }),
                Mutant.of("keeps the first credentials", Law.REFUSED_ARE_DROPPED)
                        .sessions(() -> {
                            Credential[] first = new Credential[1];
                            return () -> new BentSession() {
                                @Override
                                public void credential(Credential credential, Output out) {
                                    first[0] = first[0] == null ? credential : first[0];
                                    super.credential(first[0], out);
                                }
                            };
                        }),
                Mutant.of("logs the token", Law.SECRETS_STAY_SECRET).session(() -> new BentSession() {
                    @Override
                    public void credential(Credential credential, Output out) {
                        LOG.log(
                                System.Logger.Level.DEBUG,
                                "authenticates with {0}",
                                credential.token().orElse("none"));
                        super.credential(credential, out);
                    }
                }),
                Mutant.of("shows the token in the address", Law.SECRETS_STAY_SECRET)
                        .session(() -> new BentSession() {
                            private String token = "";

                            @Override
                            public void credential(Credential credential, Output out) {
                                token = credential.token().orElse("");
                                super.credential(credential, out);
                            }

                            @Override
                            Target target(Target target) {
                                WebSocketTarget right = (WebSocketTarget) target;
                                return new WebSocketTarget(
                                        right.uri(),
                                        right.printable() + "?token=" + token,
                                        right.headers(),
                                        right.credentials(),
                                        right.subprotocols(),
                                        right.maxMessageBytes(),
                                        right.pingAfter(),
                                        right.deadlines());
                            }
                        }));
    }

    private static List<Mutant> badInput() {
        return List.of(
                Mutant.of("skips what it cannot read", Law.BAD_INPUT_IS_TOLD).session(() -> new BentSession() {
                    @Override
                    public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
                        try {
                            super.data(wire, kind, bytes, last, out);
                        } catch (ProtocolException e) {
                            open.clear();
                        }
                    }
                }),
                Mutant.of("ends with whatever its parser threw", Law.BAD_INPUT_IS_TYPED)
                        .session(() -> new BentSession() {
                            @Override
                            public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
                                try {
                                    super.data(wire, kind, bytes, last, out);
                                } catch (ProtocolException e) {
                                    out.end(Ending.retry(new IndexOutOfBoundsException("7 of 3")));
                                }
                            }
                        }),
                Mutant.of("empties the view on bad input", Law.BAD_INPUT_KEEPS_ROWS)
                        .session(() -> new BentSession() {
                            private final Set<Subscription> served = new HashSet<>();

                            @Override
                            void upToDate(Output out, Subscription subscription) {
                                served.add(subscription);
                                super.upToDate(out, subscription);
                            }

                            @Override
                            public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
                                try {
                                    super.data(wire, kind, bytes, last, out);
                                } catch (ProtocolException e) {
                                    for (Subscription subscription : served) {
                                        RowSchema schema =
                                                out.draft(subscription).schema();
                                        out.draft(subscription).replaceAll(schema);
                                        out.commit(List.of(subscription), null);
                                    }
                                    throw e;
                                }
                            }
                        }));
    }

    private static List<Mutant> capabilities() {
        return List.of(
                Mutant.of("gives no checkpoint, and declares that it resumes", Law.RECONNECT_RESUMES)
                        .session(() -> new BentSession() {
                            @Override
                            @Nullable
                            Checkpoint checkpoint(Subscription subscription, @Nullable Checkpoint checkpoint) {
                                return null;
                            }
                        }),
                Mutant.of("declares OLD_VALUES and tells none", Law.OLD_VALUES_COME)
                        .declares(Capability.OLD_VALUES),
                Mutant.of("declares PRESENCE and shows nobody", Law.PRESENCE_IS_SEEN)
                        .declares(Capability.PRESENCE),
                Mutant.of("declares EVENTS and drops them", Law.EVENTS_PASS).session(() -> new BentSession() {
                    @Override
                    void event(Draft draft, Object event) {}
                }),
                Mutant.of("tells deletes as events, and declares no EVENTS", Law.NO_EVENTS)
                        .hides(Capability.EVENTS)
                        .session(() -> new BentSession() {
                            @Override
                            void apply(Draft draft, Edit edit) {
                                if (!edit.isPut()) {
                                    draft.event("deleted");
                                }
                                super.apply(draft, edit);
                            }
                        }),
                Mutant.of("passes events, and does not declare EVENTS", Law.NO_EVENTS)
                        .hides(Capability.EVENTS),
                Mutant.of("writes, and does not declare WRITES", Law.NO_WRITES)
                        .writing()
                        .hides(Capability.WRITES),
                Mutant.of("shows who is present, and does not declare PRESENCE", Law.NO_PRESENCE)
                        .world(world -> new BentWorld(world) {
                            @Override
                            public boolean isPresenceSeen(SyncSource source) {
                                return true;
                            }
                        }),
                Mutant.of("has transactions, and does not declare TRANSACTIONS", Law.NO_TRANSACTIONS)
                        .hides(Capability.TRANSACTIONS),
                Mutant.of("commits views together, and does not declare ATOMIC_ACROSS_VIEWS", Law.NO_ONE_INSTANT)
                        .hides(Capability.ATOMIC_ACROSS_VIEWS),
                Mutant.of("resumes, and does not declare RESUME", Law.NO_RESUME).hides(Capability.RESUME),
                Mutant.of("resumes after a restart, and does not declare it", Law.NO_RESTART_RESUME)
                        .hides(Capability.RESUME_AFTER_RESTART),
                Mutant.of("tells old values, and does not declare them", Law.NO_OLD_VALUES)
                        .session(() -> new BentSession() {
                            private final List<Row> known = new ArrayList<>();

                            @Override
                            void apply(Draft draft, Edit edit) {
                                Row before = known.stream()
                                        .filter(row -> row.sameKey(edit.row()))
                                        .findFirst()
                                        .orElse(null);
                                known.remove(before);
                                if (edit.isPut()) {
                                    known.add(edit.row());
                                }
                                if (edit.isPut() && before != null) {
                                    draft.patch(edit.row(), before);
                                } else {
                                    super.apply(draft, edit);
                                }
                            }
                        }),
                Mutant.of("declares PARTIAL_UPDATES and tells whole rows", Law.PARTIAL_UPDATES_COME)
                        .declares(Capability.PARTIAL_UPDATES),
                Mutant.of("tells partial updates, and does not declare them", Law.NO_PARTIAL_UPDATES)
                        .session(PartialSession::new),
                Mutant.of("loses what changed from a partial update", Law.PARTIAL_UPDATES_COME)
                        .declares(Capability.PARTIAL_UPDATES)
                        .session(() -> new PartialSession() {
                            @Override
                            List<Row> partial(Row before, Row after) {
                                return List.of(only(after, column -> false));
                            }
                        }),
                Mutant.of("tells once more in an update what did not change", Law.PARTIAL_UPDATES_COME)
                        .declares(Capability.PARTIAL_UPDATES)
                        .session(() -> new PartialSession() {
                            @Override
                            List<Row> partial(Row before, Row after) {
                                int note = after.schema().indexOf("note");
                                List<Row> all = new ArrayList<>(super.partial(before, after));
                                all.add(only(after, column -> column == note));
                                return all;
                            }
                        }),
                Mutant.of("puts a partial row into a view, where it should patch", Law.PARTIAL_UPDATES_COME)
                        .declares(Capability.PARTIAL_UPDATES)
                        .session(() -> new PartialSession() {
                            @Override
                            void apply(Draft draft, Edit edit) {
                                if (edit.isPut() && draft.get(edit.row()) != null) {
                                    draft.put(edit.row());
                                } else {
                                    super.apply(draft, edit);
                                }
                            }
                        }),
                Mutant.of("declares LOSSLESS over a server that loses", Law.LOSSLESS_HAS_NO_LOSS)
                        .lossy()
                        .declares(Capability.LOSSLESS));
    }

    private static List<Mutant> writes() {
        return List.of(
                Mutant.of("says that a write is done when it was sent", Law.DONE_IS_DONE)
                        .writing()
                        .session(() -> new BentSession() {
                            @Override
                            void sent(Output out, Call call) {
                                out.sent(call);
                                out.reply(call, null);
                            }

                            @Override
                            void reply(Output out, Call call, @Nullable Object result) {}
                        }),
                Mutant.of("never says that a write was sent", Law.DONE_IS_DONE)
                        .writing()
                        .session(() -> new BentSession() {
                            @Override
                            void sent(Output out, Call call) {}
                        }),
                Mutant.of("sends a write again that the last session had sent", Law.UNKNOWN_IS_DONE_ONCE)
                        .writing()
                        .sessions(() -> {
                            Set<Call> unanswered = new LinkedHashSet<>();
                            return () -> new SendingAgain(unanswered);
                        }),
                Mutant.of("says that a write was refused when its connection broke", Law.FAILED_IS_NOT_DONE)
                        .writing()
                        .session(() -> new BentSession() {
                            private final Set<Call> waiting = new HashSet<>();

                            @Override
                            void sent(Output out, Call call) {
                                waiting.add(call);
                                out.sent(call);
                            }

                            @Override
                            void reply(Output out, Call call, @Nullable Object result) {
                                waiting.remove(call);
                                out.reply(call, result);
                            }

                            @Override
                            public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
                                if (!last) {
                                    waiting.forEach(call -> out.refuse(call, new RejectedException("it broke")));
                                }
                                super.data(wire, kind, bytes, last, out);
                            }
                        }),
                Mutant.of("never hears that a write was done", Law.WRITES_SUCCEED)
                        .writing()
                        .session(() -> new BentSession() {
                            @Override
                            public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
                                // The answer to a write is five bytes that begin with its tag.
                                if (bytes.remaining() != 5 || bytes.get(bytes.position()) != 101) {
                                    super.data(wire, kind, bytes, last, out);
                                }
                            }
                        }),
                Mutant.of("answers a write that it does not send", Law.WRITES_ARE_SEEN)
                        .writing()
                        .session(() -> new BentSession() {
                            @Override
                            public void call(Call call, Output out) {
                                out.sent(call);
                                out.reply(call, Collections.emptyList());
                            }
                        }));
    }

    /** A new session sends the calls that another one of its world had sent and heard nothing of. */
    private static class SendingAgain extends BentSession {

        final Set<Call> unanswered;

        SendingAgain(Set<Call> unanswered) {
            this.unanswered = unanswered;
        }

        @Override
        void sent(Output out, Call call) {
            unanswered.add(call);
            out.sent(call);
        }

        @Override
        void reply(Output out, Call call, @Nullable Object result) {
            unanswered.remove(call);
            out.reply(call, result);
        }

        @Override
        public void opened(Wire wire, Head head, Output out) {
            List.copyOf(unanswered).forEach(call -> call(call, out));
            super.opened(wire, head, out);
        }
    }
}
