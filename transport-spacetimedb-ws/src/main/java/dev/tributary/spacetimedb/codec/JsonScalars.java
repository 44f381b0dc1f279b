package dev.tributary.spacetimedb.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tributary.LimitExceededException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.HexFormat;

/** Reads the values of {@code v1.json} that are one token (specification 2.1). */
final class JsonScalars {

    private static final String HEX = "0x";
    private static final int MOST_DIGITS = 64;
    private static final int HEX_RADIX = 16;

    private final Limits limits;
    private final Collected collected;

    JsonScalars(Limits limits, Collected collected) {
        this.limits = limits;
        this.collected = collected;
    }

    /** Reads this token if the shape is one of a single token. */
    boolean read(Shape shape, JsonToken token, JsonParser from) throws IOException, BadValue {
        if (shape instanceof Shape.Whole whole) {
            collected.set(whole.slot(), whole(whole, token, from));
        } else if (shape instanceof Shape.Wide wide) {
            collected.set(wide.slot(), wide.bytes() == 32 ? hexadecimal(token, from) : wide(wide, token, from));
        } else if (shape instanceof Shape.Text text) {
            collected.set(text.slot(), text(token, from));
        } else if (shape instanceof Shape.Embedded embedded) {
            collected.set(embedded.slot(), Payload.json(text(token, from)));
        } else if (shape instanceof Shape.Bytes bytes) {
            collected.set(bytes.slot(), bytes(token, from));
        } else {
            return false;
        }
        return true;
    }

    private static BigInteger number(JsonToken token, JsonParser from, int bits, boolean signed)
            throws IOException, BadValue {
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw new BadValue("is no whole number");
        }
        BigInteger value = from.getBigIntegerValue();
        boolean fits = signed ? value.bitLength() < bits : value.signum() >= 0 && value.bitLength() <= bits;
        if (!fits) {
            throw new BadValue("does not fit into " + bits + " bits");
        }
        return value;
    }

    private static long whole(Shape.Whole shape, JsonToken token, JsonParser from) throws IOException, BadValue {
        return number(token, from, shape.bytes() * Byte.SIZE, shape.signed()).longValue();
    }

    private static BigInteger wide(Shape.Wide shape, JsonToken token, JsonParser from) throws IOException, BadValue {
        return number(token, from, shape.bytes() * Byte.SIZE, false);
    }

    private BigInteger hexadecimal(JsonToken token, JsonParser from) throws IOException, BadValue {
        String text = text(token, from);
        int digits = text.length() - HEX.length();
        boolean fits = text.startsWith(HEX)
                && digits > 0
                && digits <= MOST_DIGITS
                && text.chars().skip(HEX.length()).allMatch(HexFormat::isHexDigit);
        if (!fits) {
            throw new BadValue("is not 0x and up to " + MOST_DIGITS + " hexadecimal digits");
        }
        return new BigInteger(text.substring(HEX.length()), HEX_RADIX);
    }

    private Payload bytes(JsonToken token, JsonParser from) throws IOException, BadValue {
        try {
            return Payload.owned(HexFormat.of().parseHex(text(token, from)));
        } catch (IllegalArgumentException e) {
            throw new BadValue("is no hexadecimal text of whole bytes");
        }
    }

    private String text(JsonToken token, JsonParser from) throws IOException, BadValue {
        if (token != JsonToken.VALUE_STRING) {
            throw new BadValue("is no text");
        }
        int length = from.getTextLength();
        if (length > limits.textBytes()) {
            throw new LimitExceededException("a text has " + length + " characters, more than the " + limits.textBytes()
                    + " of the limit textBytes");
        }
        return from.getText();
    }
}
