package dev.tributary.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The catalogue is whole: every law is shown by a test, every test names its laws, and {@code docs/laws.md} is made of
 * both. {@code -Dtributary.write=true} writes the page.
 */
class LawCatalogueTest {

    private static final Path PAGE = Path.of("../docs/laws.md");

    private static final Map<String, String> CHAPTERS = chapters();

    private static Map<String, String> chapters() {
        Map<String, String> chapters = new LinkedHashMap<>();
        chapters.put("L1", "What a view becomes");
        chapters.put("L2", "What a reader sees");
        chapters.put("L3", "Versions, checkpoints, going on");
        chapters.put("L4", "Listeners");
        chapters.put("L5", "Phases");
        chapters.put("L6", "Trying again");
        chapters.put("L7", "Resets");
        chapters.put("L8", "Credentials");
        chapters.put("L9", "Bounds");
        chapters.put("L10", "Bad input");
        chapters.put("L11", "Bad listeners");
        chapters.put("L12", "Closing");
        chapters.put("C", "Capabilities, in both directions");
        chapters.put("W", "Writes");
        chapters.put("S", "Sharing, pausing, refreshing");
        chapters.put("E", "The engine itself");
        chapters.put("D", "The driver");
        return chapters;
    }

    @Test
    void idsAreUniqueAndInOrder() {
        assertThat(Arrays.stream(Law.values()).map(Law::id)).doesNotHaveDuplicates();
        assertThat(Law.values()).hasSizeGreaterThanOrEqualTo(40);
        assertThat(Arrays.stream(Law.values()).map(Law::chapter).distinct())
                .containsExactlyElementsOf(CHAPTERS.keySet());
        CHAPTERS.keySet().forEach(chapter -> {
            List<Law> laws = lawsOf(chapter);
            for (int i = 0; i < laws.size(); i++) {
                assertThat(laws.get(i).id()).isEqualTo(chapter + "." + (i + 1));
            }
        });
    }

    @Test
    void everyLawIsShown() {
        Set<Law> shown = LawTests.all().stream()
                .flatMap(test -> LawTests.lawsOf(test).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(shown).containsExactly(Law.values());
    }

    @Test
    void testsAreMarkedWithTheChaptersOfTheirLaws() {
        for (Method test : LawTests.all()) {
            Set<String> marks = Arrays.stream(test.getAnnotationsByType(Tag.class))
                    .map(Tag::value)
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> chapters =
                    LawTests.lawsOf(test).stream().map(Law::chapter).collect(Collectors.toCollection(TreeSet::new));
            assertThat(marks).as(test.getName()).isEqualTo(chapters);
        }
    }

    @Test
    void aFailureSaysWhichLawWhatWasFoundAndWhereToLook() {
        for (Law law : Law.values()) {
            BrokenLaw broken = law.brokenBy("something");
            assertThat(broken)
                    .hasMessageStartingWith(law.id() + " is broken: " + law.statement())
                    .hasMessageContaining("something")
                    .hasMessageEndingWith("look at: " + law.advice());
            assertThat(broken.law()).isEqualTo(law);
            assertThat(Law.of(law.id())).isEqualTo(law);
        }
    }

    @Test
    void thePageIsMadeOfTheCatalogue() throws IOException {
        String page = page();
        if (Boolean.getBoolean("tributary.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("made anew by -Dtributary.write=true")
                .isEqualTo(page);
    }

    private static List<Law> lawsOf(String chapter) {
        return Arrays.stream(Law.values())
                .filter(law -> law.chapter().equals(chapter))
                .toList();
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # The laws

                Made of the catalogue in code (`dev.tributary.conformance.Law`) by `LawCatalogueTest`; not edited by hand.

                Each law is stated once, has a stable id, and is shown by tests that a transport takes up with
                `TransportConformance`. A law passes, or fails with what was found and where to look, or is aborted because it
                does not apply: then the declaration is shown that says so. Without the words *applies with*, it applies to
                every transport.

                """);
        CHAPTERS.forEach((chapter, title) -> {
            page.append("## ").append(chapter).append(": ").append(title).append("\n\n");
            for (Law law : lawsOf(chapter)) {
                page.append("**")
                        .append(law.id())
                        .append("** ")
                        .append(capital(law.statement()))
                        .append(".  \n*Why:* ")
                        .append(law.why())
                        .append(".  \n");
                if (!law.needs().isEmpty()) {
                    page.append("*Applies with:* ")
                            .append(law.needs().stream().map(Object::toString).collect(Collectors.joining(", ")))
                            .append(".  \n");
                }
                page.append("*Look at:* ")
                        .append(law.advice())
                        .append(".  \n*Shown by:* ")
                        .append(testsOf(law))
                        .append("\n\n");
            }
        });
        page.append("""
                ## What is not told by these laws

                A transport with ATOMIC_ACROSS_VIEWS that does not declare it is found out only where it is LOSSLESS: what is lost
                sets views apart, too.
                A transport with PARTIAL_UPDATES that does not declare it is found out only where the driver's rows have a column
                beside key and value.
                """);
        return page.toString();
    }

    private static String testsOf(Law law) {
        return LawTests.all().stream()
                .filter(test -> LawTests.lawsOf(test).contains(law))
                .map(test -> "`" + test.getDeclaringClass().getSimpleName() + "." + test.getName() + "`"
                        + (LawTests.isProperty(test) ? " (random programs)" : ""))
                .collect(Collectors.joining(", "));
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    @Test
    void everyTestHasALabel() {
        assertThat(LawTests.all())
                .allSatisfy(test -> assertThat(test.getAnnotation(Label.class)).isNotNull());
    }
}
