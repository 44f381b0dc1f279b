package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.Credential;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.SyncSource;
import dev.tributary.spi.WebSocketTarget;
import java.math.BigInteger;
import java.net.URI;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where a database is, and what stands in the address. */
class AddressTest {

    private static final String HEX = "c200" + "ab".repeat(30);

    @Test
    @Tag("T1")
    void everyKindOfBaseLeadsToTheSamePath() {
        for (String[] pair : List.of(
                new String[] {"ws://h:3000/db", "ws://h:3000/v1/database/db/subscribe"},
                new String[] {"http://h:3000/db", "ws://h:3000/v1/database/db/subscribe"},
                new String[] {"wss://h/db/", "wss://h/v1/database/db/subscribe"},
                new String[] {"https://h/a/b%20c/my-db", "wss://h/a/b%20c/v1/database/my-db/subscribe"},
                new String[] {"ws://[::1]:80/http-db", "ws://[::1]:80/v1/database/http-db/subscribe"},
                new String[] {"ws://h/0x" + HEX, "ws://h/v1/database/" + HEX + "/subscribe"})) {
            DatabaseAddress address = DatabaseAddress.of(URI.create(pair[0]));
            assertThat(address.subscribe()).hasToString(pair[1]);
            assertThat(address.ofDatabase("/schema").toString())
                    .isEqualTo(pair[1].replaceFirst("^ws", "http").replace("/subscribe", "/schema"));
        }
    }

    @Test
    @Tag("T1")
    void whatNamesThereAreIsForTheServerToSay() {
        assertThat(DatabaseAddress.of(URI.create("ws://h/my_module")).subscribe())
                .hasToString("ws://h/v1/database/my_module/subscribe");
        assertThat(DatabaseAddress.of(URI.create("ws://h/a%3Fb")).subscribe())
                .hasToString("ws://h/v1/database/a%3Fb/subscribe");
        assertThatThrownBy(() -> DatabaseAddress.of(URI.create("ws://h")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("names no database");
        assertThatThrownBy(() -> SpacetimeDb.database(URI.create("http://h:3000"), "a/b"))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    @Tag("T3")
    void parametersAreSpelledAsTheServerWantsThem() {
        Map<Option<?>, Object> options = new IdentityHashMap<>();
        assertThat(socket(options, Credential.NONE, null).uri().getRawQuery()).isEqualTo("compression=Gzip");
        options.put(SpacetimeDbOptions.COMPRESSION, "brotli");
        options.put(SpacetimeDbOptions.LIGHT, true);
        options.put(SpacetimeDbOptions.CONFIRMED, false);
        options.put(SpacetimeDbOptions.CONNECTION_ID, "0000000000000000000000000000002a");
        assertThat(socket(options, Credential.NONE, null).uri().getRawQuery())
                .isEqualTo("compression=Brotli&light=true&confirmed=false"
                        + "&connection_id=0000000000000000000000000000002a");
        assertThat(new ConnectionId(BigInteger.valueOf(42))).hasToString("0000000000000000000000000000002a");
    }

    @Test
    @Tag("T4")
    @Tag("T5")
    void theTokenGoesIntoAHeaderAndIsNeverPrinted() {
        WebSocketTarget plain = socket(new IdentityHashMap<>(), Credential.token("s3cret"), null);
        assertThat(plain.credentials()).containsEntry("Authorization", "Bearer s3cret");
        assertThat(plain.uri().toString()).doesNotContain("s3cret");
        WebSocketTarget exchanged = socket(new IdentityHashMap<>(), Credential.token("s3cret"), "sh0rt");
        assertThat(exchanged.credentials()).isEmpty();
        assertThat(exchanged.uri().getRawQuery()).endsWith("&token=sh0rt");
        assertThat(exchanged.toString() + exchanged.printable() + plain).doesNotContain("s3cret", "sh0rt");
    }

    @Test
    @Tag("T2")
    void theOfferedProtocolsAreThoseThatWereAskedFor() {
        Map<Option<?>, Object> options = new IdentityHashMap<>();
        assertThat(SpacetimeDbOptions.protocols(Options.of(options)))
                .containsExactly(ProtocolVersion.V3_BSATN, ProtocolVersion.V2_BSATN, ProtocolVersion.V1_BSATN);
        options.put(SpacetimeDbOptions.PROTOCOLS, "v1.json");
        assertThat(SpacetimeDbOptions.protocols(Options.of(options))).containsExactly(ProtocolVersion.V1_JSON);
        options.put(SpacetimeDbOptions.PROTOCOLS, "v1.jsn");
        assertThatThrownBy(() -> SpacetimeDbOptions.protocols(Options.of(options)))
                .hasMessageContaining("did you mean 'v1.json'");
    }

    @Test
    @Tag("T3")
    void wrongOptionsAreRefusedByName() {
        for (String[] wrong : List.of(
                new String[] {"connectionId=0x2a", "connectionId"},
                new String[] {"connectionId=" + "0".repeat(32), "connectionId"},
                new String[] {"compression=zip", "compression"},
                new String[] {"protocols=v9", "protocols"},
                new String[] {"ping=0s", "ping"},
                new String[] {"compresion=gzip", "did you mean 'compression'"},
                new String[] {"light=1", "light"})) {
            assertThatThrownBy(() -> open("spacetimedb+ws://h/db?" + wrong[0]))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(wrong[1]);
        }
    }

    @Test
    @Tag("T5")
    void aSourceDoesNotShowItsToken() {
        try (SyncSource source = SyncSource.open("spacetimedb+ws://h/db?token=s3cret")) {
            assertThat(source.address()).contains("token=***").doesNotContain("s3cret");
        }
    }

    private static void open(String uri) {
        try (SyncSource source = SyncSource.open(uri)) {
            throw new AssertionError("opened " + source);
        }
    }

    private static WebSocketTarget socket(Map<Option<?>, Object> options, Credential credential, String shortToken) {
        return new Targets(DatabaseAddress.of(URI.create("ws://h:3000/db")), Options.of(options))
                .socket(List.of(ProtocolVersion.V2_BSATN), credential, shortToken);
    }
}
