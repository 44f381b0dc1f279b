package dev.tributary.testkit.sodp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a write makes of a key.
 *
 * @param value the value after it
 * @param exists whether the key exists after it
 * @param ops what a DELTA says about it; none when there is no DELTA
 * @param takesVersion whether it uses up a version
 */
record Edit(@Nullable Object value, boolean exists, List<SodpOp> ops, boolean takesVersion) {

    /** A write without any effect. */
    static Edit none(KeyState state) {
        return new Edit(state.value(), state.exists(), List.of(), false);
    }

    /** A write that a DELTA tells. */
    static Edit told(@Nullable Object value, List<SodpOp> ops) {
        return new Edit(value, true, ops, true);
    }

    static Edit deletion() {
        return new Edit(null, false, List.of(SodpOp.remove("/")), true);
    }
}
