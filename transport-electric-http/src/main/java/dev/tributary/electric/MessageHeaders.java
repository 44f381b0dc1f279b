package dev.tributary.electric;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one message. Servers write them in the same order each time, and those of one transaction repeat its
 * position and numbers with each change; so both are remembered from message to message.
 */
final class MessageHeaders {

    /** The headers that say something to us; the others are skipped. */
    private enum Name {
        OPERATION,
        CONTROL,
        EVENT,
        LSN,
        OP_POSITION,
        TXIDS,
        LAST,
        TAGS,
        KEY_CHANGE_TO,
        KEY_CHANGE_FROM,
        GLOBAL_LAST_SEEN_LSN,
        XMIN,
        XMAX,
        XIP_LIST,
        OTHER;

        static Name of(String name) {
            return switch (name) {
                case "operation" -> OPERATION;
                case "control" -> CONTROL;
                case "event" -> EVENT;
                case "lsn" -> LSN;
                case "op_position" -> OP_POSITION;
                case "txids" -> TXIDS;
                case "last" -> LAST;
                case "tags" -> TAGS;
                case "key_change_to" -> KEY_CHANGE_TO;
                case "key_change_from" -> KEY_CHANGE_FROM;
                case "global_last_seen_lsn" -> GLOBAL_LAST_SEEN_LSN;
                case "xmin" -> XMIN;
                case "xmax" -> XMAX;
                case "xip_list" -> XIP_LIST;
                default -> OTHER;
            };
        }
    }

    private static final String[] OPERATIONS = {"insert", "update", "delete"};
    private static final int MAX_LONG_DIGITS = 18;

    /** The order of the headers in the message before. */
    private String[] order = new String[16];

    private Name[] names = new Name[16];
    private int place;
    private Name selected = Name.OTHER;

    private @Nullable String operation;
    private @Nullable String control;
    private @Nullable String event;
    private @Nullable String globalLsn;
    private @Nullable String xmin;
    private @Nullable String xmax;
    private @Nullable String keyChangeTo;
    private @Nullable String keyChangeFrom;
    private long position;
    private boolean last;
    private boolean tagged;
    private boolean hasLsn;
    private List<Long> txids = List.of();
    /** The list of transactions is this message's own, not one that messages share. */
    private boolean several;

    private final List<String> running = new ArrayList<>();

    private String lsn = "";
    private @Nullable BigInteger lsnNumber;
    private String knownTxid = "";
    private List<Long> knownTxids = List.of();

    void clear() {
        place = 0;
        operation = null;
        control = null;
        event = null;
        globalLsn = null;
        xmin = null;
        xmax = null;
        keyChangeTo = null;
        keyChangeFrom = null;
        position = -1;
        last = false;
        tagged = false;
        hasLsn = false;
        txids = List.of();
        several = false;
        running.clear();
    }

    /** Goes to a header; false when nobody wants it. */
    @SuppressWarnings({"ReferenceEquality", "StringEquality"})
    boolean select(String name) {
        if (place == order.length) {
            order = Arrays.copyOf(order, place * 2);
            names = Arrays.copyOf(names, place * 2);
        }
        // Both names are interned.
        if (order[place] != name) {
            order[place] = name;
            names[place] = Name.of(name);
        }
        selected = names[place++];
        tagged |= selected == Name.TAGS;
        return selected != Name.OTHER && selected != Name.TAGS;
    }

    void value(JsonParser parser) throws IOException {
        switch (selected) {
            case OPERATION -> operation = operation(parser);
            case CONTROL -> control = parser.getText();
            case EVENT -> event = parser.getText();
            case LSN -> lsn(parser);
            case OP_POSITION -> position = number(parser);
            case LAST -> last = parser.currentToken() == JsonToken.VALUE_TRUE;
            case KEY_CHANGE_TO -> keyChangeTo = parser.getText();
            case KEY_CHANGE_FROM -> keyChangeFrom = parser.getText();
            case GLOBAL_LAST_SEEN_LSN -> globalLsn = parser.getText();
            case XMIN -> xmin = parser.getText();
            case XMAX -> xmax = parser.getText();
            default -> {}
        }
    }

    private static String operation(JsonParser parser) throws IOException {
        for (String known : OPERATIONS) {
            if (isText(known, parser)) {
                return known;
            }
        }
        return parser.getText();
    }

    private static boolean isText(String word, JsonParser parser) throws IOException {
        return Message.is(word, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    }

    private void lsn(JsonParser parser) throws IOException {
        hasLsn = true;
        if (!isText(lsn, parser)) {
            lsn = parser.getText();
            lsnNumber = Lsn.parse(lsn);
        }
    }

    /** A whole number, as a number or as a text; -1 when it is none. */
    private static long number(JsonParser parser) throws IOException {
        int length = parser.getTextLength();
        if (length == 0 || length > MAX_LONG_DIGITS) {
            return -1;
        }
        char[] chars = parser.getTextCharacters();
        int offset = parser.getTextOffset();
        long value = 0;
        for (int i = 0; i < length; i++) {
            int digit = chars[offset + i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    void item(JsonParser parser) throws IOException {
        if (selected == Name.TXIDS) {
            txid(parser);
        } else if (selected == Name.XIP_LIST) {
            running.add(parser.getText());
        }
    }

    private void txid(JsonParser parser) throws IOException {
        if (!txids.isEmpty()) {
            if (!several) {
                several = true;
                txids = new ArrayList<>(txids);
            }
            txids.addAll(numbers(List.of(parser.getText())));
            return;
        }
        if (!isText(knownTxid, parser)) {
            knownTxid = parser.getText();
            knownTxids = numbers(List.of(knownTxid));
        }
        txids = knownTxids;
    }

    /** Those of the texts that are numbers. */
    private static List<Long> numbers(List<String> texts) {
        List<Long> numbers = new ArrayList<>();
        for (String text : texts) {
            BigInteger number = Lsn.parse(text);
            if (number != null) {
                numbers.add(number.longValue());
            }
        }
        return List.copyOf(numbers);
    }

    @Nullable
    String operation() {
        return operation;
    }

    @Nullable
    String control() {
        return control;
    }

    @Nullable
    String event() {
        return event;
    }

    boolean isTagged() {
        return tagged;
    }

    /** The position of the transaction as the server spells it. */
    @Nullable
    String lsn() {
        return hasLsn ? lsn : null;
    }

    @Nullable
    BigInteger lsnNumber() {
        return hasLsn ? lsnNumber : null;
    }

    /** Whether they say nothing of a place in the log, of transactions or of another key. */
    boolean isWithoutPlace() {
        return !hasLsn && position < 0 && txids.isEmpty() && keyChangeTo == null && keyChangeFrom == null;
    }

    /** The place in the transaction, or -1. */
    long position() {
        return position;
    }

    List<Long> txids() {
        return txids;
    }

    boolean isLast() {
        return last;
    }

    @Nullable
    String keyChangeTo() {
        return keyChangeTo;
    }

    @Nullable
    String keyChangeFrom() {
        return keyChangeFrom;
    }

    @Nullable
    String globalLsn() {
        return globalLsn;
    }

    /** The visibility of a snapshot; null where its bounds are not told. */
    @Nullable
    SnapshotEnd snapshotEnd() {
        BigInteger from = xmin == null ? null : Lsn.parse(xmin);
        BigInteger to = xmax == null ? null : Lsn.parse(xmax);
        if (from == null || to == null) {
            return null;
        }
        return new SnapshotEnd(from.longValue(), to.longValue(), new HashSet<>(numbers(running)));
    }
}
