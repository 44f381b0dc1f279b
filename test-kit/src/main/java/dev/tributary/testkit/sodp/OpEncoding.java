package dev.tributary.testkit.sodp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The ops of a DELTA as they are sent. */
final class OpEncoding {

    private OpEncoding() {}

    /**
     * The ops as maps.
     *
     * @param leftOut which values are not sent
     */
    static List<Map<String, @Nullable Object>> of(List<SodpOp> ops, Predicate<@Nullable Object> leftOut) {
        List<Map<String, @Nullable Object>> encoded = new ArrayList<>(ops.size());
        for (SodpOp op : ops) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("op", op.kind().name());
            fields.put("path", op.path());
            if (op.kind() != SodpOp.Kind.REMOVE && !leftOut.test(op.value())) {
                fields.put("value", op.value());
            }
            encoded.add(fields);
        }
        return encoded;
    }
}
