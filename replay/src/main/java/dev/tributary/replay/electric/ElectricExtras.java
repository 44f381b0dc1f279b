package dev.tributary.replay.electric;

import dev.tributary.Credential;
import dev.tributary.CredentialProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the recorded client sent beside query and protocol, for a proxy: ours has to be told to send it too. */
final class ElectricExtras {

    private static final Set<String> KNOWN =
            Set.of("table", "where", "columns", "replica", "offset", "handle", "params");

    private ElectricExtras() {}

    /**
     * As credentials for our client; null when it needs none.
     *
     * @param path that is asked for shapes
     */
    static @Nullable CredentialProvider credentials(List<ElectricExchanges.Candidate> exchanges, String path) {
        Credential credential = credential(exchanges, path);
        boolean refused = exchanges.stream()
                .map(candidate -> candidate.exchange().response())
                .anyMatch(response -> response != null && (response.status() == 401 || response.status() == 403));
        if (!refused && credential == Credential.NONE) {
            return null;
        }
        // A client that was refused went on with other secrets. They are not in the file, so any will do.
        Credential given = refused ? credential.merge(Credential.token("REDACTED")) : credential;
        return refusal -> CompletableFuture.<@Nullable Credential>completedFuture(given);
    }

    /** The parameters of the first request for a shape that only a proxy knows. */
    static Credential credential(List<ElectricExchanges.Candidate> exchanges, String path) {
        Map<String, List<String>> parameters = exchanges.stream()
                .map(ElectricExchanges.Candidate::request)
                .filter(request ->
                        request.path().equals(path) && !request.offset().isEmpty())
                .map(ElectricRequest::rest)
                .findFirst()
                .orElse(Map.of());
        Credential credential = Credential.NONE;
        for (Map.Entry<String, List<String>> parameter : new TreeMap<>(parameters).entrySet()) {
            String name = parameter.getKey();
            boolean isKnown = KNOWN.contains(name)
                    || name.startsWith("params[")
                    || name.startsWith("subset__")
                    || name.startsWith("live");
            if (!isKnown) {
                credential = credential.withParameter(name, parameter.getValue().get(0));
            }
        }
        return credential;
    }
}
