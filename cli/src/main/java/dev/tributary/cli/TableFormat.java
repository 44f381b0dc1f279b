package dev.tributary.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.Change;
import dev.tributary.Row;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One line for each change, for people: {@code + 42  {…}}, {@code ~ 42  {…}  was {…}} with only what changed, and
 * {@code - 42}.
 */
final class TableFormat implements RowFormat {

    private final JsonGenerator json;
    private final Cells cells;

    TableFormat(OutputStream out, Consumer<String> problems) {
        try {
            json = Values.generator(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cells = new Cells(problems);
    }

    @Override
    public void row(Row row) throws IOException {
        begin("+ ", row);
        json.writeRaw("  ");
        cells.write(json, row);
        json.writeRaw('\n');
    }

    @Override
    public void more(long rows) throws IOException {
        json.writeRaw("… and " + Shell.grouped(rows) + " more\n");
    }

    @Override
    public void change(Change<Row> change) throws IOException {
        @Nullable Row after = change.after();
        @Nullable Row before = change.before();
        if (after == null) {
            if (before != null) {
                begin("- ", before);
                json.writeRaw('\n');
            }
        } else if (before == null) {
            row(after);
        } else {
            begin("~ ", after);
            json.writeRaw("  ");
            cells.writeDifference(json, after, before);
            json.writeRaw("  was ");
            cells.writeDifference(json, before, after);
            json.writeRaw('\n');
        }
    }

    private void begin(String sign, Row row) throws IOException {
        json.writeRaw(sign);
        json.writeRaw(oneLine(row.keyText()));
    }

    /** A key may be any text; what would move the cursor is spelled. */
    private static String oneLine(String key) {
        if (key.chars().noneMatch(Character::isISOControl)) {
            return key;
        }
        StringBuilder line = new StringBuilder();
        key.chars().forEach(c -> {
            if (Character.isISOControl(c)) {
                line.append(String.format("\\u%04x", c));
            } else {
                line.append((char) c);
            }
        });
        return line.toString();
    }

    @Override
    public void flush() throws IOException {
        json.flush();
    }
}
