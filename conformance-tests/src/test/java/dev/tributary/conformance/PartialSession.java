package dev.tributary.conformance;

import dev.tributary.Column;
import dev.tributary.Row;
import dev.tributary.RowPacker;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Subscription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** A right session that tells of an update only what changed, where it saw the row before. */
class PartialSession extends BentSession {

    private final Map<Subscription, List<Row>> known = new HashMap<>();

    @Override
    List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
        List<Row> rows = known.computeIfAbsent(subscription, any -> new ArrayList<>());
        if (replacing.contains(subscription)) {
            rows.clear();
        }
        List<Edit> told = new ArrayList<>();
        for (Edit edit : edits) {
            Row before = rows.stream()
                    .filter(row -> row.sameKey(edit.row()))
                    .findFirst()
                    .orElse(null);
            rows.remove(before);
            if (edit.isPut()) {
                rows.add(edit.row());
            }
            if (edit.isPut() && before != null) {
                partial(before, edit.row()).forEach(row -> told.add(new Edit(row, true)));
            } else {
                told.add(edit);
            }
        }
        return told;
    }

    /** What is told of an update. */
    List<Row> partial(Row before, Row after) {
        return List.of(only(after, column -> !Arrays.equals(before.packedValue(column), after.packedValue(column))));
    }

    /** The key of a row, and of its other columns these. */
    static Row only(Row row, IntPredicate columns) {
        RowPacker packer = new RowPacker(row.schema());
        for (int column = 0; column < row.schema().columns().size(); column++) {
            Column is = row.schema().columns().get(column);
            if (is.isKey() || columns.test(column)) {
                packer.set(column, row.packedValue(column));
            }
        }
        return packer.pack();
    }

    @Override
    void apply(Draft draft, Edit edit) {
        if (edit.row().isComplete() || !edit.isPut()) {
            super.apply(draft, edit);
        } else {
            draft.patch(edit.row());
        }
    }
}
