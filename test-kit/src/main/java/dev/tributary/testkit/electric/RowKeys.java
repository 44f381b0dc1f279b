package dev.tributary.testkit.electric;

import org.jspecify.annotations.Nullable;

/** Builds message keys. Snapshot and stream differ in how they escape names and spell booleans. */
final class RowKeys {

    private final TableSpec spec;
    private final int[] parts;
    private final String snapshotPrefix;
    private final String streamPrefix;

    RowKeys(TableSpec spec) {
        this.spec = spec;
        int[] key = spec.keyIndexes();
        this.parts = key.length > 0 ? key : spec.sortedIndexes();
        TableName name = spec.name();
        this.snapshotPrefix = TableName.quote(name.schema()) + "." + TableName.quote(name.name());
        this.streamPrefix = '"' + doubled(name.schema()) + "\".\"" + doubled(name.name()) + '"';
    }

    String snapshot(@Nullable String[] row) {
        StringBuilder key = new StringBuilder(snapshotPrefix);
        for (int part : parts) {
            append(key, spec.column(part).snapshotForm(row[part]));
        }
        return key.toString();
    }

    String stream(@Nullable String[] row) {
        StringBuilder key = new StringBuilder(streamPrefix);
        for (int part : parts) {
            append(key, row[part]);
        }
        return key.toString();
    }

    private static void append(StringBuilder key, @Nullable String value) {
        key.append('/');
        if (value == null) {
            key.append('_');
        } else {
            key.append('"')
                    .append(value.indexOf('/') < 0 ? value : value.replace("/", "//"))
                    .append('"');
        }
    }

    private static String doubled(String name) {
        return name.replace("/", "//").replace(".", "..");
    }
}
