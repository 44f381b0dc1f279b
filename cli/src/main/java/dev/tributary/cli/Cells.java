package dev.tributary.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.Column;
import dev.tributary.MappingException;
import dev.tributary.Row;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the values of rows. One that is none of its column's type is told and read as null; the rest goes on. */
final class Cells {

    private final Consumer<String> problems;

    Cells(Consumer<String> problems) {
        this.problems = problems;
    }

    @Nullable
    Object get(Row row, int column) {
        try {
            return row.get(column);
        } catch (MappingException e) {
            problems.accept(ErrorSentences.textOf(e) + "; shown as null");
            return null;
        }
    }

    /** The whole row as an object. */
    void write(JsonGenerator json, Row row) throws IOException {
        json.writeStartObject();
        for (int column = 0; column < row.schema().columns().size(); column++) {
            writeMember(json, row, column);
        }
        json.writeEndObject();
    }

    /** The columns of a row in which it differs from another one, as an object. */
    void writeDifference(JsonGenerator json, Row row, Row other) throws IOException {
        json.writeStartObject();
        boolean comparable = row.schema().equals(other.schema());
        for (int column = 0; column < row.schema().columns().size(); column++) {
            if (!comparable || differs(row, other, column)) {
                writeMember(json, row, column);
            }
        }
        json.writeEndObject();
    }

    private void writeMember(JsonGenerator json, Row row, int column) throws IOException {
        if (row.has(column)) {
            json.writeFieldName(row.schema().columns().get(column).name());
            Values.write(json, get(row, column));
        }
    }

    private static boolean differs(Row row, Row other, int column) {
        byte[] packed = row.packedValue(column);
        byte[] otherPacked = other.packedValue(column);
        if (packed == null && otherPacked == null) {
            // Null, or a document, which is not packed and reads without a mapping.
            return !Objects.equals(row.get(column), other.get(column));
        }
        return !Arrays.equals(packed, otherPacked);
    }

    /** The key as an array. */
    void writeKey(JsonGenerator json, Row row) throws IOException {
        json.writeStartArray();
        List<Column> columns = row.schema().keyColumns();
        for (Column column : columns) {
            Values.write(json, get(row, row.schema().find(column.name())));
        }
        json.writeEndArray();
    }
}
