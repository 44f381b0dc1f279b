package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Backoff;
import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
import dev.tributary.Credential;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.RejectedException;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Environment;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Target;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.WireProvider;
import dev.tributary.spi.Wires;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the application says with each request. */
class CredentialsTest {

    private static @Nullable Credential get(RequestSuppliers suppliers, @Nullable Throwable refusal) {
        return suppliers.get(refusal).toCompletableFuture().join();
    }

    private static RequestSuppliers suppliers(Electric.@Nullable ErrorHook hook, boolean mayChange) {
        return new RequestSuppliers(() -> "t", Map.of("h", () -> "1"), Map.of("p", () -> "2"), hook, mayChange);
    }

    private static ElectricException refused() {
        return new ElectricException("no", 400, Map.of(), "", "http://h");
    }

    @Test
    @Tag("E5")
    void suppliersAreAskedForEveryRequestAndNullSaysNothing() {
        List<String> words = new ArrayList<>(List.of("one", "two"));
        Supplier<@Nullable String> next = () -> words.isEmpty() ? null : words.remove(0);
        RequestSuppliers suppliers =
                new RequestSuppliers(() -> null, Map.of("x-h", next), Map.of("p", next), null, true);

        Credential first = get(suppliers, null);
        assertThat(first.headers()).isEqualTo(Map.of("x-h", "one"));
        assertThat(first.parameters()).isEqualTo(Map.of("p", "two"));
        assertThat(first.token()).isEmpty();
        Credential second = get(suppliers, null);
        assertThat(second.headers()).isEmpty();
        assertThat(second.parameters()).isEmpty();
        assertThat(suppliers).hasToString("***");
    }

    @Test
    @Tag("E5")
    void theyAreAskedAnewForEachRequestOfTheProtocol() {
        Scene scene = new Scene("items").authenticated().start();
        assertThat(scene.requests()).isZero();
        scene.credential(Credential.token("t1").withHeader("X-Trace", "a").withParameter("tenant", "x y"));
        assertThat(scene.asked()).containsEntry("tenant", "x y");
        assertThat(scene.last().target.credentials()).isEqualTo(Map.of("authorization", "Bearer t1", "x-trace", "a"));
        assertThat(scene.last().target.printable()).contains("tenant=***");

        scene.answer(Reply.caughtUp("h1", "0_0"));
        assertThat(scene.requests()).isEqualTo(1);
        scene.credential(Credential.token("t2"));

        assertThat(scene.asked()).doesNotContainKey("tenant");
        assertThat(scene.last().target.credentials()).isEqualTo(Map.of("authorization", "Bearer t2"));
        assertThat(scene.out.credentialsAsked).containsExactly(null, null);
    }

