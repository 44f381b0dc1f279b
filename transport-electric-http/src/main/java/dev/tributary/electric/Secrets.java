package dev.tributary.electric;

import dev.tributary.Credential;
import dev.tributary.electric.RequestUrl.Parameter;
import java.util.List;
import java.util.stream.Stream;

/** The secrets of one request: a server, or a login page, may repeat them in what it answers. */
final class Secrets {

    /** Shorter ones would be found everywhere. */
    private static final int SHORTEST = 4;

    static final Secrets NONE = new Secrets(List.of());

    private final List<String> values;

    private Secrets(List<String> values) {
        this.values = values;
    }

    static Secrets of(List<Parameter> parameters, Credential credential) {
        Stream<String> inAddress = parameters.stream().filter(Parameter::secret).map(Parameter::value);
        Stream<String> inHead = Stream.concat(credential.token().stream(), credential.headers().values().stream());
        return new Secrets(Stream.concat(inAddress, inHead)
                .filter(value -> value.length() >= SHORTEST)
                .distinct()
                .toList());
    }

    /** The same text with stars for the secrets in it. */
    String mask(String text) {
        String masked = text;
        for (String value : values) {
            masked = masked.replace(value, "***");
        }
        return masked;
    }

    @Override
    public String toString() {
        return "***";
    }
}
