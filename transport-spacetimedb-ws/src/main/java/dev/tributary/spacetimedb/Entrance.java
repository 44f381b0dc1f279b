package dev.tributary.spacetimedb;

import dev.tributary.Credential;
import dev.tributary.Options;
import dev.tributary.SyncException;
import dev.tributary.http.Exchanges;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * With what we come to the server: the application's credentials, the token of the options, that of the identity which the
 * server made for this source before, or nothing. A refusal is told to the application; nobody else is tried instead.
 */
final class Entrance {

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;

    private final boolean asks;
    private final @Nullable String given;
    private final boolean exchanges;
    private final SourceMemory memory;
    private final Exchanges http;
    private final End end;
    private boolean begun;
    private @Nullable Credential credential;
    private boolean issued;

    /** Hears how it came out. */
    interface End {

        /** The credentials are known; requests over HTTP may go out. */
        void known(Credential credential, Output out);

        /**
         * The WebSocket may be opened.
         *
         * @param shortToken for the address; null to use the credentials in a header
         */
        void mayOpen(Credential credential, @Nullable String shortToken, Output out);

        void refused(Ending why, Output out);
    }

    Entrance(boolean asks, Options options, SourceMemory memory, Exchanges http, End end) {
        this.asks = asks;
        this.given = options.get(SpacetimeDbOptions.TOKEN).orElse(null);
        this.exchanges = options.get(SpacetimeDbOptions.TOKEN_EXCHANGE, false);
        this.memory = memory;
        this.http = http;
        this.end = end;
    }

    void begin(Output out) {
        if (begun) {
            return;
        }
        begun = true;
        if (asks) {
            out.credential(null);
        } else {
            credential(given == null ? Credential.NONE : Credential.token(given), out);
        }
    }

    void credential(Credential received, Output out) {
        Credential used = received;
        String kept = memory.issuedToken();
        if (received.token().isEmpty() && kept != null) {
            used = received.merge(Credential.token(kept));
            issued = true;
        }
        credential = used;
        end.known(used, out);
    }

    /** The credentials; null while they are not known. */
    @Nullable
    Credential credential() {
        return credential;
    }

    /** Whether a token is presented. */
    boolean hasToken() {
        return credential != null && credential.token().isPresent();
    }

    /** Changes the token for a short one where that is wanted. */
    void enter(Targets targets, Output out) {
        Credential known = credential;
        if (known == null) {
            return;
        }
        if (!exchanges || known.token().isEmpty()) {
            end.mayOpen(known, null, out);
            return;
        }
        http.begin(
                targets.websocketToken(known),
                new Exchanges.Answer() {
                    @Override
                    public void answered(Head head, byte[] body, Output to) {
                        exchanged(known, head, new String(body, StandardCharsets.UTF_8), to);
                    }

                    @Override
                    public void failed(SyncException reason, Output to) {
                        end.refused(Ending.retry(reason), to);
                    }
                },
                out);
    }

    private void exchanged(Credential known, Head head, String body, Output out) {
        int status = head.status();
        if (status != OK) {
            SpacetimeDbException reason = SpacetimeDbException.ofStatus("the exchange of the token", status, body);
            end.refused(endingOf(status, reason).after(head.retryAfter(out.now())), out);
            return;
        }
        String what = "the answer to the exchange of the token";
        end.mayOpen(known, PlainJson.text(what, PlainJson.map(what, PlainJson.of(what, body)), "token"), out);
    }

    /**
     * What a refusal by status means. A token that is refused is asked for again where somebody can be asked; else that is
     * the end: to go on as another identity is for the application to decide.
     */
    Ending endingOf(int status, SpacetimeDbException reason) {
        if (status != UNAUTHORIZED || (asks && !issued)) {
            return Refusals.endingOf(status, reason);
        }
        if (issued) {
            memory.forgetIssuedToken();
        }
        return Ending.rejected(reason);
    }
}
