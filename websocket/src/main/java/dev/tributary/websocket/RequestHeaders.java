package dev.tributary.websocket;

import dev.tributary.spi.WebSocketTarget;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Whether a handshake can be asked for as its target says. Both clients then send the same. */
final class RequestHeaders {

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7E]*");

    /** They are of the handshake. */
    private static final Set<String> RESERVED =
            Set.of("host", "upgrade", "connection", "content-length", "transfer-encoding", "expect");

    private RequestHeaders() {}

    /**
     * @throws WireFault without the value, which may be a secret
     */
    static void check(WebSocketTarget target) throws WireFault {
        String scheme = target.uri().getScheme();
        boolean known = "ws".equals(scheme) || "wss".equals(scheme);
        if (!known || target.uri().getHost() == null || target.uri().getRawFragment() != null) {
            throw WireFault.refused("a ws or wss address with a host and without a fragment is needed", null);
        }
        Set<String> seen = new TreeSet<>();
        for (Map<String, String> headers : List.of(target.headers(), target.credentials())) {
            for (Map.Entry<String, String> header : headers.entrySet()) {
                check(header.getKey(), header.getValue(), seen);
            }
        }
        Set<String> offered = new TreeSet<>();
        for (String subprotocol : target.subprotocols()) {
            if (!TOKEN.matcher(subprotocol).matches() || !offered.add(subprotocol)) {
                throw WireFault.refused(
                        "no handshake offers the subprotocol '" + subprotocol + "' or offers it twice", null);
            }
        }
    }

    private static void check(String name, String value, Set<String> seen) throws WireFault {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean ours = RESERVED.contains(lower) || lower.startsWith("sec-websocket-");
        if (ours || !TOKEN.matcher(name).matches() || !VALUE.matcher(value).matches() || !seen.add(lower)) {
            throw WireFault.refused("no handshake takes the header '" + printable(name) + "' with this value", null);
        }
    }

    private static String printable(String name) {
        return name.replaceAll("[^\\x20-\\x7E]+", " ");
    }
}
