package dev.tributary.replay.electric;

import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.RecordedResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the recorded exchange that answers a request of ours, by the rules of the transcripts' README. */
final class ElectricExchanges {

    /** A recorded exchange with its request as it is compared. */
    record Candidate(int index, RecordedExchange exchange, ElectricRequest request) {

        RecordedResponse response() {
            return Objects.requireNonNull(exchange.response());
        }
    }

    private final List<Candidate> all = new ArrayList<>();
    private final Set<Candidate> unused = new LinkedHashSet<>();
    private final List<String> used = new ArrayList<>();
    /** By index: whether a later request goes on from where this answer led. */
    private final Set<Integer> followed = new HashSet<>();

    ElectricExchanges(List<RecordedExchange> exchanges) {
        for (RecordedExchange exchange : exchanges) {
            all.add(new Candidate(
                    all.size(), exchange, ElectricRequest.of(exchange.method(), exchange.target(), exchange.body())));
        }
        unused.addAll(all);
        // From the end, so that only later requests are known.
        Set<List<String>> positions = new HashSet<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            Candidate candidate = all.get(i);
            RecordedResponse response = candidate.exchange().response();
            if (response != null && positions.contains(position(response))) {
                followed.add(i);
            }
            ElectricRequest request = candidate.request();
            if (!request.isSubset()) {
                positions.add(List.of(request.handle(), request.offset()));
            }
        }
    }

    private static List<String> position(RecordedResponse response) {
        String handle = response.header("electric-handle");
        String offset = response.header("electric-offset");
        return List.of(handle == null ? "" : handle, offset == null ? "-" : offset);
    }

    List<Candidate> all() {
        return all;
    }

    /**
     * Takes the exchange that answers this request.
     *
     * @param conditional whether the request knows an earlier answer, so that "not modified" is an answer to it
     * @return null when none does
     */
    @Nullable
    Candidate take(ElectricRequest ours, boolean conditional) {
        Candidate found = best(candidate -> candidate.request().sameAs(ours), conditional);
        if (found == null) {
            found = best(candidate -> candidate.request().sameBesidesLive(ours), conditional);
        }
        if (found != null) {
            use(found);
        }
        return found;
    }

    /** Takes this one. */
    void use(Candidate candidate) {
        unused.remove(candidate);
        used.add(candidate.exchange().id());
    }

    private @Nullable Candidate best(Predicate<Candidate> matches, boolean conditional) {
        List<Candidate> candidates = unused.stream()
                .filter(candidate -> candidate.exchange().response() != null && matches.test(candidate))
                .toList();
        // A client that knows no earlier answer gets no 304, and an answer that was cut by the recorded client is the
        // last choice.
        List<Candidate> fitting = candidates.stream()
                .filter(candidate -> conditional || candidate.response().status() != 304)
                .filter(candidate -> !"client".equals(candidate.response().endedBy()))
                .toList();
        List<Candidate> chosen = fitting.isEmpty() ? candidates : fitting;
        return chosen.stream().filter(this::isPreferred).findFirst().orElse(chosen.isEmpty() ? null : chosen.get(0));
    }

    private boolean isPreferred(Candidate candidate) {
        int status = candidate.response().status();
        return (status != 200 && status != 304) || followed.contains(candidate.index());
    }

    /** Gives back an exchange of which nothing was delivered. */
    void release(Candidate candidate) {
        used.remove(used.lastIndexOf(candidate.exchange().id()));
        // In the order of the file again.
        unused.add(candidate);
        List<Candidate> sorted = new ArrayList<>(unused);
        sorted.sort((a, b) -> Integer.compare(a.index(), b.index()));
        unused.clear();
        unused.addAll(sorted);
    }

    /** The ids of the exchanges that were taken, in that order. */
    List<String> used() {
        return used;
    }

    /** The ids of those that were not, in the order of the file. */
    List<String> unused() {
        return unused.stream().map(candidate -> candidate.exchange().id()).toList();
    }
}
