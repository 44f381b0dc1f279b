package dev.tributary;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to sync from a source: a name and parameters. What they mean is the transport's business; its typed builders make
 * queries too. Two queries are equal when their names and their parameters are; the order counts only among parameters of
 * one name. Immutable.
 *
 * <p>Text form: everything up to the first {@code ?} is the name, then parameters {@code a=b&c=d}. Both are
 * percent-decoded as UTF-8; a plus is a plus, and a percent sign is written {@code %25}.
 */
public final class Query {

    /** One parameter; a name may occur more than once. */
    public record Parameter(String name, String value) {

        public Parameter {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    private final String name;
    private final List<Parameter> parameters;

    private Query(String name, List<Parameter> parameters) {
        this.name = Objects.requireNonNull(name, "name");
        this.parameters = parameters.stream()
                .sorted(Comparator.comparing(Parameter::name))
                .toList();
    }

    /** A query of this name without parameters. The name is taken as it is. */
    public static Query of(String name) {
        return new Query(name, List.of());
    }

    /**
     * Reads the text form.
     *
     * @throws ConfigurationException when a percent sign is not followed by two hexadecimal digits, the bytes so written
     *     are no UTF-8, or a parameter has no name
     */
    public static Query parse(String text) {
        int mark = text.indexOf('?');
        if (mark < 0) {
            return of(decode(text, text));
        }
        List<Parameter> parameters = new ArrayList<>();
        for (String pair : text.substring(mark + 1).split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals), text);
            if (name.isEmpty()) {
                throw new ConfigurationException("query '" + text + "': a parameter has no name");
            }
            parameters.add(new Parameter(name, equals < 0 ? "" : decode(pair.substring(equals + 1), text)));
        }
        return new Query(decode(text.substring(0, mark), text), parameters);
    }

    private static String decode(String part, String whole) {
        StringBuilder text = new StringBuilder(part.length());
        int at = 0;
        while (at < part.length()) {
            if (part.charAt(at) != '%') {
                text.append(part.charAt(at++));
                continue;
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (; at < part.length() && part.charAt(at) == '%'; at += 3) {
                bytes.write(decodeByte(part, at, whole));
            }
            text.append(decodeUtf8(bytes.toByteArray(), whole));
        }
        return text.toString();
    }

    private static int decodeByte(String part, int percent, String whole) {
        if (percent + 2 >= part.length()
                || !HexFormat.isHexDigit(part.charAt(percent + 1))
                || !HexFormat.isHexDigit(part.charAt(percent + 2))) {
            throw new ConfigurationException("query '" + whole
                    + "': a percent sign is not followed by two hexadecimal digits; write %25 for the sign itself");
        }
        return HexFormat.fromHexDigits(part, percent + 1, percent + 3);
    }

    private static CharBuffer decodeUtf8(byte[] bytes, String whole) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new ConfigurationException("query '" + whole + "': its percent-encoded bytes are no UTF-8", e);
        }
    }

    /**
     * This query with one more parameter.
     *
     * @throws ConfigurationException when the parameter has no name
     */
    public Query with(String parameter, String value) {
        if (parameter.isEmpty()) {
            throw new ConfigurationException("query '" + this + "': a parameter has no name");
        }
        List<Parameter> more = new ArrayList<>(parameters);
        more.add(new Parameter(parameter, value));
        return new Query(name, more);
    }

    /** What is synced: a table, a key, a statement; as the transport has it. */
    public String name() {
        return name;
    }

    /** The parameters, sorted by name; of one name, in the order given. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** The first value of a parameter. */
    public Optional<String> parameter(String parameter) {
        return parameters.stream()
                .filter(p -> p.name().equals(parameter))
                .map(Parameter::value)
                .findFirst();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Query that && name.equals(that.name) && parameters.equals(that.parameters);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, parameters);
    }

    /** The text form; {@link #parse} reads it back to an equal query. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        encode(name, "%?", text);
        char separator = '?';
        for (Parameter parameter : parameters) {
            text.append(separator);
            separator = '&';
            encode(parameter.name(), "%&=", text);
            text.append('=');
            encode(parameter.value(), "%&", text);
        }
        return text.toString();
    }

    private static void encode(String part, String reserved, StringBuilder text) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (reserved.indexOf(c) >= 0) {
                text.append('%').append(String.format("%02X", (int) c));
            } else {
                text.append(c);
            }
        }
    }
}
