package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.electric.RequestUrl.Parameter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses are cache keys. */
class RequestUrlTest {

    private static final Endpoint ENDPOINT = Endpoint.of(URI.create("http://localhost:3000"));

    private static Parameter parameter(String name, String value) {
        return new Parameter(name, value, false);
    }

    @Test
    @Tag("E1")
    void theWorkedExampleOfTheProtocolGivesTheseBytes() {
        RequestUrl url = RequestUrl.of(
                ENDPOINT,
                List.of(
                        parameter("table", "foo"),
                        parameter("where", "a=$1 and b=$2"),
                        parameter("params[2]", "test2"),
                        parameter("params[1]", "test1"),
                        parameter("columns", "\"id\""),
                        parameter("handle", "potato"),
                        parameter("log", "full"),
                        parameter("offset", "-1")));

        assertThat(url.uri())
                .hasToString("http://localhost:3000/v1/shape?columns=%22id%22&handle=potato&log=full&offset=-1"
                        + "&params%5B1%5D=test1&params%5B2%5D=test2&table=foo&where=a%3D%241+and+b%3D%242");
        assertThat(url.printable()).isEqualTo(url.uri().toString());
        assertThat(url).hasToString(url.printable());
    }

    @Property
    @net.jqwik.api.Tag("E1")
    @net.jqwik.api.Tag("E11")
    void theOrderGivenDoesNotMatter(
            @ForAll @Size(max = 8) Map<@StringLength(max = 4) String, String> given, @ForAll long seed) {
        List<Parameter> one = new ArrayList<>();
        given.forEach((name, value) -> one.add(parameter(name, value)));
        List<Parameter> other = new ArrayList<>(one);
        Collections.shuffle(other, new Random(seed));

        assertThat(RequestUrl.of(ENDPOINT, other).uri())
                .isEqualTo(RequestUrl.of(ENDPOINT, one).uri());
        assertThat(RequestUrl.shapeKey(ENDPOINT, other)).isEqualTo(RequestUrl.shapeKey(ENDPOINT, one));
    }

    @Property
    @net.jqwik.api.Tag("E2")
    void anyTextComesBack(@ForAll @StringLength(min = 1, max = 6) String name, @ForAll String value) {
        String wholeName = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        String whole = new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

        URI uri = RequestUrl.of(ENDPOINT, List.of(parameter(name, value))).uri();

        assertThat(Scene.parameters(uri)).isEqualTo(Map.of(wholeName, whole));
        assertThat(uri.getRawQuery()).matches("[A-Za-z0-9%+*._=-]*");
    }

    @Test
    @Tag("E2")
    void specialCharactersSurvive() {
        Map<String, String> sent = new LinkedHashMap<>();
        sent.put("where", "name = 'a+b & \"ü\" [日本] 🎉 100%' AND x = $1");
        URI uri = RequestUrl.of(ENDPOINT, List.of(parameter("where", sent.get("where"))))
                .uri();

        assertThat(Scene.parameters(uri)).isEqualTo(sent);
        assertThat(uri.getRawQuery()).contains("a%2Bb+%26+%22%C3%BC%22");
    }

    @Test
    @Tag("E1")
    void namesAreSortedByTheirBytes() {
        List<Parameter> parameters = List.of(
                parameter("params[2]", ""),
                parameter("params[10]", ""),
                parameter("cursor", ""),
                parameter("columns", ""),
                parameter("cache-buster", ""),
                parameter("\ud83c\udf89", "point above"),
                parameter("\uffee", "point below"));

        assertThat(RequestUrl.of(ENDPOINT, parameters).uri().getRawQuery())
                .isEqualTo("cache-buster=&columns=&cursor=&params%5B10%5D=&params%5B2%5D=&%EF%BF%AE=point+below"
                        + "&%F0%9F%8E%89=point+above");
    }

