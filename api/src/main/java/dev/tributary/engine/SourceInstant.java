package dev.tributary.engine;

import dev.tributary.MaterializedView;
import dev.tributary.Snapshot;
import dev.tributary.SourceSnapshot;
import java.util.Map;

/** The states of a source's views as they were at one call. */
record SourceInstant(Map<ViewCore, ViewState> states) implements SourceSnapshot {

    @Override
    public <T> Snapshot<T> of(MaterializedView<T> view) {
        if (view instanceof View<T> ours) {
            ViewState state = states.get(ours.core());
            if (state != null) {
                return new RowSnapshot<>(state, ours.mapper());
            }
        }
        throw new IllegalArgumentException("the view of " + view.query() + " was not in this source at that instant");
    }
}
