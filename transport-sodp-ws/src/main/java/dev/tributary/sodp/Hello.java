package dev.tributary.sodp;

import dev.tributary.RejectedException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * HELLO: who the server is and what it can do. Only a foreign protocol or a later major version is refused; everything
 * else that is missing is taken as not there.
 *
 * @param auth whether it wants a token first
 */
record Hello(SodpServer server, boolean auth) {

    private static final int LATEST_MAJOR = 1;
    /** A limit above this needs no counting. */
    private static final long HIGHEST_LIMIT = 100_000;

    /**
     * Reads it.
     *
     * @param given the dialect that the application gave; null to find out
     * @throws RejectedException when it is no server for us, for good
     */
    static Hello read(Frame frame, Decoder decoder, @Nullable SodpDialect given) {
        frame.open(decoder);
        int fields = decoder.map("HELLO");
        String protocol = null;
        String version = null;
        String name = null;
        boolean hasId = false;
        boolean auth = false;
        DocMap capabilities = DocMap.EMPTY;
        for (int i = 0; i < fields; i++) {
            Field field = decoder.field("a field of HELLO");
            if (decoder.nil("a field of HELLO")) {
                continue;
            }
            switch (field) {
                case PROTOCOL -> protocol = decoder.text("protocol of HELLO");
                case VERSION -> version = decoder.text("version of HELLO");
                case SERVER -> name = decoder.text("server of HELLO");
                case SERVER_ID -> {
                    hasId = true;
                    decoder.skip("server_id of HELLO");
                }
                case AUTH -> auth = decoder.flag("auth of HELLO");
                case CAPABILITIES -> {
                    if (decoder.value("capabilities of HELLO", 100) instanceof DocMap map) {
                        capabilities = map;
                    }
                }
                default -> decoder.skip("a field of HELLO");
            }
        }
        check(protocol, version);
        String shown = version == null ? "" : version;
        SodpDialect dialect = given != null ? given : dialect(protocol, shown, name, hasId);
        String writes = capabilities.containsKey("rate_limit_writes") ? "rate_limit_writes" : "rate_limit";
        SodpServer server = new SodpServer(
                name,
                shown,
                dialect,
                limit(capabilities, writes),
                limit(capabilities, "rate_limit_watches"),
                flag(capabilities, "multi_watch"),
                flag(capabilities, "params"),
                flag(capabilities, "resume"),
                capabilities,
                null);
        return new Hello(server, auth);
    }

    private static void check(@Nullable String protocol, @Nullable String version) {
        if (protocol != null && !protocol.equals("sodp")) {
            throw new RejectedException("the server speaks " + Shown.text(protocol) + ", not sodp");
        }
        if (version != null && major(version) > LATEST_MAJOR) {
            throw new RejectedException(
                    "the server speaks version " + Shown.text(version) + " of SODP, this client version 1");
        }
    }

    private static long major(String version) {
        long major = 0;
        for (int i = 0; i < version.length() && Character.digit(version.charAt(i), 10) >= 0; i++) {
            major = Math.min(10 * major + Character.digit(version.charAt(i), 10), Integer.MAX_VALUE);
        }
        return major;
    }

    private static SodpDialect dialect(
            @Nullable String protocol, String version, @Nullable String name, boolean hasId) {
        if ("SODP-RS".equals(name) || (protocol == null && version.startsWith("0."))) {
            return SodpDialect.RUST;
        }
        if (name == null) {
            return hasId ? SodpDialect.GO : SodpDialect.STANDARD;
        }
        return SodpDialect.TYPESCRIPT;
    }

    private static OptionalInt limit(DocMap capabilities, String name) {
        return capabilities.get(name) instanceof Number number
                        && number.longValue() > 0
                        && number.longValue() <= HIGHEST_LIMIT
                ? OptionalInt.of(number.intValue())
                : OptionalInt.empty();
    }

    private static boolean flag(DocMap capabilities, String name) {
        return Boolean.TRUE.equals(capabilities.get(name));
    }
}
