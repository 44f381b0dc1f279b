package dev.tributary.testkit.spacetimedb;

import java.util.List;

/** The named types of a module, to which references lead. */
record Typespace(List<SpacetimeType> types) {

    static final Typespace EMPTY = new Typespace(List.of());

    Typespace {
        types = List.copyOf(types);
    }

    SpacetimeType resolve(SpacetimeType type) {
        SpacetimeType at = type;
        while (at instanceof SpacetimeType.Ref ref) {
            at = types.get(ref.index());
        }
        return at;
    }

    SpacetimeType.Product product(SpacetimeType type) {
        return (SpacetimeType.Product) resolve(type);
    }
}
