package dev.tributary.testkit.electric;

/**
 * A token of a filter.
 *
 * @param kind what it is
 * @param text its value: name, literal content, digits or operator
 * @param source the text as written
 * @param location index in the filter
 */
record SqlToken(Kind kind, String text, String source, int location) {

    enum Kind {
        WORD,
        QUOTED_NAME,
        STRING,
        NUMBER,
        PARAMETER,
        OPERATOR,
        END
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }
}
