package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
import dev.tributary.MaterializedView;
import dev.tributary.Option;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.SyncSource;
import dev.tributary.spi.TransportProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
        TransportProvider impostor = new Impostor();
        refused(
                builder("scripted+ws://host").transport(impostor),
                "scripted",
                ScriptedTransport.class.getName(),
                Impostor.class.getName());
    }

    /** Another transport of the same scheme. */
    private static final class Impostor implements TransportProvider {

        @Override
        public String scheme() {
            return "scripted";
        }

        @Override
        public Set<String> wireSchemes() {
            return Set.of("ws");
        }

        @Override
        public Set<Capability> capabilities() {
            return EnumSet.noneOf(Capability.class);
        }

        @Override
        public dev.tributary.spi.Protocol session(dev.tributary.spi.SessionContext context) {
            throw new UnsupportedOperationException();
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
        thread.setContextClassLoader(new BrokenProviders(before));
        try {
            builder("scripted+ws://host").open().close();
            refused(builder("broken+ws://host"), "broken+ws", "dev.example.NoSuchTransport");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Shows a service file that names a class that is not there. */
    private static final class BrokenProviders extends ClassLoader {

        private static final String FILE = "META-INF/services/" + TransportProvider.class.getName();

        BrokenProviders(ClassLoader parent) {
            super(parent);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            if (!name.equals(FILE)) {
                return super.getResources(name);
            }
            byte[] content = "dev.example.NoSuchTransport\n".getBytes(StandardCharsets.UTF_8);
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
}
