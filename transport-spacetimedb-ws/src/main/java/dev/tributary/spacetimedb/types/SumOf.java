package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import dev.tributary.spacetimedb.Sum;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One of several variants: a tag of one byte, and what that variant holds. A {@code String} with the variant's name where
 * no variant holds anything, a {@code Duration} or an {@code Instant} for {@code ScheduleAt}, else a {@link Sum}.
 */
final class SumOf implements AlgebraicType {

    /** How Java sees the values. */
    private enum Reading {
        NAME(String.class),
        TIME(Object.class),
        SUM(Sum.class);

        private final Class<?> javaType;

        Reading(Class<?> javaType) {
            this.javaType = javaType;
        }
    }

    static final int MOST_VARIANTS = 256;

    private final List<Product.Field> variants;
    private final Map<String, Integer> tagByName = new HashMap<>();
    private final Reading reading;
    private final int levels;

    /** A sum of these variants, whatever their names mean. */
    SumOf(List<Product.Field> variants) {
        if (variants.size() > MOST_VARIANTS) {
            throw new IllegalArgumentException("a sum of " + variants.size() + " variants");
        }
        this.variants = List.copyOf(variants);
        int deepest = 0;
        for (int tag = 0; tag < variants.size(); tag++) {
            if (tagByName.put(variants.get(tag).name(), tag) != null) {
                throw new IllegalArgumentException(
                        "two variants are named '" + variants.get(tag).name() + "'");
            }
            deepest = Math.max(deepest, variants.get(tag).type().levels());
        }
        this.levels = deepest + 1;
        this.reading = variants.stream().allMatch(variant -> isUnit(variant.type()))
                ? Reading.NAME
                : isScheduleAt(variants) ? Reading.TIME : Reading.SUM;
    }

    static SumOf scheduleAt() {
        return new SumOf(List.of(
                new Product.Field("Interval", Special.TIME_DURATION), new Product.Field("Time", Special.TIMESTAMP)));
    }

    private static boolean isScheduleAt(List<Product.Field> variants) {
        return variants.size() == 2
                && variants.get(0).equals(new Product.Field("Interval", Special.TIME_DURATION))
                && variants.get(1).equals(new Product.Field("Time", Special.TIMESTAMP));
    }

    /** Whether its name is one word. */
    boolean isScheduleAt() {
        return reading == Reading.TIME;
    }

    static boolean isUnit(AlgebraicType type) {
        return type instanceof Product product && product.isUnit();
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
        return reading.javaType;
    }

    private Product.Field variant(BsatnReader in) {
        int tag = in.u8();
        if (tag >= variants.size()) {
            throw new IllegalArgumentException("expected a tag of " + tagByName.keySet() + ", got " + tag + in.place());
        }
        return variants.get(tag);
    }

    @Override
    public void skip(BsatnReader in, int levelsLeft) {
        int deeper = AlgebraicType.deeper(levelsLeft);
        variant(in).type().skip(in, deeper);
    }

    @Override
    public @Nullable Object decode(BsatnReader in, int levelsLeft) {
        int deeper = AlgebraicType.deeper(levelsLeft);
        Product.Field variant = variant(in);
        return switch (reading) {
            case NAME -> variant.name();
            case TIME -> variant.type().decode(in, deeper);
            case SUM ->
                isUnit(variant.type())
                        ? new Sum(variant.name())
                        : new Sum(variant.name(), variant.type().decode(in, deeper));
        };
    }

    @Override
    public void encode(@Nullable Object value, BsatnWriter out, int levelsLeft) {
        int deeper = AlgebraicType.deeper(levelsLeft);
        if (reading == Reading.TIME && (value instanceof Duration || value instanceof Instant)) {
            write(value instanceof Duration ? "Interval" : "Time", value, out, deeper);
        } else if (value instanceof Sum sum) {
            write(sum.variant(), sum.value(), out, deeper);
        } else if (value instanceof String name) {
            write(name, null, out, deeper);
        } else if (value instanceof Enum<?> constant) {
            write(constant.name(), null, out, deeper);
        } else {
            throw AlgebraicType.unfit(expected(), value);
        }
    }

