package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.model.RustJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON value and where it stands; numbers keep their text. */
sealed interface JsonNode {

    /** Offset of its first character. */
    int start();

    /** Offset behind its last character. */
    int end();

    /** How error texts name it. */
    String described();

    record Member(String name, int nameEnd, JsonNode value) {}

    record Obj(List<Member> members, int start, int end) implements JsonNode {

        @Nullable
        JsonNode get(String name) {
            for (Member member : members) {
                if (member.name().equals(name)) {
                    return member.value();
                }
            }
            return null;
        }

        /** A member that must be there. */
        JsonNode need(String name) throws JsonException {
            JsonNode node = get(name);
            if (node == null) {
                throw new JsonException("missing field `" + name + "`");
            }
            return node;
        }

        @Override
        public String described() {
            return "map";
        }
    }

    record Arr(List<JsonNode> items, int start, int end) implements JsonNode {
        @Override
        public String described() {
            return "sequence";
        }
    }

    record Text(String value, int start, int end) implements JsonNode {
        @Override
        public String described() {
            return "string " + RustJson.quoted(value);
        }
    }

    record Num(String text, int start, int end) implements JsonNode {

        boolean isWhole() {
            return text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
        }

        @Override
        public String described() {
            return (isWhole() ? "integer `" : "floating point `") + text + "`";
        }
    }

    record Bool(boolean value, int start, int end) implements JsonNode {
        @Override
        public String described() {
            return "boolean `" + value + "`";
        }
    }

    record Null(int start, int end) implements JsonNode {
        @Override
        public String described() {
            return "null";
        }
    }
}
