package dev.tributary.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Capability;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Label;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The page on writing a transport is followed from an empty folder: its files are written out, and a Maven of its own
 * builds them. The scripts in {@code src/it/line-transport} call this before and after each build.
 */
public final class SampleBuild {

    private static final String PROTOCOL = "src/main/java/com/example/line/LineProtocol.java";
    private static final String REPORT = "target/surefire-reports/TEST-com.example.line.LineConformanceTest.xml";

    private final Path folder;
    private final Path page;

    /** The folder of the project, and the page. */
    public SampleBuild(File folder, String page) {
        this.folder = folder.toPath();
        this.page = Path.of(page);
    }

    /** Writes the page's files. */
    public void write() throws IOException {
        write(SamplePage.read(page).files());
    }

    /** Writes the page's files, but for a transport that forgets deletes: a law must find it. */
    public void writeWithAMistake() throws IOException {
        Map<String, String> files = SamplePage.read(page).files();
        String right = files.get(PROTOCOL);
        String wrong = right.replace(
                "case \"gone\" -> {", "case \"gone\", \"forgotten\" -> {}\n            case \"never\" -> {");
        assertThat(wrong).isNotEqualTo(right);
        files.put(PROTOCOL, wrong);
        write(files);
    }

    private void write(Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        // Here Maven ends its search for the top of a project: what ours says in its own .mvn is not for this one.
        Files.createDirectories(folder.resolve(".mvn"));
    }

    /** After the build of what the page says: each law that applies was tried and holds. Prints how many. */
    public void theLawsHold() throws Exception {
        Set<String> passed = new TreeSet<>();
        Set<String> aborted = new TreeSet<>();
        NodeList tests = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve(REPORT).toFile())
                .getElementsByTagName("testcase");
        for (int i = 0; i < tests.getLength(); i++) {
            Element test = (Element) tests.item(i);
            assertThat(test.getElementsByTagName("failure").getLength()).isZero();
            assertThat(test.getElementsByTagName("error").getLength()).isZero();
            boolean skipped = test.getElementsByTagName("skipped").getLength() > 0;
            (skipped ? aborted : passed).add(test.getAttribute("name"));
        }

        Set<Law> hold = EnumSet.noneOf(Law.class);
        for (Method test : LawTests.all()) {
            List<Law> laws = LawTests.lawsOf(test);
            if (laws.get(0).appliesTo(new Line())) {
                assertThat(isIn(passed, test)).as(test + " passed").isTrue();
                laws.stream().filter(law -> law.appliesTo(new Line())).forEach(hold::add);
            } else {
                assertThat(isIn(aborted, test)).as(test + " was aborted").isTrue();
            }
        }
        assertThat(passed.size() + aborted.size()).isEqualTo(LawTests.all().size());
        assertThat(hold)
                .containsExactlyElementsOf(Arrays.stream(Law.values())
                        .filter(law -> law.appliesTo(new Line()))
                        .toList());

        int unfit = Law.values().length - hold.size();
        print("The sample transport, built on its own: " + hold.size() + " laws hold, " + unfit + " do not apply; "
                + tests.getLength() + " tests, " + passed.size() + " passed, " + aborted.size() + " do not apply");
    }

    /** The reports name some tests by their method, some by their label. */
    private static boolean isIn(Set<String> names, Method test) {
        return names.contains(test.getName())
                || names.contains(test.getAnnotation(Label.class).value());
    }

    /** While a script runs, {@code System.out} is the log of the sample's build; this is for who runs the whole. */
    private static void print(String line) {
        System.out.println(line);
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8).println(line);
    }

    /** After the build with the mistake: the author was told which law is broken, and where to look. */
    public void theMistakeWasTold() throws IOException {
        String log = Files.readString(folder.resolve("build.log"));
        for (String told :
                List.of("L1.1 is broken: " + Law.CONVERGES.statement(), "look at: " + Law.CONVERGES.advice())) {
            assertThat(log.contains(told)).as("it was told: " + told).isTrue();
        }
        // Who adds up the reports of the whole build has no failure to count.
        Files.delete(folder.resolve(REPORT));
    }

    /** What the sample declares. */
    private static final class Line implements TransportDriver {

        @Override
        public Set<Capability> capabilities() {
            return Set.of(Capability.LOSSLESS, Capability.TRANSACTIONS);
        }

        @Override
        public Set<Fault> faults() {
            return Fault.common();
        }

        @Override
        public World newWorld(long seed) {
            throw new AssertionError("not asked for");
        }
    }
}
