package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.spacetimedb.JsonNode.Member;
import java.util.ArrayList;
import java.util.List;

/** Reads JSON strictly, with the error texts of the server as far as they are known. */
final class JsonText {

    private static final int MAX_DEPTH = 127;

    private final String text;
    private int at;
    private int depth;

    private JsonText(String text) {
        this.text = text;
    }

    /** The only value of the text. */
    static JsonNode parse(String text) throws JsonException {
        JsonText reader = new JsonText(text);
        JsonNode node = reader.value();
        reader.space();
        if (reader.at < text.length()) {
            throw reader.error("trailing characters", reader.at + 1);
        }
        return node;
    }

    /** Where an offset is, as error texts say it. */
    static String place(String text, int offset) {
        int line = 1;
        int column = 0;
        for (int i = 0; i < Math.min(offset, text.length()); i++) {
            column++;
            if (text.charAt(i) == '\n') {
                line++;
                column = 0;
            }
        }
        return " at line " + line + " column " + column;
    }

    private JsonNode value() throws JsonException {
        space();
        if (at >= text.length()) {
            throw error("EOF while parsing a value", at);
        }
        int start = at;
        char c = text.charAt(at);
        return switch (c) {
            case '{' -> object(start);
            case '[' -> array(start);
            case '"' -> new JsonNode.Text(string(), start, at);
            case 't' -> {
                literal("true");
                yield new JsonNode.Bool(true, start, at);
            }
            case 'f' -> {
                literal("false");
                yield new JsonNode.Bool(false, start, at);
            }
            case 'n' -> {
                literal("null");
                yield new JsonNode.Null(start, at);
            }
            default -> number(start);
        };
    }

    private JsonNode object(int start) throws JsonException {
        enter();
        List<Member> members = new ArrayList<>();
        at++;
        space();
        if (ahead('}')) {
            at++;
        } else {
            while (true) {
                space();
                expect('"', "EOF while parsing an object", "key must be a string");
                String name = string();
                int nameEnd = at;
                space();
                expect(':', "EOF while parsing an object", "expected `:`");
                at++;
                members.add(new Member(name, nameEnd, value()));
                space();
                if (ahead('}')) {
                    at++;
                    break;
                }
                expect(',', "EOF while parsing an object", "expected `,` or `}`");
                at++;
            }
        }
        depth--;
        return new JsonNode.Obj(members, start, at);
    }

    private JsonNode array(int start) throws JsonException {
        enter();
        List<JsonNode> items = new ArrayList<>();
        at++;
        space();
        if (ahead(']')) {
            at++;
        } else {
            while (true) {
                items.add(value());
                space();
                if (ahead(']')) {
                    at++;
                    break;
                }
                expect(',', "EOF while parsing a list", "expected `,` or `]`");
                at++;
            }
        }
        depth--;
        return new JsonNode.Arr(items, start, at);
    }

    private String string() throws JsonException {
        StringBuilder out = new StringBuilder();
        at++;
        while (true) {
            if (at >= text.length()) {
                throw error("EOF while parsing a string", at);
            }
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw error("control character (\\u0000-\\u001F) found while parsing a string", at);
            }
            out.append(c == '\\' ? escape() : c);
        }
    }

    private char escape() throws JsonException {
        char c = at < text.length() ? text.charAt(at++) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw error("EOF while parsing a string", text.length());
                }
                int value = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(text.charAt(at++), 16);
                    if (digit < 0) {
                        throw error("invalid escape", at);
                    }
                    value = value * 16 + digit;
                }
                yield (char) value;
            }
            default -> throw error("invalid escape", at);
        };
    }

    private JsonNode number(int start) throws JsonException {
        if (ahead('-')) {
            at++;
        }
        int digits = digits(start);
        if (digits > 1 && text.charAt(at - digits) == '0') {
            throw error("invalid number", at);
        }
        if (ahead('.')) {
            at++;
            digits(start);
        }
        if (ahead('e') || ahead('E')) {
            at++;
            if (ahead('+') || ahead('-')) {
                at++;
            }
            digits(start);
        }
        return new JsonNode.Num(text.substring(start, at), start, at);
    }

    private int digits(int start) throws JsonException {
        int first = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == first) {
            throw error(first == start ? "expected value" : "invalid number", first + 1);
        }
        return at - first;
    }

    private void literal(String word) throws JsonException {
        for (int i = 0; i < word.length(); i++) {
            if (at >= text.length()) {
                throw error("EOF while parsing a value", at);
            }
            if (text.charAt(at++) != word.charAt(i)) {
                throw error("expected ident", at);
            }
        }
    }

    private void expect(char wanted, String atEnd, String otherwise) throws JsonException {
        if (at >= text.length()) {
            throw error(atEnd, at);
        }
        if (text.charAt(at) != wanted) {
            throw error(otherwise, at + 1);
        }
    }

    private boolean ahead(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private void enter() throws JsonException {
        if (++depth > MAX_DEPTH) {
            throw error("recursion limit exceeded", at + 1);
        }
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private JsonException error(String what, int offset) {
        return new JsonException(what + place(text, offset));
    }
}
