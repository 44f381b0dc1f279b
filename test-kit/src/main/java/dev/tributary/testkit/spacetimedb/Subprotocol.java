package dev.tributary.testkit.spacetimedb;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be spoken, in the order in which the server likes it. */
enum Subprotocol {
    V3("v3.bsatn.spacetimedb"),
    V2("v2.bsatn.spacetimedb"),
    V1_BSATN("v1.bsatn.spacetimedb"),
    V1_JSON("v1.json.spacetimedb");

    private final String wireName;

    Subprotocol(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    boolean isVersion1() {
        return this == V1_BSATN || this == V1_JSON;
    }

    static @Nullable Subprotocol best(List<String> offered, SpacetimeDbOptions options) {
        for (Subprotocol each : values()) {
            if (options.speaks(each) && offered.contains(each.wireName)) {
                return each;
            }
        }
        return null;
    }
}
