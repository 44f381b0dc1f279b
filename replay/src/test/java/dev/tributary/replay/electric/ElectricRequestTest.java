package dev.tributary.replay.electric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ElectricRequestTest {

    private static ElectricRequest get(String query) {
        return ElectricRequest.of("GET", "/v1/shape?" + query, null);
    }

    @Test
    void orderSpellingAndEmptyValuesDoNotCount() {
        assertThat(get("table=t&offset=-1&where=a+%3D+1&cursor=")).isEqualTo(get("where=a%20=%201&offset=-1&table=t"));
        assertThat(get("table=t&columns=%22id%22,b")).isEqualTo(get("table=T&columns=B,id"));
        assertThat(get("table=public.t")).isEqualTo(get("table=%22t%22&columns="));
        assertThat(get("table=t&params[1]=x")).isEqualTo(get("table=t&params%5B1%5D=x"));
        assertThat(get("table=t&replica=default")).isEqualTo(get("table=t"));
        assertThat(get("table=t&live")).isEqualTo(get("table=t&live=1"));
        assertThat(get("table=t&live=false")).isEqualTo(get("table=t"));
    }

    @Test
    void whatIsForCachesOrSecretDoesNotCount() {
        assertThat(get("table=t&log=full&cache-buster=7&expired_handle=x&experimental_live_sse=true"
                        + "&secret=s&api_secret=s&tenant_key=REDACTED"))
                .isEqualTo(get("table=t"));
    }

    @Test
    void allElseCounts() {
        ElectricRequest request = get("table=t&offset=0_0&handle=h");
        assertThat(request.sameBesidesLive(get("table=t&offset=0_1&handle=h"))).isFalse();
        assertThat(request.sameBesidesLive(get("table=t&offset=0_0&handle=i"))).isFalse();
        assertThat(request.sameBesidesLive(get("table=\"T\"&offset=0_0&handle=h")))
                .isFalse();
        assertThat(request.sameBesidesLive(get("table=t&offset=0_0&handle=h&where=x")))
                .isFalse();
        assertThat(request.sameBesidesLive(ElectricRequest.of("HEAD", "/v1/shape?table=t&offset=0_0&handle=h", null)))
                .isFalse();
        assertThat(request.sameBesidesLive(ElectricRequest.of("GET", "/v2/shape?table=t&offset=0_0&handle=h", null)))
                .isFalse();
    }

    @Test
    void liveAndCursorAreTheirOwnMatter() {
        ElectricRequest live = get("table=t&offset=0_0&handle=h&live=true&cursor=5");
        ElectricRequest catchUp = get("table=t&offset=0_0&handle=h");
        assertThat(live.sameAs(catchUp)).isFalse();
        assertThat(live.sameBesidesLive(catchUp)).isTrue();
        assertThat(live.sameAs(get("table=t&offset=0_0&handle=h&live=true&cursor=6")))
                .isFalse();
        assertThat(live.shape()).isEqualTo(catchUp.shape());
    }

    @Test
    void bodiesAreComparedAsJson() {
        ElectricRequest one = ElectricRequest.of("POST", "/v1/shape?table=t", "{\"where\":\"a\",\"limit\":1.0}");
        assertThat(one.sameAs(ElectricRequest.of("POST", "/v1/shape?table=t", "{ \"limit\": 1, \"where\": \"a\" }")))
                .isTrue();
        assertThat(one.sameAs(ElectricRequest.of("POST", "/v1/shape?table=t", "{\"where\":\"b\",\"limit\":1}")))
                .isFalse();
        assertThat(one.isSubset()).isTrue();
        assertThat(ElectricRequest.of("POST", "/v1/shape?table=t", "").isSubset())
                .isFalse();
        assertThat(get("table=t&subset__where=x").isSubset()).isTrue();
    }

    @Test
    void namesAreReadAsPostgresDoes() {
        assertThat(SqlNames.list("id, \"Odd \"\"name\"\", yes\",B")).containsExactly("id", "Odd \"name\", yes", "b");
        assertThat(SqlNames.qualified("\"My.Table\"")).isEqualTo("\"public\".\"My.Table\"");
        assertThat(SqlNames.qualified("Other.T")).isEqualTo("\"other\".\"t\"");
    }
}
