package dev.tributary.testkit.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.socket.RawClient;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SpacetimeDbServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final String TARGET = "/v1/database/game/subscribe?compression=None";

    private final SpacetimeDbServer server = SpacetimeDbServer.start(SpacetimeDbSampleData.module());

    @AfterEach
    void close() {
        server.close();
    }

    private RawClient connect(String subprotocol) throws Exception {
        RawClient client = new RawClient(server.port());
        String head = client.upgrade(TARGET, "Sec-WebSocket-Protocol: " + subprotocol + "\r\n");
        assertThat(head).startsWith("HTTP/1.1 101 ").contains("sec-websocket-protocol: " + subprotocol);
        return client;
    }

    /** The next frame that is neither ping nor pong. */
    private static String data(RawClient client) throws Exception {
        String next = client.next();
        while (next.startsWith("ping") || next.startsWith("pong")) {
            next = client.next();
        }
        return next;
    }

    @Test
    @Tag("T61")
    void aConversationTakesPlaceOnARealPort() throws Exception {
        try (RawClient client = connect("v1.json.spacetimedb")) {
            assertThat(data(client)).startsWith("text {\"IdentityToken\":");
            client.text("{\"SubscribeMulti\":{\"query_strings\":[\"SELECT * FROM word\"],\"request_id\":1,"
                    + "\"query_id\":{\"id\":1}}}");
            assertThat(data(client)).startsWith("text {\"SubscribeMultiApplied\":");
            server.with(model -> model.transact(context -> context.insert("word", "one", 3)));
            assertThat(data(client)).contains("\"inserts\":[\"[\\\"one\\\",3]\"]");
            client.frame(PING, true, new byte[] {65});
            assertThat(client.next()).isEqualTo("pong A");
            client.frame(CLOSE, true, new byte[] {3, (byte) 0xe8});
            assertThat(client.next()).startsWith("close 1000");
            assertThat(client.next()).isEqualTo("end");
        }
        assertThat(server.await(model -> model.sessions().isEmpty(), PATIENCE)).isTrue();
        assertThat(server.uri()).hasToString("spacetimedb+ws://127.0.0.1:" + server.port() + "/game");
    }

    @Test
    @Tag("T11")
    void aLargeMessageComesInFragmentsWithPongsBetween() throws Exception {
        server.with(model -> new SpacetimeDbSampleData(1).fill(model, 20_000, 240));
        try (RawClient client = connect("v2.bsatn.spacetimedb")) {
            assertThat(data(client)).startsWith("binary ");
            client.frame(2, true, ModelClient.subscribeBytes(1, 1, "SELECT * FROM reading"));
            client.frame(PING, true, new byte[] {65});
            String first = data(client);
            assertThat(first).startsWith("binary+ ");
            long fragments = 1;
            boolean pong = false;
            String next = client.next();
            while (!next.startsWith("more ")) {
                pong |= next.equals("pong A");
                fragments += next.startsWith("more+ ") ? 1 : 0;
                next = client.next();
            }
            assertThat(pong).isTrue();
            assertThat(fragments).isBetween(1_000L, 1_600L);
        }
    }

    @Test
    @Tag("T9")
    void anEndIsTheEndOfTheStreamAndAFaultCutsWithinAMessage() throws Exception {
        try (RawClient client = connect("v1.json.spacetimedb")) {
            assertThat(data(client)).startsWith("text ");
            client.frame(TEXT, true, new byte[] {(byte) 0xff});
            assertThat(data(client)).isEqualTo("end");
        }
        server.with(model -> model.faults().next(SpacetimeDbFault.breakWithin(30)));
        try (RawClient client = connect("v1.json.spacetimedb")) {
            assertThat(data(client)).isEqualTo("end");
        }
        server.with(model -> model.faults().next(SpacetimeDbFault.close(1011, "x".repeat(180))));
        try (RawClient client = connect("v1.json.spacetimedb")) {
            assertThat(data(client)).isEqualTo("close 1011 " + "x".repeat(180));
        }
    }

    @Test
    @Tag("T60")
    void httpIsServedOnTheSamePort() throws Exception {
        HttpURLConnection connection = (HttpURLConnection) server.httpUri()
                .resolve("/v1/database/game/schema?version=9")
                .toURL()
                .openConnection();
        try (InputStream in = connection.getInputStream()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("\"name\":\"player\"");
        }
        assertThat(connection.getHeaderField("spacetime-identity")).startsWith("c200");
    }
}
