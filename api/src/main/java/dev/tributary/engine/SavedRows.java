package dev.tributary.engine;

import dev.tributary.Checkpoint;
import dev.tributary.Column;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.RowPacker;
import dev.tributary.RowSchema;
import dev.tributary.SavedView;
import dev.tributary.SavedViewException;
import dev.tributary.spi.TransportProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A saved view: magic, format version, what it is of, checkpoint, schema, rows, and a checksum of it all. Numbers are
 * big-endian; texts and byte strings have their length before them. A row is its packed form and its documents, see
 * {@link DocumentWriter}.
 */
final class SavedRows implements SavedView {

    private static final int MAGIC = 0x54524231; // "TRB1"
    private static final short FORMAT = 2;
    private static final int CHECKSUM = 4;

    private final String scheme;
    private final Query query;
    private final ViewState state;

    SavedRows(String scheme, Query query, ViewState state) {
        this.scheme = scheme;
        this.query = query;
        this.state = state;
    }

    @Override
    public String query() {
        return query.toString();
    }

    @Override
    public int size() {
        return state.rows().size();
    }

    @Override
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeShort(FORMAT);
            writeText(out, scheme);
            writeText(out, query.toString());
            Checkpoint checkpoint = state.checkpoint();
            writeBytes(out, checkpoint == null ? new byte[0] : checkpoint.toBytes());
            out.writeBoolean(state.verified());
            RowSchema schema = state.schema();
            writeSchema(out, schema == null ? RowSchema.of(List.of()) : schema);
            out.writeInt(state.rows().size());
            DocumentWriter documents = new DocumentWriter(out);
            for (Row row : state.rows()) {
                writeBytes(out, row.toPacked());
                writeDocuments(row, documents);
            }
            out.flush();
            CRC32C sum = new CRC32C();
            sum.update(bytes.toByteArray());
            out.writeInt((int) sum.getValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void writeSchema(DataOutputStream out, RowSchema schema) throws IOException {
        out.writeInt(schema.columns().size());
        for (Column column : schema.columns()) {
            writeText(out, column.name());
            writeText(out, column.type().name());
            out.writeBoolean(column.nullable());
            out.writeInt(column.keyIndex());
        }
    }

    /** How many columns are documents, then the number and the document of each. */
    private static void writeDocuments(Row row, DocumentWriter documents) throws IOException {
        int columns = row.hasDocuments() ? row.schema().columns().size() : 0;
        int count = 0;
        for (int column = 0; column < columns; column++) {
            count += row.isDocument(column) ? 1 : 0;
        }
        documents.size(count);
        for (int column = 0; column < columns; column++) {
            if (row.isDocument(column)) {
                documents.size(column);
                documents.write(row.get(column));
            }
        }
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * The state that was saved of this query.
     *
     * @throws SavedViewException saying what is wrong with it
     */
    static ViewState read(byte[] bytes, TransportProvider transport, Query query) {
        try {
            return new Reader(bytes).read(transport, query);
        } catch (IOException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | ArithmeticException
                | DateTimeException e) {
            throw new SavedViewException("the saved view is damaged: " + e.getMessage(), e);
        }
    }

    private static final class Reader {

        private final byte[] bytes;
        private final DataInputStream in;

        Reader(byte[] bytes) {
            this.bytes = bytes;
            this.in = new DataInputStream(new ByteArrayInputStream(bytes));
        }

        ViewState read(TransportProvider transport, Query query) throws IOException {
            if (bytes.length < 6 + CHECKSUM || in.readInt() != MAGIC) {
                throw new SavedViewException("these " + bytes.length + " bytes are no saved view");
            }
            short format = in.readShort();
            if (format != FORMAT) {
                throw new SavedViewException("the saved view has format " + format + ", this library reads " + FORMAT);
            }
            checkSum();
            String scheme = text();
            String saved = text();
            if (!scheme.equals(transport.scheme()) || !saved.equals(query.toString())) {
                throw new SavedViewException("the saved view is of " + scheme + " '" + saved + "', not of "
                        + transport.scheme() + " '" + query + "'");
            }
            byte[] token = byteString();
            boolean verified = in.readBoolean();
            RowSchema schema = schema(transport);
            int count = in.readInt();
            List<Row> rows = new ArrayList<>();
            DocumentReader documents = new DocumentReader(in);
            for (int i = 0; i < count; i++) {
                rows.add(row(schema, documents));
            }
            if (count < 0 || in.available() != CHECKSUM) {
                throw new IOException(count + " rows leave " + in.available() + " bytes");
            }
            @Nullable Checkpoint checkpoint = token.length == 0 ? null : Checkpoint.of(token);
            return new ViewState(1, schema, RowTrie.bulk(rows.toArray(new Row[0]), rows.size()), checkpoint, verified);
        }

        private Row row(RowSchema schema, DocumentReader documents) throws IOException {
            Row packed = Row.ofPacked(schema, byteString());
            int count = documents.size();
            if (count == 0) {
                return packed;
            }
            RowPacker packer = new RowPacker(schema);
            for (int column = 0; column < schema.columns().size(); column++) {
                byte[] value = packed.packedValue(column);
                if (value != null) {
                    packer.set(column, value);
                } else if (packed.has(column)) {
                    packer.setNull(column);
                }
            }
            for (int i = 0; i < count; i++) {
                packer.setDocument(documents.size(), documents.read());
            }
            return packer.pack();
        }

        private void checkSum() {
            CRC32C sum = new CRC32C();
            sum.update(bytes, 0, bytes.length - CHECKSUM);
            int stored = 0;
            for (int i = bytes.length - CHECKSUM; i < bytes.length; i++) {
                stored = stored << 8 | bytes[i] & 0xff;
            }
            if (stored != (int) sum.getValue()) {
                throw new SavedViewException("the saved view is damaged: its checksum does not hold");
            }
        }

        private RowSchema schema(TransportProvider transport) throws IOException {
            int count = in.readInt();
            List<Column> columns = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String name = text();
                columns.add(new Column(name, transport.columnType(text()), in.readBoolean(), in.readInt()));
            }
            return RowSchema.of(columns);
        }

        private String text() throws IOException {
            return new String(byteString(), StandardCharsets.UTF_8);
        }

        private byte[] byteString() throws IOException {
            int length = in.readInt();
            if (length < 0 || length > in.available()) {
                throw new IOException("a length of " + length + " with " + in.available() + " bytes left");
            }
            return in.readNBytes(length);
        }
    }
}
