package dev.tributary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionTest {

    private static final Option<String> TEXT = Option.text("mode", "how");
    private static final Option<String> SECRET = Option.secret("token", "who");
    private static final Option<Boolean> FLAG = Option.flag("fast", "whether");
    private static final Option<Integer> NUMBER = Option.number("retries", 2, "how often");
    private static final Option<Long> SIZE = Option.size("bound", "how much");
    private static final Option<Duration> DURATION = Option.duration("wait", "how long");
    private static final Option<Object> OBJECT = Option.object("client", "with what");

    @Test
    void textIsTakenAsItIs() {
        assertThat(TEXT.parse(" a=b ")).isEqualTo(" a=b ");
        assertThat(SECRET.parse("s3cret")).isEqualTo("s3cret");
        assertThat(TEXT).hasToString("mode");
    }

    @ParameterizedTest
    @CsvSource({"true,true", "'',true", "false,false"})
    void flag(String text, boolean value) {
        assertThat(FLAG.parse(text)).isEqualTo(value);
    }

    @Test
    void otherFlagsAreRefused() {
        refused(FLAG, "yes", "option 'fast': expected true or false, got 'yes'");
    }

    @Test
    void numberHasALeastValue() {
        assertThat(NUMBER.parse("2")).isEqualTo(2);
        refused(NUMBER, "1", "option 'retries': expected at least 2, got '1'");
        refused(NUMBER, "2.5", "option 'retries': expected a whole number, got '2.5'");
        refused(NUMBER, "2147483648", "option 'retries': expected a whole number, got '2147483648'");
    }

    @ParameterizedTest
    @CsvSource({"1,1", "4096,4096", "64k,65536", "10M,10485760", "1g,1073741824", "8589934591g,9223372035781033984"})
    void size(String text, long value) {
        assertThat(SIZE.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "1.5k", "1t", "10 k", "8589934592g", "99999999999999999999"})
    void otherSizesAreRefused(String text) {
        refused(SIZE, text, "option 'bound': expected a size such as 4096, 64k, 10m or 1g, got '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1k"})
    void sizeIsAboveZero(String text) {
        refused(SIZE, text, "option 'bound': expected a size above 0, got '" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "0s,PT0S",
        "500ms,PT0.5S",
        "10s,PT10S",
        "2M,PT2M",
        "PT10S,PT10S",
        "pt1.5s,PT1.5S",
        "P1D,PT24H",
        "PT5M,PT5M",
        "P365D,P365D"
    })
    void duration(String text, Duration value) {
        assertThat(DURATION.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "m",
                "ms",
                "10",
                "10h",
                "1.5s",
                "10 s",
                "9223372036854775807m",
                "p",
                "PT99999999999999999999S"
            })
    void otherDurationsAreRefused(String text) {
        refused(DURATION, text, "option 'wait': expected a time such as 500ms, 10s, 2m or PT10S, got '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5s", "-1ms", "PT-5S", "-PT5S", "366000000s", "9223372036854775807s"})
    void durationHasBounds(String text) {
        refused(DURATION, text, "option 'wait': expected a time of 0 to 365 days, got '" + text + "'");
    }

    @Test
    @Tag("L8")
    void objectHasNoTextAndRepeatsNone() {
        refused(OBJECT, "s3cret", "option 'client' cannot be given in a URI; set it on the builder");
        assertThat(OBJECT.isSensitive()).isTrue();
    }

    @Test
    @Tag("L8")
    void secretsAreNotPrinted() {
        Options options = Options.of(Map.of(SECRET, "s3cret", TEXT, "live", OBJECT, "s3cret", NUMBER, 3));
        assertThat(options).hasToString("client=***&mode=live&retries=3&token=***");
        assertThat(SECRET.toString() + SECRET.about()).doesNotContain("s3cret");
    }

    @Test
    @Tag("L8")
    void sourceThatIsNoUriIsNotRepeated() {
        assertThatThrownBy(() -> SyncSource.builder("electric+http://u:s3cret@host/?token=s3cret with space"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("the source is no URI: Illegal character in query at character 44")
                .hasNoCause();
    }

    @Test
    void optionsAreACopyAndFoundByOption() {
        Map<Option<?>, Object> values = new LinkedHashMap<>(Map.of(TEXT, "live"));
        Options options = Options.of(values);
        values.clear();
        assertThat(options.get(TEXT)).contains("live");
        assertThat(options.get(TEXT, "log")).isEqualTo("live");
        assertThat(options.get(NUMBER)).isEmpty();
        assertThat(options.get(NUMBER, 5)).isEqualTo(5);
    }

    private static void refused(Option<?> option, String text, String message) {
        assertThatThrownBy(() -> option.parse(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }
}
