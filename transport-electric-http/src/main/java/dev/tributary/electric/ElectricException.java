package dev.tributary.electric;

import dev.tributary.RejectedException;
import java.util.List;
import java.util.Map;

/** The server, or a proxy before it, refused a request for a shape. */
public final class ElectricException extends RejectedException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Map<String, List<String>> headers;
    private final String body;
    private final String url;

    ElectricException(String message, int status, Map<String, List<String>> headers, String body, String url) {
        super(message);
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.url = url;
    }

    /** The HTTP status; 502 also where this client gave up because its requests led nowhere. */
    public int status() {
        return status;
    }

    /** The headers of the answer by lower-case name, cookies and credentials apart. */
    public Map<String, List<String>> headers() {
        return headers == null ? Map.of() : headers;
    }

    /** The body of the answer as a text, its beginning if it is long. */
    public String body() {
        return body;
    }

    /** The address asked, without its secrets. */
    public String url() {
        return url;
    }
}
