package dev.tributary.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.Change;
import dev.tributary.Row;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object for each change and line: {@code op} (insert, update or delete), {@code key} as an array, {@code row}
 * unless it is a delete, {@code before} where there was a row. Rows are whole.
 */
final class JsonFormat implements RowFormat {

    private final JsonGenerator json;
    private final Cells cells;

    JsonFormat(OutputStream out, Consumer<String> problems) {
        try {
            json = Values.generator(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cells = new Cells(problems);
    }

    @Override
    public void row(Row row) throws IOException {
        write(Change.Kind.INSERT, row, null);
    }

    @Override
    public void change(Change<Row> change) throws IOException {
        write(change.kind(), change.after(), change.before());
    }

    private void write(Change.Kind kind, @Nullable Row after, @Nullable Row before) throws IOException {
        json.writeStartObject();
        json.writeStringField("op", kind.name().toLowerCase(Locale.ROOT));
        Row keyed = after == null ? before : after;
        if (keyed != null) {
            json.writeFieldName("key");
            cells.writeKey(json, keyed);
        }
        if (after != null) {
            json.writeFieldName("row");
            cells.write(json, after);
        }
        if (before != null) {
            json.writeFieldName("before");
            cells.write(json, before);
        }
        json.writeEndObject();
        json.writeRaw('\n');
    }

    @Override
    public void flush() throws IOException {
        json.flush();
    }
}
