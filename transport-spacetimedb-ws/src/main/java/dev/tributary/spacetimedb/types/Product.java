package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields one after another: a {@code Map} by the names of the fields, in their order. */
public final class Product implements AlgebraicType {

    /** What has no fields. */
    static final Product UNIT = new Product(List.of());

    /** A value without bytes could be endless otherwise: nothing in the input bounds it. */
    private static final int MOST_PARTS_WITHOUT_BYTES = 4_096;

    /**
     * A field of a product, a column of a table, a parameter of a function.
     *
     * @param name in the schema; the place as a number where there is no name
     * @param type of its values
     */
    public record Field(String name, AlgebraicType type) {}

    private final List<Field> fields;
    private final String[] names;
    private final AlgebraicType[] types;
    private final Map<String, Integer> indexByName = new HashMap<>();
    private final int size;
    private final boolean anyBytes;
    private final int levels;
    private final int parts;

    /** A product of these fields, whatever their names mean. */
    Product(List<Field> fields) {
        this.fields = List.copyOf(fields);
        this.names = fields.stream().map(Field::name).toArray(String[]::new);
        this.types = fields.stream().map(Field::type).toArray(AlgebraicType[]::new);
        for (int i = 0; i < names.length; i++) {
            if (indexByName.put(names[i], i) != null) {
                throw new IllegalArgumentException("two fields are named '" + names[i] + "'");
            }
        }
        long total = 0;
        boolean any = true;
        int deepest = 0;
        long count = 1;
        for (AlgebraicType type : types) {
            total = total < 0 || type.size() == VARIABLE ? VARIABLE : total + type.size();
            any &= type.isAnyBytes();
            deepest = Math.max(deepest, type.levels());
            count += type instanceof Product product ? product.parts : 1;
        }
        if (total > Integer.MAX_VALUE || (total == 0 && count > MOST_PARTS_WITHOUT_BYTES)) {
            throw new IllegalArgumentException("a product of " + total + " bytes with " + count + " parts");
        }
        this.size = (int) total;
        this.anyBytes = any && size != VARIABLE;
        this.levels = deepest + 1;
        this.parts = (int) Math.min(count, Integer.MAX_VALUE / 2);
    }

    /** The fields in their order. */
    public List<Field> fields() {
        return fields;
    }

    boolean isUnit() {
        return types.length == 0;
    }

    /** The place of a field, or -1. */
    int find(String name) {
        return indexByName.getOrDefault(name, -1);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isAnyBytes() {
        return anyBytes;
    }

    @Override
    public int levels() {
        return levels;
    }

    @Override
    public Class<?> javaType() {
        return Map.class;
    }

    @Override
    public void skip(BsatnReader in, int levelsLeft) {
        int deeper = AlgebraicType.deeper(levelsLeft);
        if (anyBytes) {
            in.take(size);
            return;
        }
        for (AlgebraicType type : types) {
            type.skip(in, deeper);
        }
    }

    @Override
    public Object decode(BsatnReader in, int levelsLeft) {
        int deeper = AlgebraicType.deeper(levelsLeft);
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < types.length; i++) {
            map.put(names[i], types[i].decode(in, deeper));
        }
        return Collections.unmodifiableMap(map);
    }

    @Override
    public void encode(@Nullable Object value, BsatnWriter out, int levelsLeft) {
        if (value instanceof Map<?, ?> map) {
            encodeNamed(map, out, levelsLeft);
        } else if (value instanceof List<?> list) {
            encodePositional(list, out, levelsLeft);
        } else {
            throw AlgebraicType.unfit("Map of " + Arrays.toString(names), value);
        }
    }

    private void encodeNamed(Map<?, ? extends @Nullable Object> map, BsatnWriter out, int levelsLeft) {
        for (Object name : map.keySet()) {
            if (!(name instanceof String) || !indexByName.containsKey(name)) {
                throw new IllegalArgumentException("no '" + name + "'; there are " + Arrays.toString(names));
            }
        }
        for (int i = 0; i < types.length; i++) {
            if (!map.containsKey(names[i])) {
                throw new IllegalArgumentException("'" + names[i] + "' is missing; expected " + Arrays.toString(names));
            }
            encodeField(i, map.get(names[i]), out, levelsLeft);
        }
    }

