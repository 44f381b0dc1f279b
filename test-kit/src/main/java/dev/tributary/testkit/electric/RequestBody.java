package dev.tributary.testkit.electric;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads the JSON object of a POST into request parameters. */
final class RequestBody {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> SUBSET =
            Set.of("where", "params", "limit", "offset", "order_by", "where_expr", "order_by_expr", "subset");

    private RequestBody() {}

    /**
     * The members as parameters; members that describe a subset get the prefix {@code subset__}.
     *
     * @throws IOException when it is no valid JSON
     * @throws IllegalArgumentException when it is no object
     */
    static Map<String, String> parameters(byte[] body) throws IOException {
        Map<String, String> parameters = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(body)) {
            boolean object = parser.nextToken() == JsonToken.START_OBJECT;
            if (!object) {
                parser.skipChildren();
            }
            while (object && parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                boolean scalar = parser.nextToken().isScalarValue();
                String value = scalar ? parser.getText() : "";
                parser.skipChildren();
                parameters.put(SUBSET.contains(name) ? "subset__" + name : name, value);
            }
            if (parser.nextToken() != null) {
                throw new IOException("trailing data");
            }
            if (!object) {
                throw new IllegalArgumentException("not an object");
            }
        }
        return parameters;
    }

    /** The complaint of the real server about a body that is no JSON. */
    static String complaint(byte[] body, IOException problem) {
        long position = 0;
        if (problem instanceof JsonProcessingException json && json.getLocation() != null) {
            position = Math.max(0, json.getLocation().getByteOffset());
        }
        while (position > 1 && position < body.length && isWordByte(body[(int) position - 1])) {
            position--;
        }
        String details = position >= body.length
                ? "unexpected end of input"
                : String.format(
                        "unexpected byte at position %d: 0x%02x (\"%c\")",
                        position, body[(int) position], (char) (body[(int) position] & 0x7F));
        return "{\"error\":\"Invalid JSON in request body\",\"details\":" + JsonBytes.quoted(details) + "}";
    }

    private static boolean isWordByte(byte b) {
        return Character.isLetter(b & 0xFF);
    }
}