    private String expected() {
        return switch (reading) {
            case NAME -> "one of the texts " + tagByName.keySet();
            case TIME -> "Instant or Duration";
            case SUM -> "Sum of one of " + tagByName.keySet();
        };
    }

    private void write(String name, @Nullable Object value, BsatnWriter out, int deeper) {
        Integer tag = tagByName.get(name);
        if (tag == null) {
            throw new IllegalArgumentException("expected " + expected() + ", got '" + JsonSource.shortened(name) + "'");
        }
        out.u8(tag);
        AlgebraicType type = variants.get(tag).type();
        if (value == null && isUnit(type)) {
            return;
        }
        try {
            type.encode(value, out, deeper);
        } catch (IllegalArgumentException e) {
            throw MisfitException.within(name, e);
        }
    }

    @Override
    public void fromJson(JsonSource in, BsatnWriter out, int levelsLeft) throws IOException {
        int deeper = AlgebraicType.deeper(levelsLeft);
        fromJson(
                in,
                name -> tagByName.getOrDefault(name, -1),
                tag -> tag < variants.size() ? variants.get(tag).type() : null,
                out,
                deeper);
    }

    /** Reads {@code [tag, payload]}, and from applications also names and objects. */
    static void fromJson(
            JsonSource in,
            ToIntFunction<String> tagOf,
            IntFunction<@Nullable AlgebraicType> typeOf,
            BsatnWriter out,
            int deeper)
            throws IOException {
        JsonToken closing;
        int tag;
        if (in.token() == JsonToken.START_ARRAY) {
            closing = JsonToken.END_ARRAY;
            JsonToken first = in.next();
            if (first == JsonToken.VALUE_NUMBER_INT) {
                tag = (int) Math.max(-1, Math.min(MOST_VARIANTS, in.parser().getValueAsLong(-1)));
            } else if (first == JsonToken.VALUE_STRING && !in.fromServer()) {
                tag = tagOf.applyAsInt(in.parser().getText());
            } else {
                throw in.unfit("the tag of a variant");
            }
        } else if (in.token() == JsonToken.START_OBJECT && !in.fromServer() && in.next() == JsonToken.FIELD_NAME) {
            closing = JsonToken.END_OBJECT;
            String name = in.parser().currentName();
            tag = tagOf.applyAsInt(name);
            if (tag < 0 && name.matches("[0-9]{1,3}")) {
                tag = Integer.parseInt(name);
            }
        } else {
            throw in.unfit("an array of tag and payload");
        }
        AlgebraicType type = tag < 0 ? null : typeOf.apply(tag);
        if (type == null) {
            throw in.unfit("a variant of this sum");
        }
        out.u8(tag);
        in.next();
        type.fromJson(in, out, deeper);
        if (in.next() != closing) {
            throw in.unfit("the end of a variant");
        }
    }

    @Override
    public void toJson(BsatnReader in, JsonGenerator out, int levelsLeft) throws IOException {
        int deeper = AlgebraicType.deeper(levelsLeft);
        Product.Field variant = variant(in);
        out.writeStartArray();
        out.writeNumber(tagByName.getOrDefault(variant.name(), -1));
        variant.type().toJson(in, out, deeper);
        out.writeEndArray();
    }

    @Override
    public void name(TypeName.Writer out) {
        if (reading == Reading.TIME) {
            out.word("schedule_at");
            return;
        }
        out.word("{");
        for (int tag = 0; tag < variants.size(); tag++) {
            out.word(tag == 0 ? "" : " | ");
            out.identifier(variants.get(tag).name());
            if (!isUnit(variants.get(tag).type())) {
                out.word(" ");
                out.type(variants.get(tag).type());
            }
        }
        out.word("}");
    }
}
