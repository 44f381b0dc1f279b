package dev.tributary;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The options of a source by type. Immutable; secrets are not printed. */
public final class Options {

    private final Map<Option<?>, Object> values;

    private Options(Map<Option<?>, Object> values) {
        this.values = Collections.unmodifiableMap(new IdentityHashMap<>(values));
    }

    /** Options with these values, each of its option's type. The map is copied. */
    public static Options of(Map<Option<?>, Object> values) {
        return new Options(values);
    }

    /** The value, if it was given. */
    @SuppressWarnings("unchecked")
    public <T> Optional<T> get(Option<T> option) {
        return Optional.ofNullable((T) values.get(option));
    }

    /** The value, or this where none was given. */
    public <T> T get(Option<T> option, T otherwise) {
        return get(option).orElse(otherwise);
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey().name() + "="
                        + (entry.getKey().isSensitive() ? "***" : String.valueOf(entry.getValue())))
                .sorted()
                .collect(Collectors.joining("&"));
    }
}
