package dev.tributary.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.spi.WireEnd;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRedirectTest {

    private static final String EMPTY = "content-length: 0\r\nconnection: close\r\n\r\n";

    private static String redirect(int status, Object location) {
        return "HTTP/1.1 " + status + " Moved\r\nlocation: " + location + "\r\n" + EMPTY;
    }

    private static ScriptedServer answering() throws Exception {
        return ScriptedServer.saying("HTTP/1.1 200 OK\r\n" + EMPTY);
    }

    private static RecordingListener fetchWithSecrets(Rig rig, String method, URI uri) {
        return rig.fetch(Rig.target(method, uri, Map.of("X-Plain", "p"), Map.of("Authorization", "hush"), null));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void withinTheOriginCredentialsGoAlong(int status) throws Exception {
        try (ScriptedServer server = new ScriptedServer((request, socket) -> ScriptedServer.write(
                        socket.getOutputStream(),
                        request.startsWith("GET /to?x=1 ")
                                ? "HTTP/1.1 200 OK\r\n" + EMPTY
                                : redirect(status, "to?x=1")));
                Rig rig = Rig.plain()) {
            RecordingListener heard = fetchWithSecrets(rig, "GET", server.uri("/from"));
            heard.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(heard.awaitHead().status()).isEqualTo(200);
            assertThat(server.requests).hasSize(2).allMatch(request -> request.contains("hush"));
        }
    }

    @Tag("L8")
    @Test
    void credentialsNeverGoToAnotherOriginNorComeBack() throws Exception {
        AtomicReference<URI> abroad = new AtomicReference<>();
        try (ScriptedServer home = new ScriptedServer((request, socket) -> ScriptedServer.write(
                        socket.getOutputStream(),
                        request.startsWith("GET /start ")
                                ? redirect(307, abroad.get())
                                : "HTTP/1.1 200 OK\r\n" + EMPTY));
                ScriptedServer other = new ScriptedServer((request, socket) -> ScriptedServer.write(
                        socket.getOutputStream(),
                        request.startsWith("GET /abroad ")
                                ? redirect(308, "/further")
                                : redirect(302, home.uri("/back"))));
                Rig rig = Rig.plain()) {
            abroad.set(other.uri("/abroad"));
            RecordingListener heard = fetchWithSecrets(rig, "GET", home.uri("/start"));
            heard.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(home.requests).hasSize(2);
            assertThat(home.requests.get(0)).contains("hush");
            assertThat(home.requests.get(1)).doesNotContain("hush");
            assertThat(other.requests)
                    .hasSize(2)
                    .noneMatch(request -> request.contains("hush"))
                    .allMatch(request -> request.contains("X-Plain: p"));
        }
    }

    @Tag("L8")
    @Test
    void trustIsLostForGood() {
        Hop hop = Hop.first(URI.create("http://a/1"));
        assertThat(hop.to(URI.create("http://A:80/2")).trusted()).isTrue();
        assertThat(hop.to(URI.create("https://a/2")).trusted()).isFalse();
        assertThat(hop.to(URI.create("http://a:81/2")).trusted()).isFalse();
        assertThat(hop.to(URI.create("http://b/1")).to(URI.create("http://b/2")).trusted())
                .isFalse();
        assertThat(hop.to(URI.create("http://b/")).to(URI.create("http://a/1")).trusted())
                .isFalse();
    }

    @Tag("L10")
    @Test
    void aLoopEnds() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(redirect(302, "/again"));
                Rig rig = Rig.plain()) {
            RecordingListener heard = fetchWithSecrets(rig, "GET", server.uri("/"));
            assertThat(heard.awaitEnd(WireEnd.Kind.MALFORMED).reason()).contains("redirected more than 5 times");
            assertThat(heard.head).isNotDone();
            assertThat(server.requests).hasSize(6);
        }
    }

    @Test
    void otherMethodsAreNotRedirected() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(redirect(307, "/to"));
                Rig rig = Rig.plain()) {
            RecordingListener heard = fetchWithSecrets(rig, "POST", server.uri("/"));
            heard.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(heard.awaitHead().status()).isEqualTo(307);
            assertThat(heard.awaitHead().first("location")).contains("/to");
        }
    }

    @Test
    void withoutALocationItIsTheAnswer() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying("HTTP/1.1 302 Found\r\n" + EMPTY);
                Rig rig = Rig.plain()) {
            RecordingListener heard = fetchWithSecrets(rig, "GET", server.uri("/"));
            heard.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(heard.awaitHead().status()).isEqualTo(302);
        }
    }

    @Tag("L9")
    @Test
    void aRedirectWithAnEndlessBodyIsFollowedAllTheSame() throws Exception {
        try (ScriptedServer target = answering();
                ScriptedServer server = new ScriptedServer((request, socket) -> {
                    ScriptedServer.write(
                            socket.getOutputStream(),
                            "HTTP/1.1 302 Found\r\nlocation: " + target.uri("/") + "\r\n\r\n");
                    while (true) {
                        socket.getOutputStream().write(new byte[4096]);
                    }
                });
                Rig rig = Rig.plain()) {
            RecordingListener heard = fetchWithSecrets(rig, "GET", server.uri("/"));
            heard.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(heard.awaitHead().status()).isEqualTo(200);
        }
    }

    @Tag("L10")
    @ParameterizedTest
    @CsvSource({
        "https://a/, http://a/, from https to http",
        "http://a/, ftp://a/, not http or https",
        "http://a/, http:/x, not http or https",
        "http://a/, http://[, cannot be read"
    })
    void refused(String from, String location, String reason) {
        assertThatThrownBy(() -> next(from, location))
                .isInstanceOf(WireFault.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining(location)
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({
        "http://a/b/c?d, e, http://a/b/e",
        "http://a/b/c?d, /e?f, http://a/e?f",
        "http://a/b/c?d, ?f, http://a/b/c?f",
        "http://a/b/c?d, //h/i, http://h/i",
        "http://a/b/c?d, https://h:1/i#j, https://h:1/i",
        "http://a/b, /gr\u00C3\u00B6\u00C3\u009Fe, http://a/gr%C3%B6%C3%9Fe",
        "http://a/b, /c d, http://a/c%20d"
    })
    void resolved(String from, String location, String to) throws Exception {
        Hop hop = next(from, location);
        assertThat(hop).isNotNull();
        assertThat(hop.uri()).hasToString(to);
    }

    private static Hop next(String from, String location) throws WireFault {
        HttpHeaders headers = HttpHeaders.of(Map.of("location", List.of(location)), (name, value) -> true);
        return new Redirects(5).next(Hop.first(URI.create(from)), "GET", 302, headers);
    }
}
