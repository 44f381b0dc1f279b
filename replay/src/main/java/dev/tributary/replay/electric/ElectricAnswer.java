package dev.tributary.replay.electric;

import dev.tributary.replay.recording.RecordedResponse;
import dev.tributary.spi.Head;
import dev.tributary.spi.HttpTarget;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the head that our client needs of one that was recorded for another client's request. */
final class ElectricAnswer {

    private final List<ElectricExchanges.Candidate> all;

    ElectricAnswer(List<ElectricExchanges.Candidate> all) {
        this.all = all;
    }

    static ElectricRequest request(HttpTarget target) {
        URI uri = target.uri();
        String query = uri.getRawQuery();
        byte[] body = target.body();
        return ElectricRequest.of(
                target.method(),
                uri.getRawPath() + (query == null ? "" : "?" + query),
                body == null ? null : new String(body, StandardCharsets.UTF_8));
    }

    /** The recorded head, with what the server would have added for a request like ours. */
    Head head(ElectricExchanges.Candidate recorded, ElectricRequest ours) {
        RecordedResponse response = recorded.response();
        Map<String, List<String>> headers = new LinkedHashMap<>();
        response.headers()
                .forEach((name, values) -> headers.put(
                        name, values.stream().map(ElectricAnswer::asOnTheWire).toList()));
        boolean isAnswer = response.status() >= 200 && response.status() < 300;
        if (isAnswer && !ours.isSubset() && ours.live() != recorded.request().live()) {
            if (ours.live()) {
                headers.putIfAbsent("electric-cursor", List.of(cursorAfter(recorded, ours)));
            } else if (!headers.containsKey("electric-schema")) {
                String schema = schemaFor(recorded);
                if (schema != null) {
                    headers.put("electric-schema", List.of(asOnTheWire(schema)));
                }
            }
        }
        return new Head(response.status(), headers);
    }

    /** The bytes of a header that are UTF-8, as an HTTP client hands them over: one character for each byte. */
    private static String asOnTheWire(String value) {
        if (value.chars().allMatch(c -> c < 0x80)) {
            return value;
        }
        if (value.chars().allMatch(c -> c < 0x100)) {
            byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
                // The recorder wrote it down as it came.
                return value;
            } catch (CharacterCodingException e) {
                // It wrote down what the bytes mean.
            }
        }
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The cursor that the recorded client sent from there, so that ours sends it too; else one above ours. */
    private String cursorAfter(ElectricExchanges.Candidate recorded, ElectricRequest ours) {
        String offset = recorded.response().header("electric-offset");
        for (ElectricExchanges.Candidate later : all) {
            ElectricRequest request = later.request();
            if (later.index() > recorded.index()
                    && request.live()
                    && !request.cursor().isEmpty()
                    && request.offset().equals(offset)) {
                return request.cursor();
            }
        }
        String sent = ours.cursor();
        boolean isNumber = !sent.isEmpty() && sent.length() < 18 && sent.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? String.valueOf(Long.parseLong(sent) + 1) : "1";
    }

    /** The schema that fits an answer, as it is on the wire; one without columns when none was recorded. */
    String schema(ElectricExchanges.Candidate recorded) {
        String schema = schemaFor(recorded);
        return schema == null ? "{}" : asOnTheWire(schema);
    }

    /** The schema of that handle, else the one of the same shape that stands nearest before. */
    private @Nullable String schemaFor(ElectricExchanges.Candidate recorded) {
        String handle = recorded.response().header("electric-handle");
        String found = null;
        for (ElectricExchanges.Candidate other : all) {
            RecordedResponse response = other.exchange().response();
            String schema = response == null ? null : response.header("electric-schema");
            if (response == null
                    || schema == null
                    || !other.request().shape().equals(recorded.request().shape())) {
                continue;
            }
            if (handle != null && handle.equals(response.header("electric-handle"))) {
                return schema;
            }
            if (found == null || other.index() < recorded.index()) {
                found = schema;
            }
        }
        return found;
    }
}
