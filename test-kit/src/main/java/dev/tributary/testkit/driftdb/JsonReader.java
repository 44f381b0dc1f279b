package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.driftdb.DriftValue.Member;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Reads JSON as strictly as the real server, with its bounds and its words. */
final class JsonReader {

    /** A value may be nested 126 deep inside its message. */
    private static final int MAX_DEPTH = 127;

    private static final BigInteger MIN = BigInteger.ONE.shiftLeft(63).negate();
    private static final BigInteger MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final String text;
    /** The member of the message that is being read. */
    private String member = ".";

    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /** The only value of the text. */
    static DriftValue value(String text) throws BadMessageException {
        JsonReader reader = new JsonReader(text);
        DriftValue value = reader.value();
        reader.end();
        return value;
    }

    /**
     * The message in the text.
     *
     * @param whole whether nothing may stand behind it
     */
    static ClientMessage message(String text, boolean whole) throws BadMessageException {
        JsonReader reader = new JsonReader(text);
        MessageBuilder message = new MessageBuilder();
        reader.space();
        if (reader.peek() != '{') {
            reader.value();
            throw BadMessageException.shape("invalid type, expected internally tagged enum MessageToDatabase");
        }
        try {
            reader.object((key, value) -> message.member(key, value, reader.position()));
        } catch (BadMessageException e) {
            throw e.isSyntax() ? e.in(reader.member) : e;
        }
        if (whole) {
            reader.end();
        }
        return message.build();
    }

    private DriftValue value() throws BadMessageException {
        space();
        int c = peek();
        return switch (c) {
            case '{' -> {
                List<Member> members = new ArrayList<>();
                object((key, value) -> members.add(new Member(new DriftValue.Text(key), value)));
                yield new DriftValue.Map(members);
            }
            case '[' -> array();
            case '"' -> new DriftValue.Text(string());
            case 't' -> literal("true", new DriftValue.Bool(true));
            case 'f' -> literal("false", new DriftValue.Bool(false));
            case 'n' -> literal("null", DriftValue.NULL);
            case -1 -> throw error("EOF while parsing a value");
            default -> {
                if (c != '-' && (c < '0' || c > '9')) {
                    at++;
                    throw error("expected value");
                }
                yield number();
            }
        };
    }

    private void object(MemberSink sink) throws BadMessageException {
        enter();
        at++;
        space();
        if (peek() == '}') {
            at++;
            depth--;
            return;
        }
        String atEnd = "EOF while parsing an object";
        while (true) {
            space();
            expectAhead('"', atEnd, "key must be a string");
            atEnd = "EOF while parsing a value";
            String key = string();
            space();
            expectAhead(':', "EOF while parsing an object", "expected `:`");
            at++;
            if (depth == 1) {
                member = key;
            }
            sink.member(key, value());
            space();
            int c = peek();
            if (c == '}') {
                at++;
                depth--;
                return;
            }
            expectAhead(',', "EOF while parsing an object", "expected `,` or `}`");
            at++;
        }
    }

    private DriftValue array() throws BadMessageException {
        enter();
        at++;
        List<DriftValue> items = new ArrayList<>();
        space();
        if (peek() == ']') {
            at++;
            depth--;
            return new DriftValue.Array(items);
        }
        while (true) {
            items.add(value());
            space();
            if (peek() == ']') {
                at++;
                depth--;
                return new DriftValue.Array(items);
            }
            expectAhead(',', "EOF while parsing a list", "expected `,` or `]`");
            at++;
        }
    }

    private String string() throws BadMessageException {
        at++;
        StringBuilder out = new StringBuilder();
        while (true) {
            int c = peek();
            if (c < 0) {
                throw error("EOF while parsing a string");
            }
            at++;
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw error("control character (\\u0000-\\u001F) found while parsing a string");
            }
            if (c == '\\') {
                escape(out);
            } else {
                out.append((char) c);
            }
        }
    }

    private void escape(StringBuilder out) throws BadMessageException {
        int c = peek();
        if (c < 0) {
            throw error("EOF while parsing a string");
        }
        at++;
        switch (c) {
            case '"', '\\', '/' -> out.append((char) c);
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'u' -> unicode(out);
            default -> throw error("invalid escape");
        }
    }

    private void unicode(StringBuilder out) throws BadMessageException {
        char first = hex();
        if (Character.isLowSurrogate(first)) {
            throw error("lone leading surrogate in hex escape");
        }
        out.append(first);
        if (Character.isHighSurrogate(first)) {
            if (!text.startsWith("\\u", at)) {
                throw error("unexpected end of hex escape");
            }
            at += 2;
            char second = hex();
            if (!Character.isLowSurrogate(second)) {
                throw error("lone leading surrogate in hex escape");
            }
            out.append(second);
        }
    }

    private char hex() throws BadMessageException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw error(at < text.length() ? "invalid escape" : "EOF while parsing a string");
            }
            value = value * 16 + digit;
            at++;
        }
        return (char) value;
    }

    private DriftValue number() throws BadMessageException {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        int first = peek();
        digits();
        if (first == '0' && at - start > (text.charAt(start) == '-' ? 2 : 1)) {
            throw error("invalid number");
        }
        boolean whole = true;
        if (peek() == '.') {
            whole = false;
            at++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            whole = false;
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
        String number = text.substring(start, at);
        if (whole && !number.equals("-0")) {
            BigInteger value = new BigInteger(number);
            if (value.compareTo(MIN) >= 0 && value.compareTo(MAX) <= 0) {
                return new DriftValue.Int(value);
            }
        }
        double value = Double.parseDouble(number);
        if (Double.isInfinite(value)) {
            throw error("number out of range");
        }
        return new DriftValue.Float(value);
    }

    private void digits() throws BadMessageException {
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == start) {
            throw error(peek() < 0 ? "EOF while parsing a value" : "invalid number");
        }
    }

    private DriftValue literal(String word, DriftValue value) throws BadMessageException {
        if (!text.startsWith(word, at)) {
            throw error(word.startsWith(text.substring(at)) ? "EOF while parsing a value" : "expected ident");
        }
        at += word.length();
        return value;
    }

    private void expectAhead(char wanted, String atEnd, String otherwise) throws BadMessageException {
        if (peek() != wanted) {
            if (peek() < 0) {
                throw error(atEnd);
            }
            at++;
            throw error(otherwise);
        }
    }

    private void enter() throws BadMessageException {
        if (++depth > MAX_DEPTH) {
            at++;
            throw error("recursion limit exceeded");
        }
    }

    private void end() throws BadMessageException {
        space();
        if (at < text.length()) {
            at++;
            throw error("trailing characters");
        }
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private int peek() {
        return at < text.length() ? text.charAt(at) : -1;
    }

    /** Where the reader stands, as the real server says it. Columns are those of characters, not bytes. */
    private String position() {
        int line =
                1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
        int column = at - (text.lastIndexOf('\n', Math.max(0, at - 1)) + 1);
        return " at line " + line + " column " + column;
    }

    private BadMessageException error(String what) {
        return BadMessageException.syntax(what + position());
    }

    private interface MemberSink {
        void member(String key, DriftValue value) throws BadMessageException;
    }
}