    @Test
    @Tag("E3")
    void reservedNamesOfSuppliersAreRefusedAfterTheyWereAsked() {
        Scene scene = new Scene("items").authenticated().start();

        scene.credential(Credential.NONE.withParameter("offset", "7"));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.REJECTED);
        assertThat(scene.lastEnd().ending().reason())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("parameter 'offset' belongs to the protocol");
        assertThat(scene.requests()).isZero();
    }

    @Test
    @Tag("L8")
    void secretsOfTheAddressAreSentAndMasked() {
        Scene scene = new Scene("items")
                .set(ElectricOptions.SECRET, "s1")
                .set(ElectricOptions.API_SECRET, "s2")
                .set(ElectricOptions.SOURCE_ID, "id7")
                .start();

        assertThat(scene.asked())
                .containsEntry("secret", "s1")
                .containsEntry("api_secret", "s2")
                .containsEntry("source_id", "id7");
        assertThat(scene.last().target.printable())
                .isEqualTo("http://localhost:3000/v1/shape?api_secret=***&log=full&offset=-1&secret=***&source_id=id7"
                        + "&table=items");
    }

    @Test
    @Tag("L8")
    void aSupplierGoesBeforeTheAddress() {
        Scene scene = new Scene("items")
                .set(ElectricOptions.SECRET, "old")
                .authenticated()
                .start();

        scene.credential(Credential.NONE.withParameter("secret", "new"));

        assertThat(scene.asked()).containsEntry("secret", "new");
        assertThat(scene.last().target.uri().getRawQuery()).containsOnlyOnce("secret=");
    }

    @Test
    @Tag("L8")
    void maskingLeavesShortTextsAlone() {
        Secrets secrets = Secrets.of(
                List.of(new RequestUrl.Parameter("a", "abc", true), new RequestUrl.Parameter("b", "open", false)),
                Credential.token("abcd").withHeader("h", "longer"));

        assertThat(secrets.mask("abc open abcd longer")).isEqualTo("abc open *** ***");
        assertThat(secrets).hasToString("***");
    }

    @Test
    @Tag("E24")
    void theHooksWordIsPutOverTheSuppliersFromThenOn() {
        List<ElectricException> heard = new ArrayList<>();
        RequestSuppliers suppliers = suppliers(
                error -> {
                    heard.add(error);
                    return Credential.token("better").withHeader("h", "9").withParameter("q", "3");
                },
                false);
        ElectricException error = refused();

        Credential repaired = get(suppliers, error);

        assertThat(heard).containsExactly(error);
        assertThat(repaired.token()).contains("better");
        assertThat(repaired.headers()).isEqualTo(Map.of("h", "9"));
        assertThat(repaired.parameters()).isEqualTo(Map.of("p", "2", "q", "3"));
        assertThat(get(suppliers, null).token()).contains("better");
    }

    @Test
    @Tag("E24")
    void theHookMayGiveUp() {
        assertThat(get(suppliers(error -> null, true), refused())).isNull();
        assertThat(get(suppliers(error -> Credential.NONE, false), refused())).isNotNull();
    }

    @Test
    @Tag("L6")
    void withoutAHookOnlySuppliersAreWorthAnotherTry() {
        assertThat(get(suppliers(null, false), refused()))
                .as("constants stay the same")
                .isNull();
        assertThat(get(suppliers(null, true), refused()).token()).contains("t");
        assertThat(get(suppliers(null, false), null).token()).contains("t");
        Electric.ErrorHook hook = error -> {
            throw new AssertionError("not for this one");
        };
        assertThat(get(suppliers(hook, true), new RejectedException("of somebody else")))
                .isNotNull();
        assertThat(get(suppliers(hook, false), new RejectedException("of somebody else")))
                .isNull();
    }

    @Test
    void theBuilderOpensASourceThatShowsNoSecret() {
        try (SyncSource source = Electric.source(URI.create("http://localhost:3000"))
                .token("t0ken")
                .secret("s3cret")
                .header("X-A", "h3ader")
                .parameter("tenant", "p4rameter")
                .onError(error -> null)
                .columnNames(ColumnNames.snakeToCamel())
                .type("money", info -> PgTypes.text("own"))
                .httpClient(HttpClient.newHttpClient())
                .prefetch(1)
                .liveTimeout(Duration.ofSeconds(30))
                .backoff(Backoff.DEFAULT)
                .executor(Runnable::run)
                .listener(new SourceListener() {})
                .require(Capability.RESUME, Capability.LOSSLESS)
                .open()) {
            assertThat(source.address())
                    .startsWith("electric+http://localhost:3000")
                    .doesNotContain("t0ken", "s3cret", "h3ader", "p4rameter");
            assertThat(source.capabilities()).contains(Capability.RESUME);
            assertThat(source.unwrap(Electric.class)).isInstanceOf(ElectricCalls.class);
        }
        try (SyncSource source = Electric.source(URI.create("electric+https://localhost/items"))
                .token(() -> "t")
                .secret(() -> "s")
                .header("h", () -> "h")
                .parameter("p", () -> "p")
                .open()) {
            assertThat(source.address()).startsWith("electric+https://localhost/items");
        }
    }

    @Test
    @Tag("E5")
    void whatTheBuilderWasGivenGoesOutWithTheRequest() throws Exception {
        CompletableFuture<HttpTarget> asked = new CompletableFuture<>();
        WireProvider wires = new FirstRequest(asked);
        try (SyncSource source = Electric.source(URI.create("http://localhost:3000"))
                .token("t0ken")
                .secret("s3cret")
                .header("X-A", "h3ader")
                .parameter("tenant", "p4rameter")
                .wires(wires)
                .open()) {
            source.materialize("items");
            HttpTarget target = asked.get(20, TimeUnit.SECONDS);

            assertThat(target.credentials()).isEqualTo(Map.of("authorization", "Bearer t0ken", "x-a", "h3ader"));
            assertThat(Scene.parameters(target.uri()))
                    .containsEntry("secret", "s3cret")
                    .containsEntry("tenant", "p4rameter");
        }
    }

    @Test
    @Tag("E5")
    void anyOneOfThemIsEnough() throws Exception {
        assertThat(parametersOf(builder -> builder.parameter("p", "1"))).containsEntry("p", "1");
        assertThat(parametersOf(builder -> builder.onError(error -> null))).containsEntry("offset", "-1");
        assertThat(parametersOf(builder -> builder.token("t"))).containsEntry("credential authorization", "Bearer t");
        assertThat(parametersOf(builder -> builder.header("h", "1"))).containsEntry("credential h", "1");
        assertThat(parametersOf(builder -> builder.prefetch(0))).containsOnlyKeys("log", "offset", "table");
    }

    private static Map<String, String> parametersOf(UnaryOperator<ElectricSourceBuilder> options) throws Exception {
        CompletableFuture<HttpTarget> asked = new CompletableFuture<>();
        ElectricSourceBuilder builder =
                Electric.source(URI.create("http://localhost:3000")).wires(new FirstRequest(asked));
        try (SyncSource source = options.apply(builder).open()) {
            source.materialize("items");
            HttpTarget target = asked.get(20, TimeUnit.SECONDS);
            Map<String, String> all = Scene.parameters(target.uri());
            target.credentials().forEach((name, value) -> all.put("credential " + name, value));
            return all;
        }
    }

    /** Wires that tell the first request and never answer. */
    private record FirstRequest(CompletableFuture<HttpTarget> asked) implements WireProvider {

        @Override
        public Set<String> schemes() {
            return Set.of("http");
        }

        @Override
        public Wires wires(Options options, Environment environment) {
            return new Wires() {
                @Override
                public Connection open(Target target, Listener listener) {
                    asked.complete((HttpTarget) target);
                    return new Connection() {
                        @Override
                        public void request(int pieces) {}

                        @Override
                        public boolean send(Protocol.DataKind kind, ByteBuffer bytes) {
                            return true;
                        }

                        @Override
                        public void close(int code, String reason) {}
                    };
                }

                @Override
                public void close() {}
            };
        }
    }

    @Test
    @Tag("E3")
    void theBuilderRefusesWhatCannotBe() {
        ElectricSourceBuilder builder = Electric.source(URI.create("http://localhost"));
        assertRefused(() -> builder.parameter("handle", "x"), "parameter 'handle' belongs to the protocol");
        assertRefused(() -> builder.parameter("cursor", () -> "x"), "parameter 'cursor' belongs to the protocol");
        builder.parameter("p", "1").header("H", "1").token("t").secret("s").type("x", info -> PgTypes.text("x"));
        assertRefused(() -> builder.parameter("p", () -> "2"), "'p' is given twice");
        assertRefused(() -> builder.header("h", () -> "2"), "'h' is given twice");
        assertRefused(() -> builder.token("2"), "the token is given twice");
        assertRefused(() -> builder.secret(() -> "2"), "'secret' is given twice");
        assertRefused(() -> builder.type("x", info -> PgTypes.text("x")), "the type 'x' is given twice");
        assertRefused(() -> builder.prefetch(3), "prefetch is 0, 1 or 2, got 3");
        assertRefused(() -> builder.prefetch(-1), "prefetch is 0, 1 or 2, got -1");
    }

    private static void assertRefused(Runnable call, String message) {
        assertThatThrownBy(call::run).isInstanceOf(ConfigurationException.class).hasMessageStartingWith(message);
    }

    @Test
    void theTransportDescribesItself() {
        ElectricTransport transport = new ElectricTransport();

        assertThat(transport.scheme()).isEqualTo("electric");
        assertThat(transport.wireSchemes()).containsExactlyInAnyOrder("http", "https");
        assertThat(transport.capabilities())
                .containsExactlyInAnyOrder(
                        Capability.RESUME,
                        Capability.RESUME_AFTER_RESTART,
                        Capability.LOSSLESS,
                        Capability.BACKPRESSURE,
                        Capability.PARTIAL_UPDATES,
                        Capability.OLD_VALUES);
        assertThat(transport.options())
                .extracting(Option::name)
                .containsExactly(
                        "prefetch",
                        "liveTimeout",
                        "secret",
                        "api_secret",
                        "source_id",
                        "onError",
                        "columnNames",
                        "types");
        assertThat(transport.options().stream().filter(Option::isSensitive).map(Option::name))
                .contains("secret", "api_secret")
                .doesNotContain("source_id", "prefetch");
        assertThat(transport.interfaces()).containsExactly(Electric.class);
        assertThat(transport.memory()).isNotSameAs(transport.memory());
        assertThat(transport.mayShareSession(transport.query("a"), transport.query("a")))
                .isFalse();
        assertThat(ServiceLoader.load(TransportProvider.class)).hasAtLeastOneElementOfType(ElectricTransport.class);
    }
}
