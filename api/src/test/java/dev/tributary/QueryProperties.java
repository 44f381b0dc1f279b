package dev.tributary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class QueryProperties {

    @Property
    void whatIsPrintedIsReadBack(@ForAll("texts") String name, @ForAll("parameters") List<Query.Parameter> parameters) {
        Query query = query(name, parameters);
        assertThat(Query.parse(query.toString())).isEqualTo(query).hasToString(query.toString());
    }

    @Property
    void orderCountsOnlyAmongParametersOfOneName(@ForAll("parameters") List<Query.Parameter> parameters) {
        List<Query.Parameter> sorted = new ArrayList<>(parameters);
        sorted.sort((a, b) -> a.name().compareTo(b.name()));
        assertThat(query("q", parameters))
                .isEqualTo(query("q", sorted))
                .hasSameHashCodeAs(query("q", sorted))
                .hasToString(query("q", sorted).toString());
        assertThat(query("q", parameters).parameters()).isEqualTo(sorted);
    }

    @Property
    void anyTextIsReadOrRefused(@ForAll("texts") String text) {
        try {
            Query query = Query.parse(text);
            assertThat(Query.parse(query.toString())).isEqualTo(query);
        } catch (ConfigurationException e) {
            assertThat(e).hasMessageStartingWith("query '" + text + "': ");
        }
    }

    @Example
    void partsAreDecoded() {
        Query query = Query.parse("SELECT%20*?where=a=1%26b&where=x?y&%C3%A9=%f0%9F%98%80&empty&none=");
        assertThat(query.name()).isEqualTo("SELECT *");
        assertThat(query.parameters())
                .containsExactly(
                        new Query.Parameter("empty", ""),
                        new Query.Parameter("none", ""),
                        new Query.Parameter("where", "a=1&b"),
                        new Query.Parameter("where", "x?y"),
                        new Query.Parameter("é", "😀"));
        assertThat(query.parameter("where")).contains("a=1&b");
        assertThat(query.parameter("what")).isEmpty();
    }

    @Example
    void plusIsAPlus() {
        assertThat(Query.parse("a+b?c=d+e").name()).isEqualTo("a+b");
        assertThat(Query.parse("a+b?c=d+e").parameter("c")).contains("d+e");
    }

    @Example
    void onlyTheFirstQuestionMarkSeparates() {
        assertThat(Query.of("a?b")).hasToString("a%3Fb").isNotEqualTo(Query.parse("a?b"));
        assertThat(Query.parse("a?")).isEqualTo(Query.of("a"));
        assertThat(Query.parse("a?&&b=1&")).isEqualTo(Query.of("a").with("b", "1"));
    }

    @Example
    void malformedPercentIsRefused() {
        for (String text : List.of("%", "a%4", "%zz", "%+1", "%-1", "a?b=%", "a?%1=x", "%１１", "100%")) {
            assertThatThrownBy(() -> Query.parse(text))
                    .as(text)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("query '" + text + "': a percent sign is not followed by two hexadecimal digits; "
                            + "write %25 for the sign itself");
        }
    }

    @Example
    void bytesThatAreNoUtf8AreRefused() {
        for (String text : List.of("%ff", "a?b=%C3", "%C3x%A9", "%ed%a0%80")) {
            assertThatThrownBy(() -> Query.parse(text))
                    .as(text)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("query '" + text + "': its percent-encoded bytes are no UTF-8");
        }
    }

    @Example
    void parameterNeedsAName() {
        assertThatThrownBy(() -> Query.parse("items?=1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("query 'items?=1': a parameter has no name");
        assertThatThrownBy(() -> Query.of("items").with("", "1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("query 'items': a parameter has no name");
    }

    @Example
    void withLeavesTheOriginalAsItIs() {
        Query query = Query.of("items");
        assertThat(query.with("a", "1")).isNotEqualTo(query);
        assertThat(query).isEqualTo(Query.of("items"));
    }

    private static Query query(String name, List<Query.Parameter> parameters) {
        Query query = Query.of(name);
        for (Query.Parameter parameter : parameters) {
            query = query.with(parameter.name(), parameter.value());
        }
        return query;
    }

    /** Any text, also lone surrogates, with many of the characters that mean something. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().all().ofMaxLength(20),
                Arbitraries.strings().withChars("%?&=+ 25aFé\ud83d\ude00").ofMaxLength(20));
    }

    @Provide
    Arbitrary<List<Query.Parameter>> parameters() {
        Arbitrary<String> names = Arbitraries.oneOf(Arbitraries.of("a", "b"), texts().filter(name -> !name.isEmpty()));
        return Combinators.combine(names, texts())
                .as(Query.Parameter::new)
                .list()
                .ofMaxSize(4);
    }
}
