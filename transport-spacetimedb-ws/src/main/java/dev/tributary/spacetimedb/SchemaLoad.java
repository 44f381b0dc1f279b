package dev.tributary.spacetimedb;

import dev.tributary.Credential;
import dev.tributary.ProtocolException;
import dev.tributary.SyncException;
import dev.tributary.http.Exchanges;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the description of the module at the beginning of each connection: the module may have been replaced while there
 * was none. Names come from version 9; version 10, where the server has it, adds which tables have events, and the errors
 * of reducers.
 */
final class SchemaLoad {

    private static final int OK = 200;

    private final @Nullable String pinned;
    private final boolean isRaw;
    private final Exchanges exchanges;
    private final BiFunction<Integer, SpacetimeDbException, Ending> endings;
    private final End end;
    private int running;
    private @Nullable DatabaseSchema named;
    private @Nullable DatabaseSchema more;
    private @Nullable Ending failed;

    /** Hears how it came out. */
    interface End {

        void loaded(DatabaseSchema schema, Output out);

        void failed(Ending why, Output out);
    }

    /**
     * @param isRaw whether nothing is to be known of the module
     * @param endings what a refusal by status means
     */
    SchemaLoad(
            @Nullable String pinned,
            boolean isRaw,
            Exchanges exchanges,
            BiFunction<Integer, SpacetimeDbException, Ending> endings,
            End end) {
        this.pinned = pinned;
        this.isRaw = isRaw;
        this.exchanges = exchanges;
        this.endings = endings;
        this.end = end;
    }

    /** Whether answers are waited for. */
    boolean isRunning() {
        return running > 0;
    }

    /** Begins, unless it is under way. */
    void begin(Targets targets, Credential credential, Output out) {
        if (running > 0) {
            return;
        }
        if (isRaw) {
            end.loaded(DatabaseSchema.raw(), out);
            return;
        }
        if (pinned != null) {
            end.loaded(DatabaseSchema.parse(pinned), out);
            return;
        }
        running = 2;
        named = null;
        more = null;
        failed = null;
        exchanges.begin(targets.schema(9, credential), new Version(true), out);
        exchanges.begin(targets.schema(10, credential), new Version(false), out);
    }

    /** The answer of one version. */
    private final class Version implements Exchanges.Answer {

        private final boolean needed;

        Version(boolean needed) {
            this.needed = needed;
        }

        @Override
        public void answered(Head head, byte[] body, Output out) {
            int status = head.status();
            if (status == OK) {
                try {
                    DatabaseSchema schema = DatabaseSchema.parse(new String(body, StandardCharsets.UTF_8));
                    if (needed) {
                        named = schema;
                    } else {
                        more = schema;
                    }
                } catch (ProtocolException e) {
                    failed = needed ? Ending.retry(e) : failed;
                }
            } else if (needed) {
                SpacetimeDbException refusal = SpacetimeDbException.ofStatus(
                        "the schema, which can be given to the builder instead, or be done without by 'rawRows',",
                        status,
                        new String(body, StandardCharsets.UTF_8));
                failed = endings.apply(status, refusal).after(head.retryAfter(out.now()));
            }
            done(out);
        }

        @Override
        public void failed(SyncException reason, Output out) {
            failed = needed ? Ending.retry(reason) : failed;
            done(out);
        }
    }

    private void done(Output out) {
        if (--running > 0) {
            return;
        }
        DatabaseSchema base = named;
        if (failed != null) {
            end.failed(failed, out);
        } else if (base != null) {
            end.loaded(more == null ? base : base.with(more), out);
        }
    }
}
