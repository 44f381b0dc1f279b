package dev.tributary.engine;

import dev.tributary.Infinity;
import dev.tributary.Interval;
import dev.tributary.JsonNull;
import dev.tributary.SavedViewException;
import dev.tributary.SpecialDecimal;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the documents of one saved view, without recursion: nobody bounds how deep a document is. */
final class DocumentWriter {

    private final DataOutputStream out;
    private final Map<String, Integer> names = new HashMap<>();
    /** The containers that are being written: the rest of a list's elements, or of a map's entries. */
    private final Deque<Rest> open = new ArrayDeque<>();

    private record Rest(Iterator<?> elements, boolean named) {}

    DocumentWriter(DataOutputStream out) {
        this.out = out;
    }

    /**
     * Writes a document.
     *
     * @throws SavedViewException when there is a value in it that is no plain one
     */
    void write(@Nullable Object document) throws IOException {
        open.clear();
        value(document);
        while (!open.isEmpty()) {
            Rest rest = open.peek();
            if (!rest.elements().hasNext()) {
                open.pop();
                continue;
            }
            Object next = rest.elements().next();
            if (rest.named() && next instanceof Map.Entry<?, ?> entry) {
                name(entry.getKey());
                value(entry.getValue());
            } else {
                value(next);
            }
        }
    }

    private void value(@Nullable Object value) throws IOException {
        if (value == null) {
            out.writeByte(SavedDocuments.NULL);
        } else if (value instanceof Boolean flag) {
            out.writeByte(flag ? SavedDocuments.TRUE : SavedDocuments.FALSE);
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof Map<?, ?> map) {
            out.writeByte(SavedDocuments.MAP);
            size(map.size());
            open.push(new Rest(map.entrySet().iterator(), true));
        } else if (value instanceof List<?> list) {
            out.writeByte(SavedDocuments.LIST);
            size(list.size());
            open.push(new Rest(list.iterator(), false));
        } else if (value instanceof Number number) {
            number(number);
        } else {
            other(value);
        }
    }

    private void number(Number number) throws IOException {
        if (number instanceof Integer) {
            whole(SavedDocuments.INTEGER, number.longValue());
        } else if (number instanceof Long) {
            whole(SavedDocuments.LONG, number.longValue());
        } else if (number instanceof Double real) {
            out.writeByte(SavedDocuments.DOUBLE);
            out.writeLong(Double.doubleToRawLongBits(real));
        } else if (number instanceof Float real) {
            out.writeByte(SavedDocuments.FLOAT);
            out.writeInt(Float.floatToRawIntBits(real));
        } else if (number instanceof BigInteger big) {
            out.writeByte(SavedDocuments.BIG_INTEGER);
            bytes(big.toByteArray());
        } else if (number instanceof BigDecimal decimal) {
            out.writeByte(SavedDocuments.DECIMAL);
            out.writeInt(decimal.scale());
            bytes(decimal.unscaledValue().toByteArray());
        } else if (number instanceof Short) {
            whole(SavedDocuments.SHORT, number.longValue());
        } else if (number instanceof Byte) {
            whole(SavedDocuments.BYTE, number.longValue());
        } else {
            throw foreign(number);
        }
    }

    private void other(Object value) throws IOException {
        if (value instanceof byte[] array) {
            out.writeByte(SavedDocuments.BYTES);
            bytes(array);
        } else if (value == JsonNull.INSTANCE) {
            out.writeByte(SavedDocuments.JSON_NULL);
        } else if (value instanceof SpecialDecimal special) {
            out.writeByte(SavedDocuments.SPECIAL_DECIMAL);
            out.writeByte(special.ordinal());
        } else if (value instanceof Infinity infinity) {
            out.writeByte(SavedDocuments.INFINITY);
            out.writeByte(infinity.ordinal());
        } else if (value instanceof Interval interval) {
            out.writeByte(SavedDocuments.INTERVAL);
            out.writeInt(interval.months());
            out.writeInt(interval.days());
            out.writeLong(interval.micros());
        } else if (value instanceof UUID uuid) {
            out.writeByte(SavedDocuments.UUID);
            out.writeLong(uuid.getMostSignificantBits());
            out.writeLong(uuid.getLeastSignificantBits());
        } else {
            time(value);
        }
    }

    private void time(Object value) throws IOException {
        if (value instanceof Instant instant) {
            out.writeByte(SavedDocuments.INSTANT);
            out.writeLong(instant.getEpochSecond());
            out.writeInt(instant.getNano());
        } else if (value instanceof Duration duration) {
            out.writeByte(SavedDocuments.DURATION);
            out.writeLong(duration.getSeconds());
            out.writeInt(duration.getNano());
        } else if (value instanceof LocalDate date) {
            out.writeByte(SavedDocuments.DATE);
            out.writeLong(date.toEpochDay());
        } else if (value instanceof LocalTime time) {
            out.writeByte(SavedDocuments.TIME);
            out.writeLong(time.toNanoOfDay());
        } else if (value instanceof LocalDateTime dateTime) {
            out.writeByte(SavedDocuments.DATE_TIME);
            dateTime(dateTime);
        } else if (value instanceof OffsetTime time) {
            out.writeByte(SavedDocuments.OFFSET_TIME);
            out.writeLong(time.toLocalTime().toNanoOfDay());
            out.writeInt(time.getOffset().getTotalSeconds());
        } else if (value instanceof OffsetDateTime dateTime) {
            out.writeByte(SavedDocuments.OFFSET_DATE_TIME);
            dateTime(dateTime.toLocalDateTime());
            out.writeInt(dateTime.getOffset().getTotalSeconds());
        } else {
            throw foreign(value);
        }
    }

    private void dateTime(LocalDateTime dateTime) throws IOException {
        out.writeLong(dateTime.toLocalDate().toEpochDay());
        out.writeLong(dateTime.toLocalTime().toNanoOfDay());
    }

    private static SavedViewException foreign(Object value) {
        return new SavedViewException(
                "a document holds a " + value.getClass().getName() + ", which is no value that can be saved");
    }

    private void name(@Nullable Object key) throws IOException {
        if (!(key instanceof String name)) {
            throw new SavedViewException("a document has a key that is no text, which cannot be saved");
        }
        Integer number = names.get(name);
        size(number == null ? 0 : number);
        if (number == null) {
            text(name);
            if (names.size() < SavedDocuments.MOST_NAMES) {
                names.put(name, names.size() + 1);
            }
        }
    }

    /** UTF-8, except where that would lose something: half a surrogate pair. */
    private void text(String text) throws IOException {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            out.writeByte(SavedDocuments.TEXT);
            size(encoded.remaining());
            out.write(encoded.array(), encoded.arrayOffset(), encoded.remaining());
        } catch (CharacterCodingException e) {
            out.writeByte(SavedDocuments.CHARACTERS);
            size(text.length());
            out.writeChars(text);
        }
    }

    private void bytes(byte[] array) throws IOException {
        size(array.length);
        out.write(array);
    }

    private void whole(int tag, long value) throws IOException {
        out.writeByte(tag);
        // Small negative numbers are short too.
        variable(value << 1 ^ value >> 63);
    }

    /** A number of elements or of bytes. */
    void size(int size) throws IOException {
        variable(size);
    }

    private void variable(long value) throws IOException {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.writeByte((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }
}
