package dev.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Makes the pages that say which tests show which item of a protocol's checklist, from the marks on the tests, and holds
 * the committed pages equal to them. {@code -Dtributary.write=true} writes the pages.
 */
class ChecklistTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern MARK = Pattern.compile("@Tag\\(\"([A-Z]\\d+)\"\\)");

    /** The protocols. */
    enum Checklist {
        ELECTRIC("Electric", "protocol specification's checklist (E) or one fact observed on a real server (O)") {
            /** What the next issue about Electric takes. */
            @Override
            Set<String> nextIssue() {
                return Set.of(
                        "E10", "E31", "E40", "E41", "E42", "E54", "E55", "E56", "E57", "E58", "E64", "E65", "E66", "O6",
                        "O7", "O8", "O12");
            }
        },
        SODP("SODP", "protocol specification's checklist"),
        DRIFTDB("DriftDB", "protocol specification's checklist"),
        SPACETIMEDB("SpacetimeDB", "protocol specification's checklist");

        private final String title;
        private final String source;

        Checklist(String title, String source) {
            this.title = title;
            this.source = source;
        }

        Set<String> nextIssue() {
            return Set.of();
        }

        private String file() {
            return name().toLowerCase(Locale.ROOT);
        }

        List<String> items() throws IOException {
            return Files.readAllLines(Path.of("src/test/resources/checklists/" + file() + ".tsv"));
        }

        String page() {
            return "docs/checklists/" + file() + ".md";
        }

        String heading() {
            return """
                    # %s: what is complete, and the tests that show it

                    Made from the marks on the tests by `ChecklistTest`; not edited by hand. An item is one line of the
                    %s.

                    | item | a client is complete when … | shown by |
                    |---|---|---|
                    """.formatted(title, source);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyItemIsShownByATest(Checklist checklist) throws IOException {
        Map<String, Set<String>> testsByItem = marks();
        List<String> shownByNone = new ArrayList<>();
        StringBuilder page = new StringBuilder(checklist.heading());
        for (String line : checklist.items()) {
            String item = line.substring(0, line.indexOf('\t'));
            String text = line.substring(line.indexOf('\t') + 1).replace("|", "\\|");
            Set<String> tests = testsByItem.getOrDefault(item, Set.of());
            String shown = checklist.nextIssue().contains(item) ? "next issue" : String.join(", ", tests);
            if (shown.isEmpty()) {
                shownByNone.add(item + " " + text);
            }
            page.append("| ")
                    .append(item)
                    .append(" | ")
                    .append(text)
                    .append(" | ")
                    .append(shown)
                    .append(" |\n");
        }
        Path committed = ROOT.resolve(checklist.page());
        if (Boolean.getBoolean("tributary.write")) {
            Files.createDirectories(committed.getParent());
            Files.writeString(committed, page);
        }
        assertThat(shownByNone).as("items that no test is marked with").isEmpty();
        assertThat(Files.readString(committed))
                .as(checklist.page() + " is made anew by -Dtributary.write=true")
                .isEqualTo(page.toString());
    }

    /** Which test classes are marked with an item, over all modules. */
    private static Map<String, Set<String>> marks() throws IOException {
        Map<String, Set<String>> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            files.filter(ChecklistTest::isJava).forEach(file -> {
                String name = file.getFileName().toString().replace(".java", "");
                Matcher matcher = MARK.matcher(read(file));
                while (matcher.find()) {
                    found.computeIfAbsent(matcher.group(1), item -> new TreeSet<>())
                            .add("`" + name + "`");
                }
            });
        }
        return found;
    }

    private static boolean isJava(Path file) {
        String path = file.toString().replace('\\', '/');
        return path.endsWith(".java") && (path.contains("/src/test/") || path.contains("conformance-tests/src/main/"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
