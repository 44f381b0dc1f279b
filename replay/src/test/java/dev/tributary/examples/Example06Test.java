package dev.tributary.examples;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Backoff;
import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.electric.Electric;
import dev.tributary.testkit.electric.Fault;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Options and secrets. */
class Example06Test {

    /** Stands for where secrets are kept: its first token has expired. */
    private static final class Vault {
        private final AtomicInteger asked = new AtomicInteger();

        String currentToken() {
            return "key-" + asked.incrementAndGet();
        }
    }

    private final Vault vault = new Vault();

    @Test
    @Tag("L8")
    void theTokenIsAskedForAgainAndShownNowhere() throws Exception {
        HttpClient shared = HttpClient.newHttpClient();
        String tenant = "acme";
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Shop shop = new Shop().insert(1, "tea", "3.20")) {
            shop.server()
                    .with(model -> model.faults()
                            .when(
                                    request -> {
                                        asked.add(request.headers().get("authorization") + " "
                                                + request.parameter("tenant"));
                                        return "Bearer key-1"
                                                .equals(request.headers().get("authorization"));
                                    },
                                    1_000,
                                    Fault.status(401)));
            SyncSource opened = open(shop.server().httpUri().toString(), tenant, shared);
            try (opened) {
                MaterializedView<Row> items = opened.materialize("items").awaitUpToDate(Shop.PATIENCE);
                assertThat(items.snapshot().size()).isEqualTo(1);
                assertThat(opened.toString()).contains("token=***").doesNotContain("key-");
                assertThat(items.toString()).doesNotContain("key-");
                assertThat(asked.get(0)).isEqualTo("Bearer key-1 acme");
                assertThat(asked.get(1)).isEqualTo("Bearer key-2 acme");
            }
            HttpResponse<String> answer = shared.send(
                    HttpRequest.newBuilder(URI.create(shop.server().httpUri() + "/v1/health"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode())
                    .as("the borrowed client still works")
                    .isEqualTo(200);
        }
    }

    private SyncSource open(String ADDRESS, String tenant, HttpClient shared) {
        // example 6 where ADDRESS is "https://sync.example.com"
        SyncSource source = Electric.source(URI.create(ADDRESS))
                .token(() -> vault.currentToken()) // asked for at every attempt, thrown away on 401
                .parameter("tenant", tenant)
                .httpClient(shared) // borrowed: never closed here; TLS and proxy are yours
                .backoff(Backoff.exponential(ofMillis(200), ofSeconds(30)).fullJitter())
                .open();
        // end
        return source;
    }
}
