package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
import dev.tributary.MaterializedView;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.SyncSource;
import dev.tributary.spi.Environment;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Target;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.WireProvider;
import dev.tributary.spi.Wires;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How transports and options are found, and what is said when they are not. */
class ProviderTest {

    private static SourceBuilder builder(String uri) {
        return SourceBuilder.of(URI.create(uri)).transport(new ScriptedTransport());
    }

    private static void refused(SourceBuilder builder, String... words) {
        assertThatThrownBy(builder::open)
                .isInstanceOf(ConfigurationException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }

    @Test
    void anUnknownSchemeIsRefusedWithWhatThereIsAndTheNearest() {
        refused(builder("scriptd+ws://host"), "scriptd+ws", "scripted", "Did you mean scripted+ws?", "SourceBuilder");
        refused(builder("nonsense://host"), "nonsense", "scripted");
        refused(builder("scripted+http://host"), "scripted+ws");
        refused(builder("scripted://host"), "scripted+ws");
    }

    @Test
    void whatAUriMustHaveAndMustNot() {
        refused(builder("scripted+ws:/path"), "host");
        refused(builder("scripted+ws://me:hunter2@host"), "credentials");
        assertThatThrownBy(builder("scripted+ws://me:hunter2@host")::open).hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> SyncSource.open("scripted+ws://host/a b?token=hunter2"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void twoThatClaimOneSchemeAreRefusedNamingBoth() {
        TransportProvider impostor = new Impostor("scripted");
        refused(
                builder("scripted+ws://host").transport(impostor),
                "scripted",
                ScriptedTransport.class.getName(),
                Impostor.class.getName());
    }

    /** A transport that does nothing. */
    public abstract static class ImpostorBase implements TransportProvider {

        private final String scheme;
        private final Set<Capability> capabilities;

        ImpostorBase(String scheme, Set<Capability> capabilities) {
            this.scheme = scheme;
            this.capabilities = capabilities;
        }

        @Override
        public String scheme() {
            return scheme;
        }

        @Override
        public Set<String> wireSchemes() {
            return Set.of("ws");
        }

        @Override
        public Set<Capability> capabilities() {
            return capabilities;
        }

        @Override
        public Protocol session(SessionContext context) {
            throw new UnsupportedOperationException();
        }
    }

    /** Another transport of a scheme. */
    private static final class Impostor extends ImpostorBase {

        Impostor(String scheme) {
            super(scheme, EnumSet.noneOf(Capability.class));
        }
    }

    @Test
    void anUnknownOptionIsRefusedWithTheNearestAndATwiceGivenOneToo() {
        refused(builder("scripted+ws://host?maxTransactoin=1k"), "maxTransactoin", "maxTransaction");
        refused(builder("scripted+ws://host?changesBuffer=1&changesBuffer=2"), "changesBuffer", "twice");
        refused(builder("scripted+ws://host?changesBuffer=many"), "changesBuffer", "many");
        refused(builder("scripted+ws://host").set(Option.text("mine", "of nobody"), "x"), "mine");
        assertThatThrownBy(() -> {
                    Option<String> option = Option.text("mine", "of nobody");
                    builder("scripted+ws://host").set(option, "x").set(option, "y");
                })
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void requiredCapabilitiesAreNamedWhenTheyAreMissing() {
        refused(
                builder("scripted+ws://host").require(Capability.TRANSACTIONS, Capability.RESUME),
                "TRANSACTIONS",
                "scripted");
    }

    @Test
    void whatAConnectionNegotiatesTakesAwayFromWhatWasDeclared() {
        ScriptedTransport transport = new ScriptedTransport();
        transport.capabilities = EnumSet.of(Capability.RESUME, Capability.EVENTS);
        try (SyncSource source = transport.builder().open()) {
            source.materialize("a");
            transport.last().does(out -> out.negotiated(Set.of(Capability.EVENTS, Capability.WRITES)));
            assertThat(source.capabilities()).containsExactly(Capability.EVENTS);
        }
    }

    @Test
    void aConnectionThatLacksWhatIsRequiredNeverBecomesLive() {
        ScriptedTransport transport = new ScriptedTransport();
        transport.capabilities = EnumSet.of(Capability.RESUME, Capability.EVENTS);
        try (SyncSource source = transport.builder().require(Capability.EVENTS).open()) {
            MaterializedView<Row> view = source.materialize("a");
            transport.last().does(out -> out.negotiated(Set.of(Capability.RESUME)));
            transport.advance(Duration.ofSeconds(1));
            assertThat(view.status().reason()).isNotNull();
            assertThat(view.status().toString()).contains("EVENTS");
        }
    }

    @Test
    void aSchemeWithoutWiresFailsTheViewWithAWordOnWhatToAdd() {
        ScriptedTransport transport = new ScriptedTransport();
        try (SyncSource source = SourceBuilder.of(URI.create("scripted+carrier://host"))
                .transport(transport)
                .environment(transport.environment)
                .open()) {
            MaterializedView<Row> view = source.materialize("a");
            transport.advance(Duration.ofSeconds(10));
            assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(view.status().toString()).contains("no wires for 'carrier'");
        } catch (ConfigurationException earlier) {
            // Better still: refused when it is opened.
            assertThat(earlier).hasMessageContaining("carrier");
        }
    }

    @Test
    void aProviderThatFailsToLoadHarmsOnlyItself() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(new ListedProviders(before, "dev.example.NoSuchTransport"));
        try {
            builder("scripted+ws://host").open().close();
            refused(builder("broken+ws://host"), "broken+ws", "dev.example.NoSuchTransport");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Shows a service file that names these classes. */
    private static final class ListedProviders extends ClassLoader {

        private static final String FILE = "META-INF/services/" + TransportProvider.class.getName();

        private final String classes;

        ListedProviders(ClassLoader parent, String classes) {
            super(parent);
            this.classes = classes;
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            if (!name.equals(FILE)) {
                return super.getResources(name);
            }
            byte[] content = classes.getBytes(StandardCharsets.UTF_8);
            URL url = new URL(null, "memory:" + name, new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL of) {
                    return new URLConnection(of) {
                        @Override
                        public void connect() {}

                        @Override
                        public java.io.InputStream getInputStream() {
                            return new ByteArrayInputStream(content);
                        }
                    };
                }
            });
            return Collections.enumeration(List.of(url));
        }
    }

    @Test
    void optionsReachTheTransportAndTheWiresAndAreShownWithoutSecrets() {
        ScriptedTransport transport = new ScriptedTransport();
        RecordingWires wires = new RecordingWires(Set.of("ws"));
        RecordingWires foreign = new RecordingWires(Set.of("http"));
        try (SyncSource source = SourceBuilder.of(URI.create(
                        "scripted+ws://host:7/a%2Fb?changesBuffer=8&maxTransaction=2k&wireToken=hunter2&agent=me"))
                .transport(transport)
                .wires(foreign)
                .wires(wires)
                .environment(transport.environment)
                .token(() -> "hunter3")
                .open()) {
            assertThat(source.address())
                    .startsWith("scripted+ws://host:7/a%2Fb?")
                    .contains("changesBuffer=8", "maxTransaction=2048", "agent=me", "wireToken=***", "token=***")
                    .doesNotContain("hunter");
            assertThat(source.toString()).doesNotContain("hunter").endsWith(" idle");
            source.materialize("a");
            transport.environment.run();
            SessionContext context = transport.contexts.get(0);
            assertThat(context.endpoint()).isEqualTo(URI.create("ws://host:7/a%2Fb"));
            assertThat(context.options().get(RecordingWires.AGENT, "nobody")).isEqualTo("me");
            assertThat(wires.given)
                    .singleElement()
                    .satisfies(options -> assertThat(options.get(RecordingWires.TOKEN, "none"))
                            .isEqualTo("hunter2"));
            assertThat(foreign.given).isEmpty();
        }
        transport.environment.run();
        assertThat(wires.closed).as("the wires end with the source").isPositive();
        refused(builder("scripted+ws://host?agent=me"), "agent");
    }

    /** Wires that lead nowhere, with options of their own. */
    private static final class RecordingWires implements WireProvider {

        static final Option<String> AGENT = Option.text("agent", "who asks");
        static final Option<String> TOKEN = Option.secret("wireToken", "what opens the wire");

        private final Set<String> schemes;
        final List<Options> given = new ArrayList<>();
        int closed;

        RecordingWires(Set<String> schemes) {
            this.schemes = schemes;
        }

        @Override
        public Set<String> schemes() {
            return schemes;
        }

        @Override
        public List<Option<?>> options() {
            return schemes.contains("ws") ? List.of(AGENT, TOKEN) : List.of();
        }

        @Override
        public Wires wires(Options options, Environment environment) {
            given.add(options);
            return new Wires() {
                @Override
                public Connection open(Target target, Listener listener) {
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
                public void close() {
                    closed++;
                }
            };
        }
    }

    @Test
    void providersAreFoundWhereTheApplicationIsAndTheGivenOnesGoFirst() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            thread.setContextClassLoader(new ListedProviders(before, Listed.class.getName()));
            try (SyncSource source =
                    SourceBuilder.of(URI.create("listed+ws://host")).open()) {
                assertThat(source.address()).isEqualTo("listed+ws://host");
            }
            refused(SourceBuilder.of(URI.create("listd+ws://host")), "Found: ", "listed");
            try (SyncSource source = SourceBuilder.of(URI.create("listed+ws://host"))
                    .transport(new Impostor("listed"))
                    .open()) {
                assertThat(source.capabilities()).as("the one given by hand").isEmpty();
            }
            thread.setContextClassLoader(
                    new ListedProviders(before, Listed.class.getName() + "\n" + ListedToo.class.getName()));
            refused(
                    SourceBuilder.of(URI.create("listed+ws://host")),
                    "two transports",
                    Listed.class.getName() + " in ",
                    ListedToo.class.getName() + " in test-classes");
            thread.setContextClassLoader(null);
            builder("scripted+ws://host").open().close();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Named by a service file. */
    public static class Listed extends ImpostorBase {

        /** For the service loader. */
        public Listed() {
            super("listed", EnumSet.of(Capability.EVENTS));
        }
    }

    /** Named by a service file too. */
    public static class ListedToo extends ImpostorBase {

        /** For the service loader. */
        public ListedToo() {
            super("listed", EnumSet.of(Capability.EVENTS));
        }
    }
}
