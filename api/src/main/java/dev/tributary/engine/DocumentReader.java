package dev.tributary.engine;

import dev.tributary.Infinity;
import dev.tributary.Interval;
import dev.tributary.JsonNull;
import dev.tributary.SpecialDecimal;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link DocumentWriter} wrote, without recursion. What it reserves is in proportion to the bytes that are
 * there, whatever they say.
 */
final class DocumentReader {

    private final DataInputStream in;
    private final List<String> names = new ArrayList<>();
    private final Deque<Container> open = new ArrayDeque<>();

    /** A list or a map of which some elements are still to come. */
    private static final class Container {

        private final @Nullable List<@Nullable Object> elements;
        private final Map<String, @Nullable Object> entries;
        private int left;
        private @Nullable String name;

        Container(boolean named, int size) {
            this.elements = named ? null : new ArrayList<>();
            this.entries = named ? new LinkedHashMap<>() : Map.of();
            this.left = size;
        }

        void add(@Nullable Object value) throws IOException {
            left--;
            if (elements != null) {
                elements.add(value);
            } else if (name != null) {
                if (entries.containsKey(name)) {
                    throw new IOException("a name comes twice in a document");
                }
                entries.put(name, value);
            }
        }

        Object finished() {
            return elements != null ? Collections.unmodifiableList(elements) : Collections.unmodifiableMap(entries);
        }
    }

    DocumentReader(DataInputStream in) {
        this.in = in;
    }

    /**
     * The next document.
     *
     * @throws IOException when the bytes are none
     */
    @Nullable
    Object read() throws IOException {
        open.clear();
        while (true) {
            int tag = in.readUnsignedByte();
            if (tag == SavedDocuments.LIST || tag == SavedDocuments.MAP) {
                open.push(new Container(tag == SavedDocuments.MAP, size()));
            } else {
                Object value = value(tag);
                Container around = open.peek();
                if (around == null) {
                    return value;
                }
                around.add(value);
            }
            Object whole = finish();
            if (whole != null) {
                return whole;
            }
        }
    }

    /** Closes the containers that are complete; gives the outermost when it is. */
    private @Nullable Object finish() throws IOException {
        while (true) {
            Container container = open.element();
            if (container.left > 0) {
                container.name = container.elements == null ? name() : null;
                return null;
            }
            open.pop();
            Container around = open.peek();
            if (around == null) {
                return container.finished();
            }
            around.add(container.finished());
        }
    }

    private @Nullable Object value(int tag) throws IOException {
        return switch (tag) {
            case SavedDocuments.NULL -> null;
            case SavedDocuments.FALSE -> false;
            case SavedDocuments.TRUE -> true;
            case SavedDocuments.BYTE -> (byte) whole(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SavedDocuments.SHORT -> (short) whole(Short.MIN_VALUE, Short.MAX_VALUE);
            case SavedDocuments.INTEGER -> (int) whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case SavedDocuments.LONG -> whole(Long.MIN_VALUE, Long.MAX_VALUE);
            case SavedDocuments.BIG_INTEGER -> new BigInteger(bytes());
            case SavedDocuments.FLOAT -> Float.intBitsToFloat(in.readInt());
            case SavedDocuments.DOUBLE -> Double.longBitsToDouble(in.readLong());
            case SavedDocuments.DECIMAL -> decimal();
            case SavedDocuments.TEXT, SavedDocuments.CHARACTERS -> text(tag);
            case SavedDocuments.BYTES -> bytes();
            case SavedDocuments.JSON_NULL -> JsonNull.INSTANCE;
            case SavedDocuments.SPECIAL_DECIMAL -> constant(SpecialDecimal.values());
            case SavedDocuments.INFINITY -> constant(Infinity.values());
            case SavedDocuments.INTERVAL -> new Interval(in.readInt(), in.readInt(), in.readLong());
            case SavedDocuments.UUID -> new UUID(in.readLong(), in.readLong());
            default -> time(tag);
        };
    }

    private BigDecimal decimal() throws IOException {
        int scale = in.readInt();
        return new BigDecimal(new BigInteger(bytes()), scale);
    }

    private Object time(int tag) throws IOException {
        return switch (tag) {
            case SavedDocuments.INSTANT -> Instant.ofEpochSecond(in.readLong(), in.readInt());
            case SavedDocuments.DURATION -> Duration.ofSeconds(in.readLong(), in.readInt());
            case SavedDocuments.DATE -> LocalDate.ofEpochDay(in.readLong());
            case SavedDocuments.TIME -> LocalTime.ofNanoOfDay(in.readLong());
            case SavedDocuments.DATE_TIME -> dateTime();
            case SavedDocuments.OFFSET_TIME -> OffsetTime.of(LocalTime.ofNanoOfDay(in.readLong()), offset());
            case SavedDocuments.OFFSET_DATE_TIME -> OffsetDateTime.of(dateTime(), offset());
            default -> throw new IOException("no value of a document has the tag " + tag);
        };
    }

    private LocalDateTime dateTime() throws IOException {
        return LocalDateTime.of(LocalDate.ofEpochDay(in.readLong()), LocalTime.ofNanoOfDay(in.readLong()));
    }

    private ZoneOffset offset() throws IOException {
        return ZoneOffset.ofTotalSeconds(in.readInt());
    }

    private <E extends Enum<E>> E constant(E[] values) throws IOException {
        int ordinal = in.readUnsignedByte();
        if (ordinal >= values.length) {
            throw new IOException("no value of " + values[0].getDeclaringClass().getSimpleName() + " is " + ordinal);
        }
        return values[ordinal];
    }

    private String name() throws IOException {
        long number = variable();
        if (number < 0 || number > names.size()) {
            throw new IOException("name " + number + " of " + names.size());
        }
        if (number > 0) {
            return names.get((int) number - 1);
        }
        String name = text(in.readUnsignedByte());
        if (names.size() < SavedDocuments.MOST_NAMES) {
            names.add(name);
        }
        return name;
    }

    private String text(int tag) throws IOException {
        if (tag == SavedDocuments.TEXT) {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes()))
                    .toString();
        }
        if (tag != SavedDocuments.CHARACTERS) {
            throw new IOException("a name has the tag " + tag);
        }
        int length = size();
        if (length > in.available() / 2) {
            throw new IOException(length + " characters with " + in.available() + " bytes left");
        }
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(in.readChar());
        }
        return text.toString();
    }

    private byte[] bytes() throws IOException {
        return in.readNBytes(size());
    }

    private long whole(long least, long most) throws IOException {
        long coded = variable();
        long value = coded >>> 1 ^ -(coded & 1);
        if (value < least || value > most) {
            throw new IOException(value + " is not between " + least + " and " + most);
        }
        return value;
    }

    /** A number of elements or bytes: never more than there are bytes left. */
    int size() throws IOException {
        long size = variable();
        if (size < 0 || size > in.available()) {
            throw new IOException("a size of " + size + " with " + in.available() + " bytes left");
        }
        return (int) size;
    }

    private long variable() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = in.readUnsignedByte();
            value |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IOException("a number of more than 64 bits");
    }
}
