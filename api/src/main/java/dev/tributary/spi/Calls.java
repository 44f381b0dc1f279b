package dev.tributary.spi;

import dev.tributary.MaterializedView;
import dev.tributary.NoticeListener;
import dev.tributary.Registration;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How the typed interface of a transport reaches its protocol. Safe for any thread. */
public interface Calls {

    /**
     * Hands a request to the session that serves a view.
     *
     * @param delivery what becomes of it when a session is lost; one whose outcome is unknown ends with
     *     {@link dev.tributary.OutcomeUnknownException}
     * @return the reply, on the executor that the source shares; fails at the deadline in any case
     * @throws dev.tributary.ConfigurationException when the view is not of this source
     */
    CompletableFuture<@Nullable Object> call(
            MaterializedView<?> view, Object request, Duration deadline, Delivery delivery);

    /** Hands a request to the session of the source, which is opened if there is none. */
    CompletableFuture<@Nullable Object> call(Object request, Duration deadline, Delivery delivery);

    /**
     * Hears the notices of a kind that come from now on ({@link Output#notice}), in order, on the executor that the
     * source shares. Of a slow listener so many wait at most; more are dropped and counted.
     */
    <N> Registration onNotice(Class<N> type, NoticeListener<? super N> listener);
}
