package dev.tributary.sodp;

import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.Credential;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a connection: the server says who it is, and where it wants to know who we are, we prove it. Until then
 * nothing else is said.
 */
final class Handshake {

    private static final Duration HELLO_PATIENCE = Duration.ofSeconds(10);
    private static final Duration AUTH_PATIENCE = Duration.ofSeconds(15);

    private enum Step {
        HELLO,
        TOKEN,
        AUTH_OK,
        DONE
    }

    private final Decoder decoder;
    private final Link link;
    private final boolean mayAuthenticate;
    /** The dialect that the application gave; null to find it out. */
    private final @Nullable SodpDialect given;

    private final End end;

    private Step step = Step.HELLO;
    private @Nullable SodpServer server;
    private String token = "";

    /** Hears how it came out. */
    interface End {

        /**
         * The connection can be used.
         *
         * @param expiry when the token ends; null where that is not known, or without a token
         */
        void begun(SodpServer server, @Nullable Instant expiry, Output out);

        void failed(Ending why, Output out);
    }

    Handshake(Decoder decoder, Link link, boolean mayAuthenticate, @Nullable SodpDialect given, End end) {
        this.decoder = decoder;
        this.link = link;
        this.mayAuthenticate = mayAuthenticate;
        this.given = given;
        this.end = end;
    }

    void opened(Output out) {
        out.timer(Timers.HELLO, HELLO_PATIENCE, HELLO_PATIENCE);
    }

    void frame(Frame frame, Output out) {
        switch (step) {
            case HELLO -> hello(frame, out);
            case TOKEN, AUTH_OK -> authentication(frame, out);
            case DONE -> {}
        }
    }

    private void hello(Frame frame, Output out) {
        if (frame.type() == FrameType.ERROR) {
            ServerError error = ServerError.read(frame, decoder);
            end.failed(Ending.retry(error.asException("the connection")), out);
            return;
        }
        if (frame.type() != FrameType.HELLO) {
            throw new ProtocolException("expected HELLO first, got a " + frame);
        }
        out.cancelTimer(Timers.HELLO);
        Hello hello;
        try {
            hello = Hello.read(frame, decoder, given);
        } catch (RejectedException e) {
            end.failed(Ending.rejected(e), out);
            return;
        }
        server = hello.server();
        if (!hello.auth()) {
            step = Step.DONE;
            end.begun(hello.server(), null, out);
        } else if (mayAuthenticate) {
            step = Step.TOKEN;
            out.credential(null);
        } else {
            end.failed(
                    Ending.rejected(new ConfigurationException(
                            "the server wants a token, and none was given; give one to the builder")),
                    out);
        }
    }

    void credential(Credential credential, Output out) {
        if (step != Step.TOKEN) {
            return;
        }
        token = credential.token().orElse("");
        if (token.isEmpty()) {
            end.failed(
                    Ending.rejected(new ConfigurationException(
                            "the server wants a token, and the application gave credentials without one")),
                    out);
            return;
        }
        step = Step.AUTH_OK;
        String word = token;
        link.send(FrameType.AUTH, 0, body -> body.map(1).text("token").text(word), out);
        out.timer(Timers.AUTH, AUTH_PATIENCE, AUTH_PATIENCE);
    }

    private void authentication(Frame frame, Output out) {
        SodpServer known = server;
        if (frame.type() == FrameType.ERROR) {
            ServerError error = ServerError.read(frame, decoder);
            boolean later = error.code() >= ServerError.BROKEN || error.code() == ServerError.TOO_MANY;
            SodpException reason = refusedToken(error);
            end.failed(later ? Ending.retry(reason) : Ending.reauthenticate(reason), out);
        } else if (frame.type() == FrameType.AUTH_OK && step == Step.AUTH_OK && known != null) {
            out.cancelTimer(Timers.AUTH);
            Instant expiry = TokenExpiry.of(token);
            token = "";
            step = Step.DONE;
            end.begun(known.withSubject(subject(frame)), expiry, out);
        } else if (frame.type() <= FrameType.UNWATCH) {
            throw new ProtocolException("expected AUTH_OK, got a " + frame);
        }
    }

    /** A server may repeat the token in its answer. */
    private SodpException refusedToken(ServerError error) {
        String text = token.isEmpty() ? error.message() : error.message().replace(token, "***");
        return new ServerError(error.code(), text).asException("the token");
    }

    private @Nullable String subject(Frame frame) {
        frame.open(decoder);
        String subject = null;
        int fields = decoder.map("AUTH_OK");
        for (int i = 0; i < fields; i++) {
            if (decoder.field("a field of AUTH_OK") == Field.SUB && !decoder.nil("sub of AUTH_OK")) {
                subject = decoder.text("sub of AUTH_OK");
            } else {
                decoder.skip("a field of AUTH_OK");
            }
        }
        return subject;
    }

    /** The server did not say its next word in time. */
    void overdue(Timers timer, Output out) {
        String what = timer == Timers.HELLO
                ? "no HELLO within " + HELLO_PATIENCE.toSeconds() + " s"
                : "no answer to the token within " + AUTH_PATIENCE.toSeconds() + " s";
        end.failed(Ending.retry(new ConnectionException(what)), out);
    }
}
