package dev.tributary.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value that was typed as JSON, as plain Java: whole numbers as {@code Long} or {@code BigInteger}, others as {@code
 * Double}, since no protocol carries more.
 */
final class JsonArgument {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonArgument() {}

    /**
     * Reads one value, and nothing behind it.
     *
     * @param name of the argument, for the message
     * @throws CommandException when it is no JSON
     */
    static @Nullable Object parse(String name, String text) {
        try (JsonParser in = FACTORY.createParser(text)) {
            if (in.nextToken() == null) {
                throw refuse(name, "it is empty", null);
            }
            Object value = read(name, in);
            if (in.nextToken() != null) {
                throw refuse(name, "there is more behind its end, at character " + column(in), null);
            }
            return value;
        } catch (JsonProcessingException e) {
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            throw refuse(name, "at character " + column + ": " + firstSentence(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw refuse(name, ErrorSentences.textOf(e), e);
        }
    }

    /** The value that the parser stands at; without recursion, for it may be of any depth. */
    private static @Nullable Object read(String name, JsonParser in) throws IOException {
        if (!in.currentToken().isStructStart()) {
            return scalar(name, in);
        }
        Deque<Open> open = new ArrayDeque<>();
        open.push(Open.of(in));
        while (true) {
            Open inner = open.element();
            JsonToken token = in.nextToken();
            if (token.isStructEnd()) {
                open.pop();
                if (open.isEmpty()) {
                    return inner.value();
                }
                open.element().add(inner.value());
            } else if (token == JsonToken.FIELD_NAME) {
                inner.name = in.currentName();
            } else if (token.isStructStart()) {
                open.push(Open.of(in));
            } else {
                inner.add(scalar(name, in));
            }
        }
    }

    private static @Nullable Object scalar(String name, JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT ->
                switch (in.getNumberType()) {
                    case INT, LONG -> in.getLongValue();
                    default -> in.getBigIntegerValue();
                };
            case VALUE_NUMBER_FLOAT -> finite(name, in.getDoubleValue(), in.getText());
            default -> null;
        };
    }

    private static Double finite(String name, double number, String text) {
        if (!Double.isFinite(number)) {
            throw refuse(name, text + " is larger than any double", null);
        }
        return number;
    }

    private static int column(JsonParser in) {
        return in.currentTokenLocation().getColumnNr();
    }

    private static CommandException refuse(String name, String why, @Nullable Throwable cause) {
        String sentence = name + " is no JSON (" + why + "); a text needs double quotes: '\"hi\"'";
        return cause == null ? CommandException.usage(sentence) : CommandException.usage(sentence, cause);
    }

    /** The rest explains the options of the parser. */
    private static String firstSentence(String message) {
        String line = message.lines().findFirst().orElse("");
        int colon = line.indexOf(": ");
        return colon > 0 && line.startsWith("Unexpected") ? line.substring(0, colon) : line;
    }

    /** An object or a list that is not at its end. */
    private static final class Open {

        private final @Nullable Map<String, @Nullable Object> members;
        private final @Nullable List<@Nullable Object> items;
        private String name = "";

        private Open(@Nullable Map<String, @Nullable Object> members, @Nullable List<@Nullable Object> items) {
            this.members = members;
            this.items = items;
        }

        static Open of(JsonParser in) {
            return in.currentToken() == JsonToken.START_OBJECT
                    ? new Open(new LinkedHashMap<>(), null)
                    : new Open(null, new ArrayList<>());
        }

        void add(@Nullable Object value) {
            if (members != null) {
                members.put(name, value);
            } else if (items != null) {
                items.add(value);
            }
        }

        @Nullable
        Object value() {
            return members != null ? members : items;
        }
    }
}
