package dev.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.SyncSource;
import dev.tributary.driftdb.DriftDb;
import dev.tributary.electric.Electric;
import dev.tributary.http.HttpOptions;
import dev.tributary.replay.Replay;
import dev.tributary.sodp.Sodp;
import dev.tributary.spacetimedb.SpacetimeDb;
import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.websocket.WebSocketOptions;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transports are found from the class path, from the module path and from one shaded jar. */
class LoadingTest {

    private static final List<Path> OURS = Stream.of(
                    SyncSource.class,
                    HttpOptions.class,
                    WebSocketOptions.class,
                    Electric.class,
                    Sodp.class,
                    DriftDb.class,
                    SpacetimeDb.class,
                    ElectricServer.class,
                    Replay.class,
                    TributaryCommand.class)
            .map(LoadingTest::placeOf)
            .toList();
    /** By name, for the command itself does not read them all. */
    private static final List<Path> OTHERS = Stream.of(
                    "picocli.CommandLine",
                    "com.fasterxml.jackson.core.JsonFactory",
                    "com.fasterxml.jackson.dataformat.cbor.CBORFactory",
                    "com.fasterxml.jackson.databind.ObjectMapper",
                    "com.fasterxml.jackson.annotation.JsonFormat",
                    "org.brotli.dec.BrotliInputStream",
                    "org.msgpack.core.MessagePack",
                    "org.java_websocket.WebSocket",
                    "org.slf4j.Logger",
                    "org.slf4j.nop.NOPServiceProvider")
            .map(LoadingTest::named)
            .map(LoadingTest::placeOf)
            .toList();

    private static final int SECONDS = 60;

    @TempDir
    private Path directory;

    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String path() {
        return Stream.concat(OURS.stream(), OTHERS.stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void onTheClassPath() throws Exception {
        works("-cp", path(), "dev.tributary.cli.Main");
    }

    @Test
    void onTheModulePath() throws Exception {
        works("-p", path(), "-m", "dev.tributary.cli/dev.tributary.cli.Main");
    }

    @Test
    void inOneShadedJar() throws Exception {
        works("-cp", shaded().toString(), "dev.tributary.cli.Main");
    }

    /** The schemes are listed, and something is loaded through each transport. */
    private void works(String... java) throws Exception {
        assertThat(run(java, "transports"))
                .contains(
                        "electric+http, electric+https\n",
                        "sodp+ws, sodp+wss\n",
                        "driftdb+http, driftdb+https, driftdb+ws, driftdb+wss\n",
                        "spacetimedb+http, spacetimedb+https, spacetimedb+ws, spacetimedb+wss\n",
                        "all over http or https\n",
                        "all over ws or wss\n");
        for (SampleProtocol protocol : SampleProtocol.values()) {
            try (SampleServer server = protocol.start(3)) {
                String query = server.queries().get(0);
                assertThat(run(java, "tail", server.uri(), query, "--snapshot-only", "--timeout", "30s")
                                .lines())
                        .as(protocol.toString())
                        .hasSize(3);
            }
        }
    }

    private String run(String[] java, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(java));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as("ends in time")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(err)).isEmpty();
        assertThat(process.exitValue()).isZero();
        return Files.readString(out);
    }

    /** As the shade plugin does it with its transformer of service files. */
    private Path shaded() throws IOException {
        Path jar = directory.resolve("shaded.jar");
        try (FileSystem target = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
            for (Path place : Stream.concat(OURS.stream(), OTHERS.stream()).toList()) {
                if (Files.isDirectory(place)) {
                    merge(place, target);
                } else {
                    try (FileSystem source = FileSystems.newFileSystem(place)) {
                        merge(source.getPath("/"), target);
                    }
                }
            }
        }
        return jar;
    }

    private static void merge(Path from, FileSystem target) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = from.relativize(file).toString();
                if (name.endsWith("module-info.class") || name.equals("META-INF/MANIFEST.MF")) {
                    continue;
                }
                Path to = target.getPath("/" + name);
                Files.createDirectories(to.getParent());
                if (name.startsWith("META-INF/services/") && Files.exists(to)) {
                    Files.writeString(to, Files.readString(to) + "\n" + Files.readString(file));
                } else if (!Files.exists(to)) {
                    Files.copy(file, to);
                }
            }
        }
    }

    @Test
    void serviceFilesSayWhatModulesProvide() {
        for (ModuleReference module : ModuleFinder.of(OURS.toArray(Path[]::new)).findAll()) {
            Map<String, TreeSet<String>> provided = new TreeMap<>();
            module.descriptor()
                    .provides()
                    .forEach(service -> provided.put(service.service(), new TreeSet<>(service.providers())));
            assertThat(serviceFiles(module)).as(module.descriptor().name()).isEqualTo(provided);
        }
    }

    private static Map<String, TreeSet<String>> serviceFiles(ModuleReference module) {
        Map<String, TreeSet<String>> found = new TreeMap<>();
        try (var reader = module.open();
                Stream<String> names = reader.list()) {
            String folder = "META-INF/services/";
            for (String name :
                    names.filter(n -> n.startsWith(folder) && !n.endsWith("/")).toList()) {
                try (InputStream in = reader.open(name).orElseThrow()) {
                    String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    found.put(
                            name.substring(folder.length()),
                            Arrays.stream(text.split("\\R"))
                                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                                    .map(String::strip)
                                    .collect(Collectors.toCollection(TreeSet::new)));
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theCommandBringsNoTestFramework() {
        String all = path();
        assertThat(all).doesNotContain("junit").doesNotContain("jqwik").doesNotContain("assertj");
        ModuleFinder.of(OURS.toArray(Path[]::new))
                .findAll()
                .forEach(module -> assertThat(module.descriptor().requires())
                        .as(module.descriptor().name())
                        .noneMatch(needed ->
                                needed.name().contains("junit") || needed.name().contains("jqwik")));
    }
}
