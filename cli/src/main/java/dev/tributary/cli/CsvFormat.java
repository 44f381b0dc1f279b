package dev.tributary.cli;

import dev.tributary.Change;
import dev.tributary.Column;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * CSV with a header, quoted as RFC 4180 says. The first column is {@code op}; a delete shows the row that went. Null is
 * an empty field, an empty text is {@code ""}, lists and documents are JSON. Lines end as on Unix.
 */
final class CsvFormat implements RowFormat {

    private static final int BUFFER = 1 << 16;

    private final Writer out;
    private final Cells cells;
    private List<String> header = List.of();

    CsvFormat(OutputStream target, Consumer<String> problems) {
        out = new BufferedWriter(new OutputStreamWriter(target, StandardCharsets.UTF_8), BUFFER);
        cells = new Cells(problems);
    }

    @Override
    public void schema(RowSchema schema) throws IOException {
        List<String> names = schema.columns().stream().map(Column::name).toList();
        if (names.equals(header)) {
            return;
        }
        header = names;
        out.write("op");
        for (String name : names) {
            out.write(',');
            field(name, false);
        }
        out.write('\n');
    }

    @Override
    public void row(Row row) throws IOException {
        line(Change.Kind.INSERT, row);
    }

    @Override
    public void change(Change<Row> change) throws IOException {
        @Nullable Row after = change.after();
        @Nullable Row row = after == null ? change.before() : after;
        if (row != null) {
            line(change.kind(), row);
        }
    }

    private void line(Change.Kind kind, Row row) throws IOException {
        out.write(kind.name().toLowerCase(Locale.ROOT));
        for (int column = 0; column < row.schema().columns().size(); column++) {
            out.write(',');
            @Nullable Object value = cells.get(row, column);
            if (value instanceof String && isDocument(row.schema().columns().get(column))) {
                // Else the text "5" would look like the number.
                field(Values.json(value), true);
            } else {
                field(Values.text(value), value instanceof String);
            }
        }
        out.write('\n');
    }

    private static boolean isDocument(Column column) {
        return column.type().javaType() == Object.class;
    }

    private void field(String text, boolean isText) throws IOException {
        boolean quoted = text.isEmpty() ? isText : needsQuotes(text);
        if (!quoted) {
            out.write(text);
            return;
        }
        out.write('"');
        out.write(text.replace("\"", "\"\""));
        out.write('"');
    }

    private static boolean needsQuotes(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' || c == '"' || c == '\n' || c == '\r') {
                return true;
            }
        }
        return false;
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
