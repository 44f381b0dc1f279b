package dev.tributary.electric;

import dev.tributary.ColumnType;
import dev.tributary.Option;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The options of this transport. Those that a URI cannot hold are set by {@link ElectricSourceBuilder}. */
final class ElectricOptions {

    static final int MOST_PREFETCH = 2;

    static final Option<Integer> PREFETCH = Option.number(
            "prefetch",
            0,
            "how many chunks to ask for ahead while catching up, 0 to 2; by default 2, more counts as 2");

    static final Option<Duration> LIVE_TIMEOUT = Option.duration(
            "liveTimeout", "how long a live request may stay unanswered before it is made again; by default 45s");

    static final Option<String> SECRET = Option.secret("secret", "the API secret of the server");

    static final Option<String> API_SECRET = Option.secret("api_secret", "the API secret by its former name");

    static final Option<String> SOURCE_ID = Option.text("source_id", "the source at the hosted service");

    static final Option<Electric.ErrorHook> ERROR_HOOK =
            Option.object("onError", "what to do about a refused request; set on the builder");

    static final Option<ColumnNames> COLUMN_NAMES =
            Option.object("columnNames", "how columns are named here; set on the builder");

    static final Option<Map<String, Function<ColumnInfo, ColumnType>>> TYPES =
            Option.object("types", "how types are read here; set on the builder");

    static final List<Option<?>> ALL =
            List.of(PREFETCH, LIVE_TIMEOUT, SECRET, API_SECRET, SOURCE_ID, ERROR_HOOK, COLUMN_NAMES, TYPES);

    private ElectricOptions() {}
}
