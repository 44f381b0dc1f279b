package dev.tributary.spi;

import dev.tributary.ConfigurationException;
import java.util.List;

/**
 * What a source can be asked for by name, by {@code source.unwrap(Verbs.class)}: for commands and scripts, which know no
 * typed interface. A transport that takes writes gives its table beside that interface.
 *
 * @param all in the order in which a help lists them
 */
public record Verbs(List<Verb> all) {

    public Verbs {
        all = List.copyOf(all);
    }

    /** A table of these. */
    public static Verbs of(Verb... verbs) {
        return new Verbs(List.of(verbs));
    }

    /**
     * The verb of this name.
     *
     * @throws ConfigurationException when there is none; the message offers the nearest
     */
    public Verb named(String name) {
        return all.stream()
                .filter(verb -> verb.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("unknown verb '" + name + "'"
                        + Nearest.hint(name, all.stream().map(Verb::name).toList())));
    }
}
