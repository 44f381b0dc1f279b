package dev.tributary.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The marked tables of {@code docs/types.md}, each made by the test that checks what it says. */
final class PageTables {

    private static final Pattern PLACE =
            Pattern.compile("<!-- table (\\S+) -->\n\n(.*?)\n<!-- end -->", Pattern.DOTALL);

    private PageTables() {}

    /** The page shows these tables as they are here; with {@code -Dtributary.write=true} they are written first. */
    static void assertShown(Map<String, String> tables) throws IOException {
        Path page = ExamplePage.root().resolve("docs/types.md");
        String text = Files.readString(page);
        if (Boolean.getBoolean("tributary.write")) {
            text = PLACE.matcher(text)
                    .replaceAll(match -> Matcher.quoteReplacement("<!-- table " + match.group(1) + " -->\n\n"
                            + tables.getOrDefault(match.group(1), match.group(2)) + "\n<!-- end -->"));
            Files.writeString(page, text);
        }
        Map<String, String> shown = new HashMap<>();
        Matcher match = PLACE.matcher(text);
        while (match.find()) {
            shown.put(match.group(1), match.group(2));
        }
        assertThat(shown).containsAllEntriesOf(tables);
    }
}
