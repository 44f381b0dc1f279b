package dev.tributary.websocket;

import dev.tributary.spi.WireEnd;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;

/** Says in words of a wire what a socket or a client threw. */
final class Failures {

    private static final int LONGEST_DETAIL = 160;
    private static final int DEEPEST_CAUSE = 12;

    /** What the JDK's client says of bytes that are no HTTP. */
    private static final List<String> NOT_HTTP = List.of(
            "invalid status line",
            "illegal character",
            "invalid chunk",
            "bad chunk",
            "malformed",
            "bad header",
            "invalid header",
            "header field name",
            "header name",
            "content-length",
            "missing status");

    private Failures() {}

    /** What failed while the connection was made, TLS included. */
    static WireFault connecting(Throwable failure) {
        if (find(failure, UnknownHostException.class).isPresent()
                || find(failure, UnresolvedAddressException.class).isPresent()) {
            return WireFault.refused("the host is unknown", failure);
        }
        if (find(failure, SSLException.class).isPresent()) {
            return WireFault.refused(tls(failure), failure);
        }
        if (find(failure, ConnectException.class).isPresent()
                || find(failure, NoRouteToHostException.class).isPresent()) {
            return WireFault.refused("the connection was refused" + detail(failure), failure);
        }
        return WireFault.refused("no connection could be made" + detail(failure), failure);
    }

    /** What the JDK's client says of a handshake that was not answered. */
    static WireFault handshake(Throwable thrown) {
        Throwable failure = unwrap(thrown);
        if (find(failure, HttpTimeoutException.class).isPresent()) {
            return WireFault.refused("no connection within the connect timeout", null);
        }
        boolean refused = find(failure, UnknownHostException.class).isPresent()
                || find(failure, UnresolvedAddressException.class).isPresent()
                || find(failure, ConnectException.class).isPresent()
                // A clean end of TLS is an end like any other.
                || (find(failure, SSLException.class).isPresent()
                        && !text(failure).contains("close_notify"));
        if (refused) {
            return connecting(failure);
        }
        String text = text(failure);
        if (find(failure, ProtocolException.class).isPresent()
                || find(failure, NumberFormatException.class).isPresent()
                || NOT_HTTP.stream().anyMatch(text::contains)) {
            return WireFault.malformed("the answer is not HTTP" + detail(failure));
        }
        if (text.contains("received no bytes")
                || find(failure, EOFException.class).isPresent()) {
            return WireFault.broken("the connection ended before the answer", failure);
        }
        if (failure instanceof IOException) {
            return WireFault.broken("the connection broke" + detail(failure), failure);
        }
        // Its text is not known to be free of secrets: the client repeats addresses and headers in such.
        return WireFault.broken(
                "the WebSocket client failed with " + failure.getClass().getSimpleName(), null);
    }

    /** What ended a connection that was there. */
    static WireEnd broken(String printable, Throwable failure) {
        return WireEnd.of(WireEnd.Kind.BROKEN, printable + ": the connection broke" + detail(failure), failure);
    }

    private static String tls(Throwable failure) {
        if (find(failure, CertificateExpiredException.class).isPresent()) {
            return "TLS failed: the server's certificate has expired";
        }
        if (find(failure, CertificateNotYetValidException.class).isPresent()) {
            return "TLS failed: the server's certificate is not valid yet";
        }
        if (find(failure, CertPathBuilderException.class).isPresent()
                || find(failure, CertPathValidatorException.class).isPresent()) {
            return "TLS failed: the server's certificate is not trusted";
        }
        Optional<CertificateException> certificate = find(failure, CertificateException.class);
        return certificate
                .map(e -> "TLS failed: the server's certificate does not fit" + detail(e))
                .orElseGet(() -> "TLS failed" + detail(failure));
    }

    /** The text of all causes, because clients wrap the telling one. */
    private static String text(Throwable failure) {
        StringBuilder text = new StringBuilder();
        Throwable at = failure;
        for (int i = 0; at != null && i < DEEPEST_CAUSE; i++) {
            text.append(at.getMessage()).append('\n');
            at = at.getCause();
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }

    /** What it says of itself, in brackets, printable and short; empty for nothing. */
    static String detail(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return "";
        }
        // It may repeat what the server sent.
        String line = message.replaceAll("[^\\x20-\\x7E]+", " ").strip();
        return " (" + (line.length() > LONGEST_DETAIL ? line.substring(0, LONGEST_DETAIL) + "…" : line) + ")";
    }

    static Throwable unwrap(Throwable thrown) {
        Throwable at = thrown;
        while ((at instanceof CompletionException || at instanceof ExecutionException) && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        Throwable at = failure;
        for (int i = 0; at != null && i < DEEPEST_CAUSE; i++) {
            if (type.isInstance(at)) {
                return Optional.of(type.cast(at));
            }
            at = at.getCause();
        }
        return Optional.empty();
    }
}
