package dev.tributary.benchmarks;

import dev.tributary.testkit.spacetimedb.SpacetimeDbModel;
import dev.tributary.testkit.spacetimedb.SpacetimeDbModule;
import dev.tributary.testkit.spacetimedb.SpacetimeDbOptions;
import dev.tributary.testkit.spacetimedb.SpacetimeType;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Rows of SpacetimeDB to measure with: {@code reading} has eight columns and 240 bytes a row, some of them text and one an
 * option, so that rows differ in length; {@code tick} has eight columns of fixed size.
 */
public final class Readings {

    /** The table of rows that differ in length. */
    public static final String READING = "reading";
    /** The table of rows of one length. */
    public static final String TICK = "tick";
    /** The bytes of a row of {@link #TICK}. */
    public static final int TICK_BYTES = 4 + 4 + 8 + 8 + 1 + 8 + 2 + 1;

    private static final int MOST_BYTES = 512;
    private static final int PLACE_BYTES = 175;
    private static final long START_MICROS = 1_700_000_000_000_000L;
    private static final List<String> WORDS = List.of(
            "shelf", "hall", "north", "south", "pump", "valve", "checked", "by", "crate", "café", "lower", "upper",
            "line", "motor", "belt", "sensor", "grün", "cold", "warm", "dock");

    private Readings() {}

    /** The module of these tables. */
    public static SpacetimeDbModule module() {
        return SpacetimeDbModule.builder()
                .table(
                        READING,
                        t -> t.column("id", Scalar.U32)
                                .column("device", Scalar.STRING)
                                .column("temperature", Scalar.F64)
                                .column("count", Scalar.U64)
                                .column("good", Scalar.BOOL)
                                .column("at", SpacetimeType.timestamp())
                                .column("note", SpacetimeType.option(Scalar.STRING))
                                .column("place", Scalar.STRING)
                                .primaryKey("id"))
                .table(
                        TICK,
                        t -> t.column("id", Scalar.U32)
                                .column("device", Scalar.U32)
                                .column("temperature", Scalar.F64)
                                .column("count", Scalar.U64)
                                .column("good", Scalar.U8)
                                .column("at", SpacetimeType.timestamp())
                                .column("level", Scalar.I16)
                                .column("channel", Scalar.U8)
                                .primaryKey("id"))
                .build();
    }

    /** A model of a server with that module and without rows. */
    public static SpacetimeDbModel model() {
        return new SpacetimeDbModel(
                module(), SpacetimeDbOptions.current(), System::currentTimeMillis, new SplittableRandom(1), () -> {});
    }

    /** Rows one after another, in one buffer. Not for use by several threads. */
    public static final class Writer {

        private final ByteBuffer row = ByteBuffer.allocate(MOST_BYTES).order(ByteOrder.LITTLE_ENDIAN);

        /** A writer. */
        public Writer() {}

        /** A row of {@link Readings#READING} as BSATN; good until the next. Versions of one id differ and are as long. */
        public ByteBuffer reading(int id, int version) {
            SplittableRandom random = new SplittableRandom(id);
            row.clear();
            row.putInt(id);
            text("device-" + random.nextInt(1_000));
            row.putDouble(random.nextInt(4_000) / 16.0);
            row.putLong(random.nextLong(1L << 40) + version);
            row.put((byte) (id & 1));
            row.putLong(START_MICROS + id * 1_000L + version);
            if (id % 4 == 0) {
                row.put((byte) 0);
                text("note " + random.nextInt(100_000));
            } else {
                row.put((byte) 1);
            }
            text(place(random));
            return row.flip();
        }

        /** A row of {@link Readings#TICK} as BSATN; good until the next. */
        public ByteBuffer tick(int id) {
            SplittableRandom random = new SplittableRandom(id);
            row.clear();
            row.putInt(id)
                    .putInt(random.nextInt(1_000))
                    .putDouble(random.nextInt(4_000) / 16.0)
                    .putLong(random.nextLong(1L << 40))
                    .put((byte) (id & 1))
                    .putLong(START_MICROS + id * 1_000L)
                    .putShort((short) random.nextInt(1_000))
                    .put((byte) random.nextInt(16));
            return row.flip();
        }

        private void text(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            row.putInt(bytes.length).put(bytes);
        }
    }

    private static String place(SplittableRandom random) {
        StringBuilder place = new StringBuilder();
        while (place.length() < PLACE_BYTES) {
            place.append(WORDS.get(random.nextInt(WORDS.size())))
                    .append(' ')
                    .append(random.nextInt(100))
                    .append(' ');
        }
        return place.toString();
    }

    /** The same row as {@code v1.json} has it in a first content: a text of JSON, with column names. */
    public static String json(ByteBuffer reading) {
        ByteBuffer in = reading.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        StringBuilder json = new StringBuilder("{\"id\":").append(Integer.toUnsignedLong(in.getInt()));
        json.append(",\"device\":\"").append(text(in)).append('"');
        json.append(",\"temperature\":").append(in.getDouble());
        json.append(",\"count\":").append(in.getLong());
        json.append(",\"good\":").append(in.get() == 1);
        json.append(",\"at\":{\"__timestamp_micros_since_unix_epoch__\":")
                .append(in.getLong())
                .append('}');
        json.append(",\"note\":").append(in.get() == 0 ? "[0,\"" + text(in) + "\"]" : "[1,{}]");
        return json.append(",\"place\":\"").append(text(in)).append("\"}").toString();
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
