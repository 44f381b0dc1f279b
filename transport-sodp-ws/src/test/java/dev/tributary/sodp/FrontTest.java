package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Backoff;
import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.conformance.World;
import dev.tributary.spi.Verb;
import dev.tributary.spi.Verbs;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an application and a command meet first: verbs and the builder. */
class FrontTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static @Nullable Object call(World world, SyncSource source, String verb, @Nullable Object... values) {
        CompletableFuture<?> result = source.unwrap(Verbs.class).named(verb).call(Arrays.asList(values), SOON);
        world.advance(Duration.ofSeconds(1));
        assertThat(result).as(verb).isDone();
        return result.join();
    }

    private static @Nullable Object member(@Nullable Object map, String name) {
        return ((Map<?, ?>) map).get(name);
    }

    @Test
    void whatASourceCannotBeOpenedWithIsSaidAtOnce() {
        assertThatThrownBy(() -> SyncSource.open("sodp+ws://127.0.0.1/?dialect=basic"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("option 'dialect' is one of")
                .hasMessageContaining("got 'basic'");
    }

    @Test
    @Tag("S40")
    @Tag("S41")
    void everyVerbDoesWhatItsMethodDoes() throws Exception {
        try (World world = SodpDriver.simulated(dev.tributary.testkit.sodp.SodpDialect.GO)
                        .newWorld(5);
                SyncSource source = world.builder("").token(world::token).open()) {
            Object set = call(world, source, "set", "doc", Map.of("a", 1L));
            assertThat(member(set, "version")).isInstanceOf(Long.class);
            call(world, source, "patch", "doc", Map.of("b", 2L));
            assertThat(member(call(world, source, "set-in", "doc", "/c", 3L), "version"))
                    .isNotNull();
            Object got = call(world, source, "get", "doc");
            assertThat(member(got, "key")).isEqualTo("doc");
            assertThat(member(got, "exists")).isEqualTo(true);
            assertThat(member(got, "value")).isEqualTo(Documents.PLAIN.of(Map.of("a", 1, "b", 2, "c", 3)));
            assertThat(member(got, "version")).isInstanceOf(Long.class);
            call(world, source, "set", "list", List.of(1L, 2L));
            call(world, source, "append", "list", 3L);
            call(world, source, "append", "list", 4L, 3L);
            assertThat(member(call(world, source, "get", "list"), "value"))
                    .isEqualTo(Documents.PLAIN.of(List.of(2, 3, 4)));
            assertThat(call(world, source, "delete", "list")).isNotNull();
            assertThat(member(call(world, source, "get", "list"), "value")).isNull();
            Object called = call(world, source, "call", "state.set", Map.of("state", "doc", "value", 9L));
            assertThat(called).isInstanceOf(Map.class);
            assertThat(member(call(world, source, "get", "doc"), "value")).isEqualTo(9L);
            Object server = call(world, source, "server");
            assertThat(member(server, "dialect")).isEqualTo("go");
            assertThat(((Map<?, ?>) server).keySet().stream().map(String::valueOf))
                    .contains("name", "version", "capabilities");
            Verbs verbs = source.unwrap(Verbs.class);
            for (long wrong : new long[] {0, -1, 1L << 31}) {
                assertThatThrownBy(() -> verbs.named("append").call(List.of("list", 1L, wrong), SOON))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("MOST");
            }
            assertThatThrownBy(() -> verbs.named("patch").call(List.of("doc", 1L), SOON))
                    .hasMessageContaining("MEMBERS");
            assertThatThrownBy(() -> verbs.named("call").call(List.of("m", 1L), SOON))
                    .hasMessageContaining("ARGUMENTS");
            assertThat(verbs.all()).extracting(Verb::usage).contains("append KEY ELEMENT [MOST]");
        }
    }

    @Test
    @Tag("S9")
    void theBuilderTakesEachThingOnceAndGoesOn() throws Exception {
        SodpSourceBuilder constant = Sodp.source(URI.create("sodp://localhost"));
        assertThat(constant.token("constant")).isSameAs(constant);
        SodpSourceBuilder supplied = Sodp.source(URI.create("sodp://localhost"));
        assertThat(supplied.token(() -> "supplied")).isSameAs(supplied);
        SodpSourceBuilder builder = Sodp.source(URI.create("sodp://localhost"));
        assertThat(builder.credentials(refusal -> CompletableFuture.completedFuture(null)))
                .isSameAs(builder);
        assertThat(builder.header("X-Way", "north")).isSameAs(builder);
        assertThatThrownBy(() -> builder.header("x-way", "south"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("twice");
        assertThat(builder.dialect(SodpDialect.GO)).isSameAs(builder);
        assertThat(builder.resume(7)).isSameAs(builder);
        assertThat(builder.audit(SOON)).isSameAs(builder);
        assertThat(builder.linger(SOON)).isSameAs(builder);
        assertThat(builder.sslContext(SSLContext.getDefault())).isSameAs(builder);
        SodpSourceBuilder other = Sodp.source(URI.create("sodp://localhost"));
        assertThat(other.set(SodpOptions.RESUME, 8)).isSameAs(other);
        assertThat(builder.backoff(Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(2))))
                .isSameAs(builder);
        assertThat(builder.executor(Runnable::run)).isSameAs(builder);
        assertThat(builder.listener(new SourceListener() {})).isSameAs(builder);
        assertThat(builder.require(Capability.WRITES)).isSameAs(builder);
        assertThat(SodpSourceBuilder.addressOf(URI.create("sodp://localhost:/x?y=z")))
                .isEqualTo(URI.create("sodp+ws://localhost:7777/x?y=z"));
        assertThat(SodpSourceBuilder.addressOf(URI.create("sodp://localhost:0")))
                .isEqualTo(URI.create("sodp+ws://localhost:0"));
        assertThat(SodpSourceBuilder.addressOf(URI.create("sodps://localhost")))
                .isEqualTo(URI.create("sodp+wss://localhost:7777"));
    }
}
