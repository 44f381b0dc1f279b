package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Credential;
import dev.tributary.Options;
import dev.tributary.ProtocolException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rooms and their addresses. */
class AddressTest {

    private static final String ID = "8ececec4-935e-499b-8741-470be46af98d";

    private static Room described(String root, String body) {
        return RoomDescription.read(
                body.getBytes(StandardCharsets.UTF_8), RoomAddress.of(URI.create(root)), UnaryOperator.identity());
    }

    private static String description(String host) {
        return "{\"more\":[1],\"http_url\":\"http://" + host + "/room/" + ID + "/send\",\"room\":\"" + ID
                + "\",\"socket_url\":\"ws://" + host + "/room/" + ID + "/connect\"}";
    }

    @Test
    @Tag("D2")
    void rootsWithAndWithoutPathAndSlashGiveTheSameRequests() {
        for (String path : new String[] {"", "/", "/db/KEY", "/db/KEY/"}) {
            RoomAddress root = RoomAddress.of(URI.create("ws://host:8080" + path));
            String base = "http://host:8080" + (path.endsWith("/") ? path : path + "/");
            assertThat(root.id()).isNull();
            assertThat(root.newRoom()).hasToString(base + "new");
            assertThat(root.room("a b/ü")).hasToString(base + "room/a%20b%2F%C3%BC");
        }
        RoomAddress room = RoomAddress.of(URI.create("wss://host/db/room/a%20b%2F%C3%BC"));
        assertThat(room.id()).isEqualTo("a b/ü");
        assertThat(room.root()).hasToString("https://host/db/");
        assertThat(room.derived("a b/ü").socketUrl()).hasToString("wss://host/db/room/a%20b%2F%C3%BC/connect");
        assertThat(room.derived("a b/ü").httpUrl()).hasToString("https://host/db/room/a%20b%2F%C3%BC/send");
    }

    @Test
    @Tag("D1")
    void aDescriptionIsReadWithUnknownMembersAndRefusedWithMissingOnes() {
        Room room = described("ws://host", description("other:8080"));
        assertThat(room.id()).isEqualTo(ID);
        assertThat(room.socketUrl()).hasToString("ws://other:8080/room/" + ID + "/connect");
        assertThat(room.httpUrl()).hasToString("http://other:8080/room/" + ID + "/send");
        assertThatThrownBy(() -> described("ws://host", "{\"room\":\"" + ID + "\"}"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("socket_url")
                .hasMessageNotContaining(ID);
        assertThatThrownBy(() -> described("ws://host", description("a b")))
                .isInstanceOf(ProtocolException.class)
                .hasMessageNotContaining(ID);
        assertThatThrownBy(() -> described("ws://host", description("h").replace("ws://", "file://")))
                .hasMessageContaining("scheme");
        assertThatThrownBy(() -> described("ws://host", "")).isInstanceOf(ProtocolException.class);
    }

    @Test
    @Tag("D3")
    void aReturnedUrlIsNeverLessSafeThanTheRoot() {
        Room room = described("https://host", description("host"));
        assertThat(room.socketUrl().getScheme()).isEqualTo("wss");
        assertThat(room.httpUrl().getScheme()).isEqualTo("https");
        assertThat(described("ws://host", description("host").replace("ws://", "wss://"))
                        .socketUrl()
                        .getScheme())
                .isEqualTo("wss");
    }

    @Test
    @Tag("D3")
    @Tag("L8")
    void secretsGoToTheHostOfTheRootAlone() {
        RoomAddress address = RoomAddress.of(URI.create("https://host/room/" + ID));
        Targets targets = new Targets(address, Options.of(Map.of()));
        targets.credential(Credential.token("s3cret").withParameter("key", "p4ram"));
        Room own = described("https://host", description("host:9000"));
        Room foreign = described("https://host", description("elsewhere"));
        assertThat(targets.message(own, new byte[0]).credentials()).containsEntry("Authorization", "Bearer s3cret");
        assertThat(targets.socket(own, Encoding.CBOR, false).uri().getRawQuery())
                .isEqualTo("key=p4ram&cbor=true");
        assertThat(targets.message(foreign, new byte[0]).credentials()).isEmpty();
        assertThat(targets.socket(foreign, Encoding.JSON, true).uri().getRawQuery())
                .isEqualTo("debug=true");
        assertThat(targets.socket(foreign, Encoding.JSON, false).credentials()).isEmpty();
    }

    @Test
    @Tag("D4")
    void noSocketSendsControlPings() {
        Targets targets = new Targets(RoomAddress.of(URI.create("ws://host/room/" + ID)), Options.of(Map.of()));
        assertThat(targets.socket(described("ws://host", description("host")), Encoding.JSON, false)
                        .pingAfter())
                .isNull();
    }

    @Test
    @Tag("D45")
    void noAddressIsPrintedWithItsRoomOrItsPath() {
        URI endpoint = URI.create("wss://host:1/db/ACCESSKEY/room/" + ID);
        RoomAddress address = RoomAddress.of(endpoint);
        Room room = described("https://host", description("host"));
        Targets targets = new Targets(address, Options.of(Map.of()));
        for (Object shown : new Object[] {
            address,
            room,
            new DriftDbTransport().printable(endpoint),
            new DriftDbTransport().printable(URI.create("ws://host/room/short")),
            targets.findRoom(ID),
            targets.newRoom(),
            targets.message(room, new byte[0]),
            targets.socket(room, Encoding.JSON, false),
            new Request.FindRoom(ID)
        }) {
            assertThat(shown.toString())
                    .doesNotContain(ID)
                    .doesNotContain("ACCESSKEY")
                    .doesNotContain("short");
        }
        assertThat(new DriftDbTransport().printable(endpoint)).contains("8ece***");
    }

    @Test
    @Tag("D41")
    void aLinkCarriesTheRoomAsJavaScriptApplicationsDo() {
        URI link = RoomLink.write(URI.create("https://app.example/page?a=1&_driftdb_room=old&b=2#top"), "new room");
        assertThat(link).hasToString("https://app.example/page?a=1&b=2&_driftdb_room=new%20room#top");
        assertThat(RoomLink.read(link)).contains("new room");
        assertThat(RoomLink.read(URI.create("https://app.example/"))).isEmpty();
        assertThat(RoomLink.read(RoomLink.write(URI.create("https://app.example/"), "x")))
                .contains("x");
        ClientIdStore store = ClientIdStore.inMemory();
        assertThat(store.loadOrCreate()).isEqualTo(store.loadOrCreate()).hasSizeGreaterThan(20);
    }
}
