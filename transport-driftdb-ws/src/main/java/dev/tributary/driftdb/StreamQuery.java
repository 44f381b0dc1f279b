package dev.tributary.driftdb;

import dev.tributary.ConfigurationException;
import dev.tributary.Query;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is synced.
 *
 * @param floor entries up to this number are not wanted; null: only those that come from now on
 */
record StreamQuery(String key, Form form, @Nullable Long floor) {

    /** As what a stream is seen. */
    enum Form {
        /** One row: the newest entry. */
        LATEST,
        /** One row for each entry. */
        LOG,
        /** One row for each client that announces itself. */
        PRESENCE,
        /** The whole room, for diagnosis. */
        ROOM;

        static Form named(String word) {
            return Arrays.stream(values())
                    .filter(form -> form.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst()
                    .orElseThrow(() -> new ConfigurationException("as=" + word + ": expected one of "
                            + Arrays.stream(values())
                                    .map(form -> form.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", "))));
        }
    }

    static StreamQuery of(Query query) {
        Form form = Form.LATEST;
        String replay = "all";
        for (Query.Parameter parameter : query.parameters()) {
            switch (parameter.name()) {
                case "as" -> form = Form.named(parameter.value());
                case "replay" -> replay = parameter.value();
                default ->
                    throw new ConfigurationException("query '" + query + "': unknown parameter '" + parameter.name()
                            + "'; there are as, replay");
            }
        }
        if (query.parameters().stream().map(Query.Parameter::name).distinct().count()
                != query.parameters().size()) {
            throw new ConfigurationException("query '" + query + "': a parameter is given twice");
        }
        if (form != Form.LOG && !replay.equals("all")) {
            throw new ConfigurationException("query '" + query + "': replay is for as=log alone");
        }
        if (form == Form.ROOM && !query.name().isEmpty()) {
            throw new ConfigurationException("query '" + query + "': the whole room is asked for as ?as=room");
        }
        return new StreamQuery(Push.checkedKey(query.name()), form, form == Form.PRESENCE ? null : floor(replay));
    }

    private static @Nullable Long floor(String replay) {
        if (replay.equals("none")) {
            return null;
        }
        if (replay.equals("all")) {
            return 0L;
        }
        try {
            return Long.parseUnsignedLong(replay);
        } catch (NumberFormatException e) {
            throw new ConfigurationException("replay=" + replay + ": expected all, none, or the number after which", e);
        }
    }
}
