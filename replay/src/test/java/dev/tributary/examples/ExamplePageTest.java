package dev.tributary.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The pages and the README show the code that these tests run. {@code -Dtributary.write=true} writes the blocks of the
 * pages anew; the README belongs to people.
 */
class ExamplePageTest {

    private static final Pattern BLOCK =
            Pattern.compile("<!-- example (\\S+) -->\n```java\n(.*?)```\n", Pattern.DOTALL);
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```\n", Pattern.DOTALL);

    private static final List<String> PAGES = List.of("docs/examples.md", "docs/types.md");

    @Test
    void thePagesShowWhatIsRun() throws IOException {
        Map<String, String> blocks = ExamplePage.blocks();
        Map<String, String> shown = new LinkedHashMap<>();
        for (String page : PAGES) {
            Path file = ExamplePage.root().resolve(page);
            if (Boolean.getBoolean("tributary.write")) {
                Files.writeString(file, written(Files.readString(file), blocks));
            }
            Matcher block = BLOCK.matcher(Files.readString(file));
            while (block.find()) {
                shown.put(block.group(1), block.group(2).stripTrailing());
            }
        }
        assertThat(shown).containsExactlyInAnyOrderEntriesOf(blocks);
    }

    private static String written(String page, Map<String, String> blocks) {
        return BLOCK.matcher(page)
                .replaceAll(block -> Matcher.quoteReplacement("<!-- example " + block.group(1) + " -->\n```java\n"
                        + blocks.getOrDefault(block.group(1), "") + "\n```\n"));
    }

    @Test
    void everyJavaBlockIsRun() throws IOException {
        for (String page : PAGES) {
            String text = Files.readString(ExamplePage.root().resolve(page));
            assertThat(JAVA.matcher(text).results().count())
                    .as(page)
                    .isEqualTo(BLOCK.matcher(text).results().count());
        }
    }

    @Test
    void theReadmeBeginsWithExampleOne() throws IOException {
        Matcher block = JAVA.matcher(Files.readString(ExamplePage.root().resolve("README.md")));
        assertThat(block.find()).isTrue();
        assertThat(block.group(1).lines().map(String::strip))
                .containsExactlyElementsOf(
                        ExamplePage.blocks().get("1").lines().map(String::strip).toList());
    }
}