    private void encodePositional(List<? extends @Nullable Object> list, BsatnWriter out, int levelsLeft) {
        if (list.size() != types.length) {
            throw new IllegalArgumentException(
                    "expected " + types.length + " values for " + Arrays.toString(names) + ", got " + list.size());
        }
        for (int i = 0; i < types.length; i++) {
            encodeField(i, list.get(i), out, levelsLeft);
        }
    }

    private void encodeField(int index, @Nullable Object value, BsatnWriter out, int levelsLeft) {
        int deeper = AlgebraicType.deeper(levelsLeft);
        try {
            types[index].encode(value, out, deeper);
        } catch (IllegalArgumentException e) {
            throw MisfitException.within(names[index], e);
        }
    }

    @Override
    public void fromJson(JsonSource in, BsatnWriter out, int levelsLeft) throws IOException {
        int deeper = AlgebraicType.deeper(levelsLeft);
        if (in.token() == JsonToken.START_ARRAY) {
            int index = 0;
            while (index < types.length) {
                if (in.next() == JsonToken.END_ARRAY) {
                    throw in.unfit("values for " + Arrays.toString(names));
                }
                fieldFromJson(index++, in, out, deeper);
            }
            if (in.next() != JsonToken.END_ARRAY) {
                throw in.unfit("no more than values for " + Arrays.toString(names));
            }
        } else if (in.token() == JsonToken.START_OBJECT) {
            fromObject(in, out, deeper);
        } else {
            throw in.unfit("an array or an object");
        }
    }

    private void fieldFromJson(int index, JsonSource in, BsatnWriter out, int deeper) throws IOException {
        try {
            types[index].fromJson(in, out, deeper);
        } catch (IllegalArgumentException e) {
            throw MisfitException.within(names[index], e);
        }
    }

    /** Fields in their order are written as they come; from the first one that is not, their places are kept. */
    private void fromObject(JsonSource in, BsatnWriter out, int deeper) throws IOException {
        int start = out.length();
        int inOrder = 0;
        int[] starts = null;
        int[] ends = null;
        while (in.next() != JsonToken.END_OBJECT) {
            String name = in.parser().currentName();
            int index = inOrder < names.length && names[inOrder].equals(name) ? inOrder : find(name);
            if (index < 0) {
                throw in.unfit("one of the fields " + Arrays.toString(names));
            }
            if (starts == null || ends == null) {
                if (index == inOrder) {
                    in.next();
                    fieldFromJson(index, in, out, deeper);
                    inOrder++;
                    continue;
                }
                if (index < inOrder) {
                    throw in.unfit("'" + name + "' once");
                }
                starts = new int[names.length];
                ends = new int[names.length];
                Arrays.fill(starts, -1);
            }
            if (index < inOrder || starts[index] >= 0) {
                throw in.unfit("'" + name + "' once");
            }
            starts[index] = out.length();
            in.next();
            fieldFromJson(index, in, out, deeper);
            ends[index] = out.length();
        }
        if (starts != null && ends != null) {
            reorder(in, out, start, inOrder, starts, ends);
        } else if (inOrder < names.length) {
            throw in.unfit("the field '" + names[inOrder] + "'");
        }
    }

    private void reorder(JsonSource in, BsatnWriter out, int start, int inOrder, int[] starts, int[] ends)
            throws IOException {
        byte[] written = Arrays.copyOfRange(out.buffer(), start, out.length());
        int firstLoose = Integer.MAX_VALUE;
        for (int i = inOrder; i < names.length; i++) {
            if (starts[i] < 0) {
                throw in.unfit("the field '" + names[i] + "'");
            }
            firstLoose = Math.min(firstLoose, starts[i]);
        }
        out.cut(firstLoose);
        for (int i = inOrder; i < names.length; i++) {
            out.raw(written, starts[i] - start, ends[i] - starts[i]);
        }
    }

    @Override
    public void toJson(BsatnReader in, JsonGenerator out, int levelsLeft) throws IOException {
        int deeper = AlgebraicType.deeper(levelsLeft);
        out.writeStartArray();
        for (AlgebraicType type : types) {
            type.toJson(in, out, deeper);
        }
        out.writeEndArray();
    }

    @Override
    public void name(TypeName.Writer out) {
        out.word("(");
        for (int i = 0; i < types.length; i++) {
            out.word(i == 0 ? "" : ", ");
            out.identifier(names[i]);
            out.word(" ");
            out.type(types[i]);
        }
        out.word(")");
    }
}
