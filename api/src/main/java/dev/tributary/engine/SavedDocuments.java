package dev.tributary.engine;

/**
 * The tags before the values of a document in a saved view. A value is its tag and what follows; lists and maps have
 * their number of elements after the tag, and the elements after that. Numbers of elements, lengths and integers have a
 * variable length. A name that came before is its number among those, from 1; a new one is 0 and a text.
 */
final class SavedDocuments {

    static final int NULL = 0;
    static final int FALSE = 1;
    static final int TRUE = 2;
    static final int BYTE = 3;
    static final int SHORT = 4;
    static final int INTEGER = 5;
    static final int LONG = 6;
    static final int BIG_INTEGER = 7;
    static final int FLOAT = 8;
    static final int DOUBLE = 9;
    static final int DECIMAL = 10;
    static final int TEXT = 11;
    /** A text that is not well-formed, as the 16 bits of its characters. */
    static final int CHARACTERS = 12;

    static final int BYTES = 13;
    static final int LIST = 14;
    static final int MAP = 15;
    static final int JSON_NULL = 16;
    static final int SPECIAL_DECIMAL = 17;
    static final int INFINITY = 18;
    static final int INTERVAL = 19;
    static final int UUID = 20;
    static final int INSTANT = 21;
    static final int DATE = 22;
    static final int TIME = 23;
    static final int DATE_TIME = 24;
    static final int OFFSET_TIME = 25;
    static final int OFFSET_DATE_TIME = 26;
    static final int DURATION = 27;

    /** So many names have a number. */
    static final int MOST_NAMES = 1 << 16;

    private SavedDocuments() {}
}
