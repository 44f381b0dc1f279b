package dev.tributary.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tributary.ConfigurationException;
import dev.tributary.spi.Verb.Argument;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a transport may rely on when one of its verbs is called. */
class VerbTest {

    private static final Verb APPEND = Verb.of(
            "append",
            "puts an element behind a list",
            (given, deadline) -> CompletableFuture.completedFuture(
                    given.text(0) + " " + given.value(1) + " " + (given.count() < 3 ? "all" : given.number(2))),
            Argument.text("KEY"),
            Argument.value("ELEMENT"),
            Argument.number("MOST").orNone());

    private static Object call(Object... arguments) {
        return APPEND.call(Arrays.asList(arguments), Duration.ofSeconds(1)).join();
    }

    private static void isRefused(String part, Object... arguments) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> call(arguments))
                .withMessageContaining(part);
    }

    @Test
    void argumentsArriveAsTheyAre() {
        assertThat(call("key", 5L)).isEqualTo("key 5 all");
        assertThat(call("key", null, 7L)).isEqualTo("key null 7");
    }

    @Test
    void wrongArgumentsAreRefusedByName() {
        isRefused("1, but it is append KEY ELEMENT [MOST]", "key");
        isRefused("wrong number of arguments: 4", "key", 1L, 2L, 3L);
        isRefused("KEY of append is to be a text", 5L, 5L);
        isRefused("MOST of append is to be a whole number", "key", 5L, "many");
    }

    @Test
    void verbsAreFoundByNameOnly() {
        Verbs verbs = Verbs.of(APPEND, new Verb("hold", List.of(), "holds", false, APPEND.action()).lasting());
        assertThat(verbs.named("append")).isSameAs(APPEND);
        assertThat(verbs.named("hold").lasts()).isTrue();
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> verbs.named("apend"))
                .withMessage("unknown verb 'apend'; did you mean 'append'?");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> verbs.named("frobnicate"))
                .withMessage("unknown verb 'frobnicate'; known are [append, hold]");
    }
}
