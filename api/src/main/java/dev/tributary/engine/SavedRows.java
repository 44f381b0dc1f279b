package dev.tributary.engine;

import dev.tributary.Checkpoint;
import dev.tributary.Column;
import dev.tributary.Query;
import dev.tributary.Row;
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
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A saved view: magic, format version, what it is of, checkpoint, schema, rows, and a checksum of it all. Numbers are
 * big-endian; texts and byte strings have their length before them.
 */
final class SavedRows implements SavedView {

    private static final int MAGIC = 0x54524231; // "TRB1"
    private static final short FORMAT = 2;

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
            for (Row row : state.rows()) {
                if (row.hasDocuments()) {
                    throw new SavedViewException("rows of " + query + " hold documents, which are not saved");
                }
                writeBytes(out, row.toPacked());
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
        } catch (IOException | IllegalArgumentException e) {
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
            if (bytes.length < 10 || in.readInt() != MAGIC) {
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
            for (int i = 0; i < count; i++) {
                rows.add(Row.ofPacked(schema, byteString()));
            }
            @Nullable Checkpoint checkpoint = token.length == 0 ? null : Checkpoint.of(token);
            return new ViewState(1, schema, RowTrie.bulk(rows.toArray(new Row[0]), rows.size()), checkpoint, verified);
        }

        private void checkSum() {
            CRC32C sum = new CRC32C();
            sum.update(bytes, 0, bytes.length - 4);
            int stored = 0;
            for (int i = bytes.length - 4; i < bytes.length; i++) {
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
