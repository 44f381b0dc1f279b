package dev.tributary.cli;

import dev.tributary.Change;
import dev.tributary.Row;
import java.io.OutputStream;
import java.util.Locale;
import java.util.function.Consumer;

/** The formats of {@code tail}. */
enum Format {
    TABLE {
        @Override
        RowFormat on(OutputStream out, Consumer<String> problems) {
            return new TableFormat(out, problems);
        }
    },
    JSON {
        @Override
        RowFormat on(OutputStream out, Consumer<String> problems) {
            return new JsonFormat(out, problems);
        }
    },
    CSV {
        @Override
        RowFormat on(OutputStream out, Consumer<String> problems) {
            return new CsvFormat(out, problems);
        }
    },
    NONE {
        @Override
        RowFormat on(OutputStream out, Consumer<String> problems) {
            return NOTHING;
        }
    };

    private static final RowFormat NOTHING = new RowFormat() {
        @Override
        public void row(Row row) {}

        @Override
        public void change(Change<Row> change) {}

        @Override
        public void flush() {}
    };

    /**
     * This format on a stream.
     *
     * @param problems hears about values that cannot be read; they are written as null
     */
    abstract RowFormat on(OutputStream out, Consumer<String> problems);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
