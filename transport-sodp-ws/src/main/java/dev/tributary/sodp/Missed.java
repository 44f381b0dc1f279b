package dev.tributary.sodp;

import dev.tributary.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What deltas that came before a whole value have to do with it. */
final class Missed {

    private final Decoder decoder;
    private final SodpDialect dialect;

    Missed(Decoder decoder, SodpDialect dialect) {
        this.decoder = decoder;
        this.dialect = dialect;
    }

    /** How many of the deltas are contained in a whole value: all up to the last that led to it. */
    int contained(List<Delta> early, Held snapshot) {
        for (int i = early.size(); i > 0; i--) {
            Delta delta = early.get(i - 1);
            boolean last = snapshot.initialized() ? delta.version() == snapshot.version() : isDeletion(delta);
            if (last) {
                return i;
            }
        }
        return 0;
    }

    boolean isDeletion(Delta delta) {
        try {
            return DeltaSteps.isDeletion(delta, decoder);
        } catch (ProtocolException e) {
            return false;
        }
    }

    /** The steps that were missed, one after the other; null when they do not lead from what was held to the value. */
    @Nullable
    List<Held> steps(Held from, List<Delta> led, Held to) {
        List<Held> steps = new ArrayList<>();
        Held state = from;
        for (Delta delta : led) {
            if (delta.version() <= state.version()) {
                return null;
            }
            try {
                DeltaSteps one = new DeltaSteps(dialect, state.value(), state.initialized(), false);
                one.apply(delta, decoder);
                state = new Held(one.document(), delta.version(), one.initialized());
                steps.add(state);
            } catch (UnfitDelta | ProtocolException e) {
                return null;
            }
        }
        return state.sameValue(to) ? steps : null;
    }
}
