package dev.tributary.electric;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one row of a snapshot without its values. The server writes all rows of a body alike, so the next one is
 * read by comparing these bytes and taking what stands between them, at a fraction of what a parser costs. A message
 * that differs in a single byte is left to the parser, and so is a value that is not plain: equal bytes mean equal
 * tokens, and no other case is decided here.
 */
final class InsertTemplate {

    /** In the place of a column: the key of the message, which nobody asks for here. */
    private static final int KEY = -1;

    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /** What may follow a backslash, without the four digits of a character, and what it means. */
    private static final String ESCAPES = "\"\\/bfnrt";

    private static final String ESCAPED = "\"\\/\b\f\n\r\t";

    /** What stands before each value, and after the last. */
    private final byte[][] literals;

    private final int[] columns;
    /** The last text held escapes. */
    private boolean escaped;

    private byte[] unescaped = new byte[0];

    private InsertTemplate(byte[][] literals, int[] columns) {
        this.literals = literals;
        this.columns = columns;
    }

    /**
     * Reads the message that begins here, with the comma before it.
     *
     * @return where it ends; -1 when it is not one that this template knows
     */
    int read(byte[] bytes, int from, int to, Message message) {
        message.beginInsert();
        int at = from;
        for (int i = 0; i < columns.length; i++) {
            at = afterLiteral(literals[i], bytes, at, to);
            if (at < 0 || at == to) {
                return -1;
            }
            int column = columns[i];
            if (bytes[at] == '"') {
                int end = endOfText(bytes, at + 1, to);
                if (end < 0) {
                    return -1;
                }
                if (column != KEY) {
                    take(column, bytes, at + 1, end, message);
                }
                at = end + 1;
            } else {
                at = afterLiteral(NULL, bytes, at, to);
                if (at < 0 || column == KEY) {
                    return -1;
                }
                message.plainNull(column);
            }
        }
        at = afterLiteral(literals[columns.length], bytes, at, to);
        if (at >= 0) {
            message.endInsert();
        }
        return at;
    }

    private static int afterLiteral(byte[] literal, byte[] bytes, int at, int to) {
        int end = at + literal.length;
        return end <= to && Arrays.equals(bytes, at, end, literal, 0, literal.length) ? end : -1;
    }

    /** Where the closing quote stands; -1 when there is something before it that a parser must look at. */
    private int endOfText(byte[] bytes, int from, int to) {
        escaped = false;
        int at = from;
        while (at < to) {
            byte b = bytes[at];
            if (b == '"') {
                return at;
            }
            int length = b >= 0x20 && b != '\\' ? 1 : lengthOfOther(bytes, at, to);
            if (length == 0) {
                return -1;
            }
            at += length;
        }
        return -1;
    }

    /** The length of an escape of one character, or of a character of several bytes; 0 for all else. */
    private int lengthOfOther(byte[] bytes, int at, int to) {
        if (bytes[at] < 0) {
            return sequence(bytes, at, to);
        }
        boolean simple = bytes[at] == '\\' && at + 1 < to && ESCAPES.indexOf(bytes[at + 1]) >= 0;
        escaped |= simple;
        return simple ? 2 : 0;
    }

    /** Takes the text between the quotes. */
    private void take(int column, byte[] bytes, int from, int end, Message message) {
        if (!escaped) {
            message.plain(column, bytes, from, end - from);
            return;
        }
        if (unescaped.length < end - from) {
            unescaped = new byte[end - from];
        }
        int length = 0;
        for (int at = from; at < end; at++) {
            byte b = bytes[at];
            unescaped[length++] = b == '\\' ? (byte) ESCAPED.charAt(ESCAPES.indexOf(bytes[++at])) : b;
        }
        message.plain(column, unescaped, 0, length);
    }

    /** The length of the one well-formed UTF-8 sequence of several bytes that begins here; 0 when there is none. */
    private static int sequence(byte[] bytes, int at, int to) {
        int first = bytes[at] & 0xff;
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || at + length > to) {
            return 0;
        }
        int second = bytes[at + 1] & 0xff;
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < least || second > most) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /**
     * The template of a message that the parser has read, and that was the insert of a whole row.
     *
     * @return null when it has none, since a value is neither a text nor null
     */
    static @Nullable InsertTemplate of(byte[] bytes, int from, int to, int columnCount) {
        return new Learner(bytes, to, columnCount).learn(from);
    }

    /** Finds the values in the bytes of one message, which are known to be well-formed. */
    private static final class Learner {

        private final byte[] bytes;
        private final int to;
        private final byte[][] literals;
        private final int[] columns;
        private int count;
        private int column;
        private int literalStart;

        Learner(byte[] bytes, int to, int columnCount) {
            this.bytes = bytes;
            this.to = to;
            this.literals = new byte[columnCount + 2][];
            this.columns = new int[columnCount + 1];
        }

        @Nullable
        InsertTemplate learn(int from) {
            literalStart = from;
            int depth = 0;
            boolean inValue = false;
            for (int at = from; at < to; at++) {
                byte b = bytes[at];
                if (b == '{' || b == '[') {
                    depth++;
                } else if (b == '}' || b == ']') {
                    depth--;
                    inValue &= depth > 1;
                } else if (b == '"') {
                    int end = endOfText(at);
                    boolean wanted = (depth == 2 && inValue) || (depth == 1 && is("\"key\"", at, end));
                    inValue |= depth == 1 && is("\"value\"", at, end);
                    // A name is behind us, or a value that is of no interest.
                    at = wanted ? value(end, depth == 1 ? KEY : column++) - 1 : end - 1;
                    if (at < 0) {
                        return null;
                    }
                }
            }
            if (column != columns.length - 1) {
                return null;
            }
            literals[count] = Arrays.copyOfRange(bytes, literalStart, to);
            return new InsertTemplate(withComma(Arrays.copyOf(literals, count + 1)), Arrays.copyOf(columns, count));
        }

        /** The value after a name; gives its end, or 0 when it cannot be read without a parser. */
        private int value(int afterName, int of) {
            int start = afterName;
            while (bytes[start] == ':' || bytes[start] <= ' ') {
                start++;
            }
            int end = bytes[start] == '"' ? endOfText(start) : bytes[start] == 'n' ? start + NULL.length : 0;
            if (end == 0 || count == columns.length) {
                return 0;
            }
            literals[count] = Arrays.copyOfRange(bytes, literalStart, start);
            columns[count++] = of;
            literalStart = end;
            return end;
        }

        /** Behind the closing quote of the text that begins here. */
        private int endOfText(int start) {
            int at = start + 1;
            while (bytes[at] != '"') {
                at += bytes[at] == '\\' ? 2 : 1;
            }
            return at + 1;
        }

        private boolean is(String name, int from, int end) {
            return new String(bytes, from, end - from, StandardCharsets.UTF_8).equals(name);
        }

        private static byte[][] withComma(byte[][] literals) {
            byte[] first = new byte[literals[0].length + 1];
            first[0] = ',';
            System.arraycopy(literals[0], 0, first, 1, literals[0].length);
            literals[0] = first;
            return literals;
        }
    }
}
