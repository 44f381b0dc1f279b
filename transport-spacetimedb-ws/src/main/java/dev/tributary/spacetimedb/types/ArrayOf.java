package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An array: a {@code List}, which may hold null where the elements are options. */
final class ArrayOf implements AlgebraicType {

    /** More is reserved only once so many elements were there. */
    private static final int MOST_RESERVED = 1_024;
    /** Four bytes can announce billions of values of no bytes, and whoever reads them would never come to an end. */
    static final int MOST_EMPTY = 4_096;

    private final AlgebraicType element;
    private final int levels;

    ArrayOf(AlgebraicType element) {
        this.element = element;
        this.levels = element.levels() + 1;
    }

    @Override
    public int size() {
        return VARIABLE;
    }

    @Override
    public boolean isAnyBytes() {
        return false;
    }

    @Override
    public int levels() {
        return levels;
    }

    @Override
    public Class<?> javaType() {
        return List.class;
    }

    private int count(BsatnReader in) {
        // A value of no fixed size has a byte at least.
        int count = in.count(element.size() == VARIABLE ? 1 : element.size());
        if (element.size() == 0 && count > MOST_EMPTY) {
            throw new IllegalArgumentException(count + " elements of no bytes are too many" + in.place());
        }
        return count;
    }

    @Override
    public void skip(BsatnReader in, int levelsLeft) {
        int deeper = AlgebraicType.deeper(levelsLeft);
        int count = count(in);
        if (element.isAnyBytes()) {
            in.take(count * element.size());
            return;
        }
        if (element.size() == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            element.skip(in, deeper);
        }
    }

    @Override
    public Object decode(BsatnReader in, int levelsLeft) {
        int deeper = AlgebraicType.deeper(levelsLeft);
        int count = count(in);
        if (element.size() == 0) {
            // However many there are, they are all the same and were sent in four bytes.
            return Collections.nCopies(count, element.decode(in, deeper));
        }
        List<@Nullable Object> list = new ArrayList<>(Math.min(count, MOST_RESERVED));
        for (int i = 0; i < count; i++) {
            list.add(element.decode(in, deeper));
        }
        return Collections.unmodifiableList(list);
    }

    @Override
    public void encode(@Nullable Object value, BsatnWriter out, int levelsLeft) {
        int deeper = AlgebraicType.deeper(levelsLeft);
        Collection<? extends @Nullable Object> list;
        if (value instanceof Collection<?> collection) {
            list = collection;
        } else if (value instanceof Object[] array) {
            list = Arrays.asList(array);
        } else {
            throw AlgebraicType.unfit("List", value);
        }
        if (element.size() == 0 && list.size() > MOST_EMPTY) {
            throw new IllegalArgumentException(list.size() + " elements of no bytes are too many");
        }
        out.i32(list.size());
        int index = 0;
        for (Object item : list) {
            try {
                element.encode(item, out, deeper);
            } catch (IllegalArgumentException e) {
                throw MisfitException.within("[" + index + "]", e);
            }
            index++;
        }
    }

    @Override
    public void fromJson(JsonSource in, BsatnWriter out, int levelsLeft) throws IOException {
        int deeper = AlgebraicType.deeper(levelsLeft);
        if (in.token() != JsonToken.START_ARRAY) {
            throw in.unfit("an array");
        }
        int countAt = out.i32Later();
        int count = 0;
        while (in.next() != JsonToken.END_ARRAY) {
            element.fromJson(in, out, deeper);
            count++;
            if (element.size() == 0 && count > MOST_EMPTY) {
                throw in.unfit("at most " + MOST_EMPTY + " elements of no bytes");
            }
        }
        out.setI32(countAt, count);
    }

    @Override
    public void toJson(BsatnReader in, JsonGenerator out, int levelsLeft) throws IOException {
        int deeper = AlgebraicType.deeper(levelsLeft);
        int count = count(in);
        out.writeStartArray();
        for (int i = 0; i < count; i++) {
            element.toJson(in, out, deeper);
        }
        out.writeEndArray();
    }

    @Override
    public void name(TypeName.Writer out) {
        out.word("array<");
        out.type(element);
        out.word(">");
    }
}
