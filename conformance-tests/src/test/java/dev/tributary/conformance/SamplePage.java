package dev.tributary.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page on writing a transport: the files of a whole project stand in it, each under its name. */
record SamplePage(String text) {

    private static final Pattern BLOCK = Pattern.compile("<!-- file (\\S+) -->\n```(\\w*)\n(.*?)```\n", Pattern.DOTALL);

    static SamplePage read(Path page) throws IOException {
        return new SamplePage(Files.readString(page));
    }

    Map<String, String> files() {
        Map<String, String> files = new TreeMap<>();
        BLOCK.matcher(text).results().forEach(block -> files.put(block.group(1), block.group(3)));
        return files;
    }

    /** The same page with these files in it. */
    SamplePage with(Map<String, String> files) {
        return new SamplePage(BLOCK.matcher(text)
                .replaceAll(block -> Matcher.quoteReplacement("<!-- file " + block.group(1) + " -->\n```"
                        + block.group(2) + "\n" + files.getOrDefault(block.group(1), "") + "```\n")));
    }
}