    @Test
    @Tag("E3")
    void parametersOfTheBaseAddressAreKeptUnlessSaidAnew() {
        Endpoint endpoint = Endpoint.of(URI.create("http://proxy/items?tenant=a%20b&tenant=c&offset=7&flag&=x"));

        RequestUrl url = RequestUrl.of(endpoint, List.of(parameter("offset", "-1")));

        assertThat(url.uri()).hasToString("http://proxy/items?flag=&offset=-1&tenant=a+b&tenant=c");
        assertThat(url.printable()).isEqualTo("http://proxy/items?flag=***&offset=-1&tenant=***&tenant=***");
        assertThat(endpoint).hasToString("http://proxy/items");
    }

    @Test
    @Tag("E3")
    void aMalformedBaseAddressIsRefused() {
        assertThatThrownBy(() -> new Endpoint("http://p", List.of(parameter(RequestUrl.decode("%zz"), ""))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("the source URI has a malformed query");
    }

    @ParameterizedTest
    @Tag("E3")
    @ValueSource(
            strings = {
                "cursor",
                "handle",
                "live",
                "offset",
                "cache-buster",
                "subset__where",
                "subset__anything",
                "log",
                "expired_handle",
                "live_sse",
                "experimental_live_sse"
            })
    void namesOfTheProtocolAreReserved(String name) {
        assertThatThrownBy(() -> RequestUrl.checkFree(name))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("parameter '" + name + "' belongs to the protocol; choose another name for your own");
    }

    @ParameterizedTest
    @Tag("E3")
    @ValueSource(strings = {"table", "where", "columns", "replica", "params", "params[1]"})
    void namesOfTheQueryAreReserved(String name) {
        assertThatThrownBy(() -> RequestUrl.checkFree(name))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("parameter '" + name + "' belongs to the query; say it there");
    }

    @Test
    @Tag("E3")
    void otherNamesAreFree() {
        assertThatCode(() -> RequestUrl.checkFree("tenant")).doesNotThrowAnyException();
        assertThatCode(() -> RequestUrl.checkFree("secret")).doesNotThrowAnyException();
    }

    @Test
    @Tag("E11")
    void theShapeKeyIgnoresTheProtocolAndKeepsDuplicates() {
        List<Parameter> shape = List.of(parameter("table", "t"), parameter("tag", "b"), parameter("tag", "a"));
        List<Parameter> request = new ArrayList<>(shape);
        for (String name : List.of(
                "live",
                "live_sse",
                "experimental_live_sse",
                "handle",
                "offset",
                "cursor",
                "expired_handle",
                "log",
                "subset__where",
                "subset__limit",
                "subset__offset",
                "subset__order_by",
                "subset__params",
                "subset__where_expr",
                "subset__order_by_expr",
                "cache-buster")) {
            request.add(0, parameter(name, "x"));
        }

        assertThat(RequestUrl.shapeKey(ENDPOINT, request))
                .isEqualTo("http://localhost:3000/v1/shape?table=t&tag=a&tag=b")
                .isEqualTo(RequestUrl.shapeKey(ENDPOINT, shape))
                .isEqualTo(RequestUrl.shapeKey(
                        ENDPOINT, List.of(parameter("tag", "a"), parameter("tag", "b"), parameter("table", "t"))));
    }

    @Test
    @Tag("L8")
    void secretsAreNotPrinted() {
        RequestUrl url = RequestUrl.of(ENDPOINT, List.of(new Parameter("secret", "s3cr3t", true), parameter("a", "b")));

        assertThat(url.uri()).hasToString("http://localhost:3000/v1/shape?a=b&secret=s3cr3t");
        assertThat(url).hasToString("http://localhost:3000/v1/shape?a=b&secret=***");
    }

    @ParameterizedTest
    @CsvSource({
        "http://h:3000, http://h:3000/v1/shape",
        "http://h:3000/, http://h:3000/v1/shape",
        "https://h/base/, https://h/base/v1/shape",
        "https://h/base/v1/shape, https://h/base/v1/shape",
        "https://h/api/items, https://h/api/items",
        "https://h/a%20b, https://h/a%20b",
    })
    void aServerIsAskedAtItsShapesAndAProxyAtItsOwnRoute(String source, String address) {
        assertThat(Endpoint.of(URI.create(source)).address()).isEqualTo(address);
    }
}
