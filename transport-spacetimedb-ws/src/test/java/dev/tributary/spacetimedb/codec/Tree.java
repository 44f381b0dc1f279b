package dev.tributary.spacetimedb.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** JSON as maps, lists, texts and numbers. */
final class Tree {

    private Tree() {}

    static Object parse(String text) {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            return value(parser, parser.nextToken());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(@Nullable Object tree) {
        return (Map<String, Object>) tree;
    }

    private static Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    map.put(parser.currentName(), value(parser, parser.nextToken()));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    list.add(value(parser, next));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getBigIntegerValue();
            default -> throw new IllegalArgumentException("unexpected " + token);
        };
    }

    /** Another text of the same JSON: fields in another order, and some that nobody knows; odd white space. */
    static String disordered(Object tree, Random random) {
        StringBuilder out = new StringBuilder();
        write(tree, random, out, true);
        return out.toString();
    }

    private static void write(Object tree, Random random, StringBuilder out, boolean variant) {
        space(random, out);
        if (tree instanceof Map<?, ?> map) {
            List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
            Collections.shuffle(entries, random);
            out.append('{');
            boolean first = true;
            if (!variant && entries.size() > 1 && random.nextInt(4) == 0) {
                out.append("\"odd\":[{\"id\":null},true,1.5e3]");
                first = false;
            }
            for (Map.Entry<?, ?> each : entries) {
                out.append(first ? "" : ",");
                first = false;
                space(random, out);
                out.append(JsonScript.quoted((String) each.getKey()));
                space(random, out);
                out.append(':');
                write(each.getValue(), random, out, false);
            }
            out.append('}');
        } else if (tree instanceof List<?> list) {
            out.append('[');
            for (int i = 0; i < list.size(); i++) {
                out.append(i == 0 ? "" : ",");
                write(list.get(i), random, out, false);
            }
            out.append(']');
        } else if (tree instanceof BigInteger) {
            out.append(tree);
        } else {
            out.append(random.nextBoolean() ? JsonScript.quoted((String) tree) : escaped((String) tree));
        }
        space(random, out);
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            out.append(String.format("\\u%04X", (int) c));
        }
        return out.append('"').toString();
    }

    private static void space(Random random, StringBuilder out) {
        while (random.nextInt(3) == 0) {
            out.append(" \n\t\r".charAt(random.nextInt(4)));
        }
    }
}
