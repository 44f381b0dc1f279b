package dev.tributary.sodp;

import dev.tributary.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls that a patch of some depth takes on a server. */
final class PatchSteps {

    private final String key;
    private final SodpDialect dialect;
    private final List<Invocation> places = new ArrayList<>();

    private PatchSteps(String key, SodpDialect dialect) {
        this.key = key;
        this.dialect = dialect;
    }

    /** The patch itself, where the server does as is wanted; else one for what it does right, and one for each other place. */
    static List<Invocation> of(String key, DocMap patch, PatchDepth depth, SodpDialect dialect) {
        boolean deep = depth == PatchDepth.DEEP;
        if (depth == PatchDepth.AS_SERVER || deep == dialect.patchesDeep()) {
            return List.of(Invocation.patch(key, patch));
        }
        PatchSteps steps = new PatchSteps(key, dialect);
        DocMap plain = patch;
        for (Map.Entry<String, @Nullable Object> member : patch.entrySet()) {
            if (member.getValue() instanceof DocMap inner) {
                plain = plain.without(member.getKey());
                SodpPath path = SodpPath.of(member.getKey());
                if (deep) {
                    steps.merge(path, inner);
                } else {
                    steps.places.add(Invocation.setIn(key, path, inner));
                }
            }
        }
        List<Invocation> all = new ArrayList<>();
        if (!plain.isEmpty() || steps.places.isEmpty()) {
            all.add(Invocation.patch(key, plain));
        }
        all.addAll(steps.places);
        return all;
    }

    private void merge(SodpPath at, DocMap object) {
        for (Map.Entry<String, @Nullable Object> member : object.entrySet()) {
            String name = member.getKey();
            if (dialect.paths() == PathSyntax.POINTER && DocumentEdit.looksLikeIndex(name)) {
                throw new ConfigurationException("this server would take the member " + Shown.text(name) + " at "
                        + Shown.text(at.toString()) + " for a place in an array");
            }
            SodpPath path = at.child(name);
            if (member.getValue() instanceof DocMap inner) {
                merge(path, inner);
            } else {
                places.add(Invocation.setIn(key, path, member.getValue()));
            }
        }
    }
}
