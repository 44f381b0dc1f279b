package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of the server and the identities behind them. Tokens look like those of the real server, but their signature
 * is a keyed hash, so that a run can be repeated; only this server can check it.
 */
final class Tokens {

    static final String ISSUER = "localhost";
    private static final int SHORT_SECONDS = 60;

    private final RandomGenerator random;
    private byte[] key = new byte[32];

    /**
     * A token that was found good.
     *
     * @param token as it was presented
     */
    record Verified(BigInteger identity, String issuer, String subject, String token) {

        /** Without token. */
        @Override
        public String toString() {
            return "a token of " + subject;
        }
    }

    /** A token that is none, with the reason that the client gets. */
    static final class InvalidException extends Exception {

        private static final long serialVersionUID = 1L;

        InvalidException(String reason) {
            super("Invalid token: " + reason);
        }
    }

    Tokens(RandomGenerator random) {
        this.random = random;
        rotate();
    }

    /** New keys: every older token is worthless. */
    void rotate() {
        key = new byte[32];
        random.nextBytes(key);
    }

    /** A function of issuer and subject alone. */
    static BigInteger identity(String issuer, String subject) {
        byte[] hash = Arrays.copyOf(Blake3.hash((issuer + "|" + subject).getBytes(StandardCharsets.UTF_8)), 26);
        byte[] checked = new BsatnWriter().u8(0xc2).u8(0).raw(hash).toBytes();
        byte[] check = Blake3.hash(checked);
        byte[] all =
                new BsatnWriter(32).u8(0xc2).u8(0).raw(check, 0, 4).raw(hash).toBytes();
        return new BigInteger(1, all);
    }

    /** Someone nobody knew before. */
    Verified anonymous(long seconds) {
        String subject = "%08x-%04x-4%03x-a%03x-%012x"
                .formatted(
                        random.nextInt(),
                        random.nextInt(1 << 16),
                        random.nextInt(1 << 12),
                        random.nextInt(1 << 12),
                        random.nextLong(1L << 48));
        BigInteger identity = identity(ISSUER, subject);
        return new Verified(identity, ISSUER, subject, sign(identity, ISSUER, subject, seconds, -1));
    }

    /** A token of a subject of this server, for tests that want to know it beforehand. */
    Verified of(String subject, long seconds) {
        BigInteger identity = identity(ISSUER, subject);
        return new Verified(identity, ISSUER, subject, sign(identity, ISSUER, subject, seconds, -1));
    }

    /** The same claims for a minute. */
    String shortLived(Verified of, long seconds) {
        return sign(of.identity(), of.issuer(), of.subject(), seconds, seconds + SHORT_SECONDS);
    }

    Verified verify(String token, long seconds) throws InvalidException {
        int last = token.lastIndexOf('.');
        int first = token.indexOf('.');
        if (first < 0 || first == last) {
            throw new InvalidException("InvalidToken");
        }
        JsonNode.Obj claims;
        try {
            byte[] payload = Base64.getUrlDecoder().decode(token.substring(first + 1, last));
            claims = (JsonNode.Obj) JsonText.parse(new String(payload, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | JsonException | ClassCastException e) {
            throw new InvalidException("InvalidToken");
        }
        if (!signature(token.substring(0, last)).equals(token.substring(last + 1))) {
            throw new InvalidException("InvalidSignature");
        }
        if (claims.get("exp") instanceof JsonNode.Num exp && Long.parseLong(exp.text()) < seconds) {
            throw new InvalidException("ExpiredSignature");
        }
        String issuer = text(claims.get("iss"));
        String subject = text(claims.get("sub"));
        return new Verified(identity(issuer, subject), issuer, subject, token);
    }

    private static String text(@Nullable JsonNode node) throws InvalidException {
        if (node instanceof JsonNode.Text text) {
            return text.value();
        }
        throw new InvalidException("InvalidToken");
    }

    private String sign(BigInteger identity, String issuer, String subject, long issued, long expires) {
        String payload =
                "{\"hex_identity\":\"%064x\",\"sub\":\"%s\",\"iss\":\"%s\",\"aud\":[\"spacetimedb\"],\"iat\":%d,\"exp\":%s}"
                        .formatted(identity, subject, issuer, issued, expires < 0 ? "null" : Long.toString(expires));
        String signed = base64("{\"typ\":\"JWT\",\"alg\":\"ES256\"}") + "." + base64(payload);
        return signed + "." + signature(signed);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private String signature(String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA512");
            mac.init(new SecretKeySpec(key, "HmacSHA512"));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has this", e);
        }
    }
}
