package dev.tributary.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The marked regions of the sources in this package. A region begins with a line {@code // example 2} and ends with a
 * line {@code // end}; those of one name make one block, in order, with a blank line between. What a test has to fill
 * in is shown as people would write it: {@code // example 1 where ADDRESS is "electric+http://localhost:3000"}.
 */
final class ExamplePage {

    private static final Pattern BEGIN = Pattern.compile("\\s*// example (\\S+)((?: where \\w+ is .+)?)");
    private static final Pattern WHERE = Pattern.compile(" where (\\w+) is (.+?)(?= where |$)");
    private static final Pattern END = Pattern.compile("\\s*// end");

    private ExamplePage() {}

    /** The folder of the whole project, from that of this module. */
    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("docs")) ? here : here.getParent();
    }

    /** The blocks by name. */
    static Map<String, String> blocks() {
        Path sources = root().resolve("replay/src/test/java/dev/tributary/examples");
        Map<String, String> blocks = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(sources)) {
            for (Path file : files.sorted().toList()) {
                read(file, blocks);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return blocks;
    }

    private static void read(Path file, Map<String, String> blocks) throws IOException {
        List<String> lines = Files.readAllLines(file);
        for (int at = 0; at < lines.size(); at++) {
            Matcher begin = BEGIN.matcher(lines.get(at));
            if (!begin.matches()) {
                continue;
            }
            List<String> region = new ArrayList<>();
            for (at++; !END.matcher(lines.get(at)).matches(); at++) {
                region.add(lines.get(at));
            }
            String text = shown(String.join("\n", region).stripIndent(), begin.group(2));
            blocks.merge(begin.group(1), text, (first, second) -> first + "\n\n" + second);
        }
    }

    private static String shown(String text, String replacements) {
        String shown = text;
        Matcher where = WHERE.matcher(replacements);
        while (where.find()) {
            shown = shown.replace(where.group(1), where.group(2));
        }
        return shown;
    }
}
