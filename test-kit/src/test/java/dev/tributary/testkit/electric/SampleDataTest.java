package dev.tributary.testkit.electric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A simple client that believes the server must end with the rows that are truly there. */
class SampleDataTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsReadIsTheTruth(long seed) throws IOException {
        ModelClient client = new ModelClient(ModelOptions.defaults().withChunkBytes(900));
        SampleData data = new SampleData(seed);
        SplittableRandom random = new SplittableRandom(seed);
        data.create(client.model, 60);
        Map<String, Map<String, @Nullable String>> rows = new HashMap<>();
        String shape = "table=items&where=price+%3E+100+AND+in_stock";
        ModelResponse answer = client.get(shape + "&offset=-1");
        String handle = answer.header("electric-handle");
        apply(answer.bodyText(), rows);
        for (int i = 0; i < 400; i++) {
            if (i < 300 && random.nextInt(3) == 0) {
                data.step(client.model);
            }
            answer = client.get(shape + "&handle=" + handle + "&offset=" + answer.header("electric-offset"));
            apply(answer.bodyText(), rows);
        }
        Map<String, Map<String, @Nullable String>> truth = new HashMap<>();
        client.model
                .truth("items", "price > 100 AND in_stock", List.of(), null)
                .forEach(row -> truth.put(String.valueOf(row.get("id")), new HashMap<>(row)));
        assertEquals(truth, rows);
    }

    @Test
    void theSeedDecidesEverything() {
        ModelClient one = new ModelClient(ModelOptions.defaults());
        ModelClient two = new ModelClient(ModelOptions.defaults());
        for (ModelClient client : new ModelClient[] {one, two}) {
            SampleData data = new SampleData(11);
            data.create(client.model, 20);
            for (int i = 0; i < 20; i++) {
                data.step(client.model);
            }
        }
        assertEquals(one.model.truth("items"), two.model.truth("items"));
        assertEquals(
                one.get("offset=-1&table=items").headers(),
                two.get("offset=-1&table=items").headers());
    }

    private static void apply(String body, Map<String, Map<String, @Nullable String>> rows) throws IOException {
        for (String message : MessageList.of(body)) {
            Map<String, @Nullable String> value = new HashMap<>();
            try (JsonParser parser = new JsonFactory().createParser(message)) {
                while (parser.nextToken() != null) {
                    if (parser.currentToken() == JsonToken.FIELD_NAME
                            && parser.currentName().equals("value")) {
                        parser.nextToken();
                        while (parser.nextToken() == JsonToken.FIELD_NAME) {
                            String name = parser.currentName();
                            boolean isNull = parser.nextToken() == JsonToken.VALUE_NULL;
                            String text = isNull ? null : parser.getText();
                            value.put(name, name.equals("in_stock") && text != null ? text.substring(0, 1) : text);
                        }
                    }
                }
            }
            String id = value.get("id");
            if (message.contains("\"operation\":\"delete\"")) {
                rows.remove(id);
            } else if (id != null) {
                rows.computeIfAbsent(id, k -> new HashMap<>()).putAll(value);
            }
        }
    }
}
