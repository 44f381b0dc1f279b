package dev.tributary.http;

import dev.tributary.spi.WireEnd;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
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
import org.jspecify.annotations.Nullable;

/**
 * Says in words of a wire what the client threw. The client has few types, so some are told apart by their text; what
 * is not known counts as a broken connection, which is tried again.
 */
final class Failures {

    private static final int LONGEST_DETAIL = 160;
    private static final int DEEPEST_CAUSE = 12;

    /** What the client says of bytes that are no HTTP. */
    private static final List<String> NOT_HTTP = List.of(
            "invalid status line",
            "illegal character",
            "invalid chunk",
            "bad chunk",
            "chunk size",
            "malformed",
            "bad header",
            "invalid header",
            "header field name",
            "header name",
            "invalid content-length",
            "content-length header",
            "missing status",
            "invalid preface",
            "protocol error",
            "frame_size_error");

    /** How the client begins to tell of an end within the status line; what it had read follows. */
    private static final String STATUS_LINE = "status line, receiving [";

    private final String printable;

    /**
     * @param printable the address without its secrets
     */
    Failures(String printable) {
        this.printable = printable;
    }

    /**
     * @param headHeard whether the response had begun
     */
    WireEnd end(Throwable thrown, boolean headHeard) {
        Throwable failure = unwrap(thrown);
        if (!headHeard) {
            Optional<String> refusal = refusal(failure);
            if (refusal.isPresent()) {
                return end(WireEnd.Kind.REFUSED, refusal.get(), failure);
            }
        }
        if (isNotHttp(failure)) {
            return end(WireEnd.Kind.MALFORMED, "the answer is not HTTP" + detail(failure), failure);
        }
        if (failure instanceof IOException) {
            return end(WireEnd.Kind.BROKEN, broken(failure) + detail(failure), failure);
        }
        // Its text is not known to be free of secrets: the client repeats addresses and headers in such.
        return end(
                WireEnd.Kind.BROKEN,
                "the HTTP client failed with " + failure.getClass().getSimpleName(),
                null);
    }

    private WireEnd end(WireEnd.Kind kind, String reason, @Nullable Throwable cause) {
        return WireEnd.of(kind, printable + ": " + reason, cause);
    }

    /** The client refuses a stream beyond the server's limit before it sends anything. */
    static boolean isStreamLimit(Throwable thrown) {
        return text(unwrap(thrown)).contains("too many concurrent streams");
    }

    private static Optional<String> refusal(Throwable failure) {
        if (failure instanceof HttpConnectTimeoutException) {
            return Optional.of("no connection within the connect timeout");
        }
        if (find(failure, UnresolvedAddressException.class).isPresent()
                || find(failure, UnknownHostException.class).isPresent()) {
            return Optional.of("the host is unknown");
        }
        if (failure instanceof ConnectException) {
            return Optional.of("the connection was refused" + detail(failure));
        }
        // A clean end of TLS is an end like any other.
        if (find(failure, SSLException.class).isPresent() && !text(failure).contains("close_notify")) {
            return Optional.of(tls(failure));
        }
        return Optional.empty();
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

    private static boolean isNotHttp(Throwable failure) {
        if (find(failure, ProtocolException.class).isPresent()
                || find(failure, NumberFormatException.class).isPresent()) {
            return true;
        }
        String text = text(failure);
        return NOT_HTTP.stream().anyMatch(text::contains) || isOtherStatusLine(text);
    }

    private static boolean isOtherStatusLine(String text) {
        int at = text.indexOf(STATUS_LINE);
        if (at < 0) {
            return false;
        }
        String read = text.substring(at + STATUS_LINE.length());
        String expected = "http/1.";
        int length = Math.min(expected.length(), Math.max(0, read.indexOf(']')));
        return !expected.startsWith(read.substring(0, length));
    }

    private static String broken(Throwable failure) {
        String text = text(failure);
        if (text.contains("received no bytes")) {
            return "the connection ended before the answer";
        }
        if (find(failure, EOFException.class).isPresent()
                || text.contains("fixed content-length")
                || text.contains("chunked transfer encoding")) {
            return "the connection ended within the answer";
        }
        return "the connection broke";
    }

    /** The text of all causes, because the client wraps the telling one. */
    private static String text(Throwable failure) {
        StringBuilder text = new StringBuilder();
        Throwable at = failure;
        for (int i = 0; at != null && i < DEEPEST_CAUSE; i++) {
            text.append(at.getMessage()).append('\n');
            at = at.getCause();
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }

    private static String detail(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return "";
        }
        // It may repeat what the server sent.
        String line = message.replaceAll("[^\\x20-\\x7E]+", " ").strip();
        return " (" + (line.length() > LONGEST_DETAIL ? line.substring(0, LONGEST_DETAIL) + "…" : line) + ")";
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable at = thrown;
        while ((at instanceof CompletionException || at instanceof ExecutionException) && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
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
