package dev.tributary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialTest {

    @Test
    @Tag("L8")
    void isNeverPrinted() {
        Credential credential =
                Credential.token("s3cret").withHeader("s3cret", "s3cret").withParameter("s3cret", "s3cret");
        assertThat(credential).hasToString("Credential[***]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret\n", "s3\rcret", "s3cret\u0000", "s3cret\u007f", "s3cret\u2028", "s3cret€"})
    @Tag("L8")
    void whatNoHeaderMayHoldIsRefusedAndNotRepeated(String value) {
        assertThatThrownBy(() -> Credential.token(value))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("the token holds a line break")
                .hasMessageNotContaining("cret")
                .hasNoCause();
        assertThatThrownBy(() -> Credential.NONE.withHeader("X-Key", value))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("the header 'X-Key' holds a line break")
                .hasMessageNotContaining("cret")
                .hasNoCause();
    }

    @Test
    void mergePutsTheOtherOver() {
        Credential first = Credential.token("one")
                .withHeader("A", "1")
                .withHeader("B", "1")
                .withParameter("p", "1");
        Credential second = Credential.token("two").withHeader("b", "2").withParameter("q", "2");

        Credential merged = first.merge(second);
        assertThat(merged.token()).contains("two");
        assertThat(merged.headers()).hasSize(2).containsEntry("A", "1").containsEntry("B", "2");
        assertThat(merged.parameters()).isEqualTo(Map.of("p", "1", "q", "2"));
        assertThat(first.merge(Credential.NONE).token()).contains("one");
        assertThat(first.headers()).containsEntry("B", "1");
        assertThat(Credential.NONE.token()).isEmpty();
    }

    @Test
    void headersAreTheSameInAnyCase() {
        Credential credential = Credential.NONE.withHeader("Authorization", "a").withHeader("authorization", "b");
        assertThat(credential.headers()).hasSize(1);
        assertThat(credential.headers().get("AUTHORIZATION")).isEqualTo("b");
    }

    @Test
    void isImmutable() {
        Credential credential = Credential.token("t").withHeader("a", "1");
        credential.withHeader("b", "2").withParameter("c", "3");
        assertThat(credential.headers()).hasSize(1);
        assertThat(credential.parameters()).isEmpty();
        assertThatThrownBy(() -> credential.headers().put("b", "2")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> credential.parameters().put("b", "2"))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
