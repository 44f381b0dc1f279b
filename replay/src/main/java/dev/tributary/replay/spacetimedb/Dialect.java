package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What the server messages of one version mean, and how they are said of our requests instead. */
interface Dialect {

    /**
     * What a message is about.
     *
     * @param self the id of the connection, once it is known
     */
    About about(Message message, @Nullable Object self);

    /** The id of the connection, which its first message tells. */
    default @Nullable Object self(Message connected) {
        return connected.at("connection_id", "__connection_id__");
    }

    /** The first rows of one table, of those of a recorded set, for the query set of ours. */
    Message applied(Message recorded, OurView.Ids ids, String table);

    /** A query set of ours is let go of, without any rows: nobody looks at those. */
    Message released(long request, long querySet);

    /** The query set of ours is refused. */
    Message refused(Message recorded, OurView.Ids ids);

    /** The same of our call, our procedure or our query. */
    Message answered(Message recorded, About about, String ours);

    /**
     * The same changes for our query sets; null when none of them is changed.
     *
     * @param setOf our query set for a recorded one and a table; null where there is none
     */
    @Nullable
    Message changed(Message recorded, BiFunction<Long, String, @Nullable Long> setOf);

    /** The names of the tables in a list. */
    static Set<String> tables(@Nullable Object list) {
        Set<String> names = new TreeSet<>();
        Json.elements(list)
                .forEach(table -> names.add(String.valueOf(Json.members(table).get("table_name"))));
        return names;
    }

    /** The entries of one table. */
    static List<@Nullable Object> ofTable(List<@Nullable Object> tables, String name) {
        return tables.stream()
                .filter(table -> name.equals(Json.members(table).get("table_name")))
                .toList();
    }

    /** Something, as an option has it. */
    static Map<String, Object> some(long number) {
        return Map.of("some", BigDecimal.valueOf(number));
    }
}
