package dev.tributary.spacetimedb.types;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The name of a type, from which the type can be made again: {@code u32}, {@code option<string>}, {@code array<(x i32, y
 * i32)>}, {@code {circle f64 | rect (w f64, h f64) | none}}. A type that was named before, as a whole or as what it is
 * within, is {@code #} and its number: types that hold others count from 0 as their names begin.
 */
final class TypeName {

    private static final int MOST_CHARACTERS = 100_000;
    private static final int MOST_LEVELS = 2 * AlgebraicType.MOST_LEVELS;
    private static final String ARRAY = "array<";
    private static final String OPTION = "option<";

    private TypeName() {}

    /**
     * The name of a type.
     *
     * @throws IllegalArgumentException when it is too long or nested too deeply
     */
    static String of(AlgebraicType type) {
        Writer writer = new Writer();
        writer.type(type);
        return writer.text.toString();
    }

    /**
     * The type of a name.
     *
     * @throws IllegalArgumentException when it is none
     */
    static AlgebraicType parse(String name) {
        Parser parser = new Parser(name);
        AlgebraicType type = parser.type(MOST_LEVELS);
        parser.checkEnd();
        return type;
    }

    /** Writes one name. */
    static final class Writer {

        private final StringBuilder text = new StringBuilder();
        private final Map<AlgebraicType, Integer> numbers = new IdentityHashMap<>();
        private int levelsLeft = MOST_LEVELS;

        private Writer() {}

        void word(String word) {
            text.append(word);
            if (text.length() > MOST_CHARACTERS) {
                throw new IllegalArgumentException("the type " + text.substring(0, 60) + "… has a name of more than "
                        + MOST_CHARACTERS + " characters");
            }
        }

        void identifier(String name) {
            if (isPlain(name)) {
                word(name);
                return;
            }
            word("\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        }

        void type(AlgebraicType type) {
            if (type instanceof Leaf || type instanceof Ref || (type instanceof SumOf sum && sum.isScheduleAt())) {
                type.name(this);
                return;
            }
            Integer known = numbers.get(type);
            if (known != null) {
                word("#" + known);
                return;
            }
            numbers.put(type, numbers.size());
            if (--levelsLeft < 0) {
                throw new IllegalArgumentException("a type is nested deeper than " + MOST_LEVELS + " levels");
            }
            type.name(this);
            levelsLeft++;
        }

        private static boolean isPlain(String name) {
            if (name.isEmpty()) {
                return false;
            }
            for (int i = 0; i < name.length(); i++) {
                if (!isWordCharacter(name.charAt(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    private static boolean isWordCharacter(char c) {
        return c == '_' || c < 0x80 && Character.isLetterOrDigit(c);
    }

    /** Reads one name. */
    private static final class Parser {

        private final String name;
        private int at;
        /** By number; null while it is read. */
        private final List<@Nullable AlgebraicType> types = new ArrayList<>();

        private final Map<Integer, Ref> open = new HashMap<>();

        Parser(String name) {
            this.name = name;
        }

        AlgebraicType type(int levelsLeft) {
            if (levelsLeft <= 0) {
                throw wrong("no deeper nesting");
            }
            if (skip("#")) {
                return known(word());
            }
            int number = types.size();
            AlgebraicType type;
            if (skip(ARRAY)) {
                types.add(null);
                type = Shapes.array(type(levelsLeft - 1));
                expect(">");
            } else if (skip(OPTION)) {
                types.add(null);
                type = new OptionOf(type(levelsLeft - 1));
                expect(">");
            } else if (skip("(")) {
                types.add(null);
                List<Product.Field> fields = fields(", ", ")", levelsLeft);
                type = fields.isEmpty() ? Product.UNIT : new Product(fields);
            } else if (skip("{")) {
                types.add(null);
                type = new SumOf(fields(" | ", "}", levelsLeft));
            } else {
                return leaf(word());
            }
            types.set(number, type);
            Ref ref = open.remove(number);
            if (ref != null) {
                ref.bind(type);
            }
            return type;
        }

        private AlgebraicType known(String digits) {
            int number = digits.matches("[0-9]{1,6}") ? Integer.parseInt(digits) : types.size();
            if (number >= types.size()) {
                throw wrong("the number of a type named before");
            }
            AlgebraicType type = types.get(number);
            return type != null ? type : open.computeIfAbsent(number, key -> new Ref());
        }

        private AlgebraicType leaf(String word) {
            Special special = Special.named(word);
            if (special != null) {
                return special;
            }
            return switch (word) {
                case "bool" -> Bool.BOOL;
                case "string" -> Text.STRING;
                case "bytes" -> Bytes.BYTES;
                case "schedule_at" -> SumOf.scheduleAt();
                case "f32", "f64" -> Real.valueOf(word.toUpperCase(Locale.ROOT));
                case "i8", "i16", "i32", "i64", "i128", "i256", "u8", "u16", "u32", "u64", "u128", "u256" ->
                    WholeNumber.valueOf(word.toUpperCase(Locale.ROOT));
                default -> throw new IllegalArgumentException("no type '" + word + "' in '" + shown() + "'");
            };
        }

        private List<Product.Field> fields(String separator, String end, int levelsLeft) {
            List<Product.Field> fields = new ArrayList<>();
            while (!skip(end)) {
                if (!fields.isEmpty()) {
                    expect(separator);
                }
                String field = identifier();
                boolean isUnit = end.equals("}") && (name.startsWith(separator, at) || name.startsWith(end, at));
                if (!isUnit) {
                    expect(" ");
                }
                fields.add(new Product.Field(field, isUnit ? Product.UNIT : type(levelsLeft - 1)));
            }
            return fields;
        }

        private String identifier() {
            if (!skip("\"")) {
                String word = word();
                if (word.isEmpty()) {
                    throw wrong("a name");
                }
                return word;
            }
            StringBuilder text = new StringBuilder();
            while (at < name.length() && name.charAt(at) != '"') {
                at += name.charAt(at) == '\\' ? 1 : 0;
                if (at < name.length()) {
                    text.append(name.charAt(at++));
                }
            }
            expect("\"");
            return text.toString();
        }

        private String word() {
            int from = at;
            while (at < name.length() && isWordCharacter(name.charAt(at))) {
                at++;
            }
            return name.substring(from, at);
        }

        private boolean skip(String expected) {
            boolean there = name.startsWith(expected, at);
            at += there ? expected.length() : 0;
            return there;
        }

        private void expect(String expected) {
            if (!skip(expected)) {
                throw wrong("'" + expected + "'");
            }
        }

        void checkEnd() {
            if (at < name.length()) {
                throw wrong("the end");
            }
        }

        private IllegalArgumentException wrong(String expected) {
            return new IllegalArgumentException(
                    "expected " + expected + " at character " + at + " of the type '" + shown() + "'");
        }

        private String shown() {
            return JsonSource.shortened(name);
        }
    }
}
