package dev.tributary.spi;

import dev.tributary.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a source can be asked for by its name. Immutable and safe for any thread.
 *
 * @param name in lower case, words joined by a hyphen: {@code set-in}
 * @param arguments in their order, those that may be left out last
 * @param about one line of help
 * @param lasts whether what it does holds only as long as the source is open
 * @param action what it does
 */
public record Verb(String name, List<Argument> arguments, String about, boolean lasts, Action action) {

    /** What may be given for an argument. */
    public enum Kind {
        /** A {@code String}. */
        TEXT,
        /** A whole number, {@code Long}. */
        NUMBER,
        /**
         * What JSON knows: null, {@code Boolean}, {@code Long}, {@code BigInteger} beyond it, {@code Double}, {@code
         * String}, {@code List} and {@code Map}.
         */
        VALUE
    }

    /**
     * One argument.
     *
     * @param name for the help
     * @param kind what may be given
     * @param optional whether it may be left out
     */
    public record Argument(String name, Kind kind, boolean optional) {

        /** A text that must be given. */
        public static Argument text(String name) {
            return new Argument(name, Kind.TEXT, false);
        }

        /** A whole number that must be given. */
        public static Argument number(String name) {
            return new Argument(name, Kind.NUMBER, false);
        }

        /** A value that must be given. */
        public static Argument value(String name) {
            return new Argument(name, Kind.VALUE, false);
        }

        /** The same, but it may be left out. */
        public Argument orNone() {
            return new Argument(name, kind, true);
        }

        private boolean fits(@Nullable Object value) {
            return switch (kind) {
                case TEXT -> value instanceof String;
                case NUMBER -> value instanceof Long;
                case VALUE -> true;
            };
        }

        /** {@code KEY}, or {@code [MOST]} for one that may be left out. */
        @Override
        public String toString() {
            return optional ? "[" + name + "]" : name;
        }
    }

    /** Does it. */
    @FunctionalInterface
    public interface Action {

        /**
         * @param given as many as must be given or more, of their kinds
         * @return what {@link Verb#call} gives; its end is that of the call
         */
        CompletableFuture<?> call(Given given, Duration deadline);
    }

    /** The arguments of one call, checked. */
    public static final class Given {

        private final List<?> values;

        private Given(List<?> values) {
            this.values = values;
        }

        /** How many were given. */
        public int count() {
            return values.size();
        }

        /** One of kind {@link Kind#TEXT}. */
        public String text(int index) {
            return String.valueOf(values.get(index));
        }

        /** One of kind {@link Kind#NUMBER}. */
        public long number(int index) {
            return (Long) Objects.requireNonNull(values.get(index));
        }

        /** One of kind {@link Kind#VALUE}. */
        public @Nullable Object value(int index) {
            return values.get(index);
        }
    }

    public Verb {
        arguments = List.copyOf(arguments);
    }

    /** A verb that is done when it is answered. */
    public static Verb of(String name, String about, Action action, Argument... arguments) {
        return new Verb(name, List.of(arguments), about, false, action);
    }

    /** The same, but what it does holds only as long as the source is open. */
    public Verb lasting() {
        return new Verb(name, arguments, about, true, action);
    }

    /**
     * Calls it.
     *
     * @param values one for each argument, in their order
     * @return what came of it, in the kinds of {@link Kind#VALUE} and {@code byte[]}; fails as the calls of the transport do
     * @throws ConfigurationException when the arguments are not those of this verb; nothing was sent then
     */
    @SuppressWarnings("unchecked")
    public CompletableFuture<@Nullable Object> call(List<? extends @Nullable Object> values, Duration deadline) {
        long least = arguments.stream().filter(argument -> !argument.optional()).count();
        if (values.size() < least || values.size() > arguments.size()) {
            throw new ConfigurationException("wrong number of arguments: " + values.size() + ", but it is " + usage());
        }
        for (int i = 0; i < values.size(); i++) {
            if (!arguments.get(i).fits(values.get(i))) {
                throw new ConfigurationException(arguments.get(i).name() + " of " + name + " is to be a "
                        + (arguments.get(i).kind() == Kind.TEXT ? "text" : "whole number"));
            }
        }
        return (CompletableFuture<@Nullable Object>) action.call(new Given(values), deadline);
    }

    /** How it is written: {@code append KEY ELEMENT [MOST]}. */
    public String usage() {
        return name + arguments.stream().map(argument -> " " + argument).collect(Collectors.joining());
    }
}
