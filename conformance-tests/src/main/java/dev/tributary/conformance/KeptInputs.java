package dev.tributary.conformance;

import java.io.IOException;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Gives a parameterized test the inputs that are kept for a fuzz target, each as an array of bytes: all files below the
 * folder {@code <target>Inputs} beside the target's class, where Jazzer reads and writes them. So every build tries them,
 * without a fuzzer.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ArgumentsSource(KeptInputs.Source.class)
public @interface KeptInputs {

    /** The fuzz target. */
    Class<?> value();

    /** Reads the files. */
    final class Source implements ArgumentsProvider, AnnotationConsumer<KeptInputs> {

        private @Nullable Class<?> target;

        /** Made by JUnit. */
        public Source() {}

        @Override
        public void accept(KeptInputs annotation) {
            target = annotation.value();
        }

        @Override
        public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context)
                throws IOException, URISyntaxException {
            Class<?> asked = target;
            if (asked == null) {
                throw new IllegalStateException("no fuzz target was named");
            }
            String folder = asked.getSimpleName() + "Inputs";
            URL place = asked.getResource(folder);
            if (place == null) {
                throw new IllegalStateException(
                        "there is no folder " + folder + " beside " + asked.getName() + " in the test resources");
            }
            List<Arguments> inputs = new ArrayList<>();
            try (Stream<Path> files = Files.walk(Path.of(place.toURI()))) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    inputs.add(Arguments.of(Named.of(file.getFileName().toString(), Files.readAllBytes(file))));
                }
            }
            return inputs.stream();
        }
    }
}
