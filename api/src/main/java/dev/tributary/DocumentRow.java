package dev.tributary;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A row some of whose columns are documents: plain objects (maps, lists, scalars) that share structure between a value
 * and its update, and therefore are not packed.
 */
final class DocumentRow extends Row {

    private final @Nullable Object[] documents;
    private final boolean[] isDocument;
    /** Found when first asked for; 0 before. */
    private int size;

    private DocumentRow(RowSchema schema, byte[] packed, @Nullable Object[] documents, boolean[] isDocument) {
        super(schema, packed);
        this.documents = documents;
        this.isDocument = isDocument;
    }

    /** A row of these; a plain one where no column is a document, so that equal rows are of one class. */
    static Row of(RowSchema schema, byte[] packed, @Nullable Object[] documents, boolean[] isDocument) {
        for (boolean any : isDocument) {
            if (any) {
                return new DocumentRow(schema, packed, documents, isDocument);
            }
        }
        return new Row(schema, packed);
    }

    @Override
    public @Nullable Object get(int column) {
        return isDocument[column] ? documents[column] : super.get(column);
    }

    @Override
    public boolean has(int column) {
        return isDocument[column] || super.has(column);
    }

    @Override
    public boolean isNull(int column) {
        return isDocument[column] ? documents[column] == null : super.isNull(column);
    }

    @Override
    public boolean isComplete() {
        for (int column = 0; column < isDocument.length; column++) {
            if (!has(column)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The two rows as one, given their merged packed bytes. A document is replaced as a whole: its own structure is shared
     * by whoever made the new one.
     */
    static Row merged(Row row, Row partial, byte[] packed) {
        int columns = row.schema().columns().size();
        @Nullable Object[] documents = new Object[columns];
        boolean[] isDocument = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            Row source = partial.has(column) ? partial : row;
            if (source.isDocument(column)) {
                isDocument[column] = true;
                documents[column] = source.get(column);
            }
        }
        return of(row.schema(), packed, documents, isDocument);
    }

    @Override
    public boolean isDocument(int column) {
        return isDocument[column];
    }

    @Override
    boolean sameDocuments(Row other) {
        return other instanceof DocumentRow that
                && Arrays.equals(isDocument, that.isDocument)
                && Arrays.equals(documents, that.documents, (a, b) -> SameDocument.is(a, b) ? 0 : 1);
    }

    @Override
    public boolean hasDocuments() {
        return true;
    }

    @Override
    public int sizeInBytes() {
        int known = size;
        if (known == 0) {
            long bytes = super.sizeInBytes() + 16L * documents.length;
            for (Object document : documents) {
                bytes += DocumentSize.of(document);
            }
            known = (int) Math.min(Integer.MAX_VALUE, bytes);
            size = known;
        }
        return known;
    }
}
