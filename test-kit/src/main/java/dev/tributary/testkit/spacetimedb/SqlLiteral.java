package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.spacetimedb.SpacetimeType.Array;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Product;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Literals of SQL as values of the type of the column that they are compared with. */
final class SqlLiteral {

    private SqlLiteral() {}

    /** Whether values of this type can be compared. */
    static boolean isComparable(SpacetimeType type) {
        return type instanceof Scalar
                || type instanceof Array array && array.isBytes()
                || type instanceof Product product && product.isWrapper() && !product.isWrapper("__uuid__");
    }

    static Object of(SqlLexer.Token token, SpacetimeType type, BigInteger sender) throws SqlException {
        Object value = value(token, type, sender);
        if (value == null) {
            throw new SqlException(
                    "The literal expression `" + token.text() + "` cannot be parsed as type `" + name(type) + "`");
        }
        return value;
    }

    private static @Nullable Object value(SqlLexer.Token token, SpacetimeType type, BigInteger sender) {
        String text = token.text();
        try {
            if (type instanceof Product product) {
                if (product.isWrapper("__identity__")) {
                    return token.is(":sender") ? sender : new BigInteger(hex(text), 16);
                }
                if (product.isWrapper("__connection_id__")) {
                    return new BigInteger(hex(text), 16);
                }
                if (token.kind() == SqlLexer.Kind.TEXT) {
                    Instant at = OffsetDateTime.parse(text).toInstant();
                    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
                }
                return null;
            }
            if (type instanceof Array) {
                return HexFormat.of().parseHex(hex(text));
            }
            return type instanceof Scalar scalar ? scalar(token, scalar) : null;
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Object scalar(SqlLexer.Token token, Scalar scalar) {
        String text = token.text();
        if (scalar == Scalar.STRING) {
            return token.kind() == SqlLexer.Kind.TEXT ? text : null;
        }
        if (scalar == Scalar.BOOL) {
            return token.is("true") ? Boolean.TRUE : token.is("false") ? Boolean.FALSE : null;
        }
        if (token.kind() != SqlLexer.Kind.NUMBER) {
            return null;
        }
        if (scalar == Scalar.F32) {
            return Float.parseFloat(text);
        }
        if (scalar == Scalar.F64) {
            return Double.parseDouble(text);
        }
        BigInteger number = text.startsWith("0x")
                ? new BigInteger(text.substring(2), 16)
                : new BigDecimal(text).toBigIntegerExact();
        int bits = scalar.size() * 8;
        boolean fits =
                scalar.isSigned() ? number.bitLength() < bits : number.signum() >= 0 && number.bitLength() <= bits;
        if (!fits) {
            return null;
        }
        return switch (scalar) {
            case I8, U8, I16, U16, I32 -> number.intValue();
            case U32, I64 -> number.longValue();
            default -> number;
        };
    }

    private static String hex(String text) {
        return text.toLowerCase(Locale.ROOT).startsWith("0x") ? text.substring(2) : text;
    }

    private static String name(SpacetimeType type) {
        return type instanceof Scalar scalar ? scalar.schemaName() : type instanceof Array ? "Array<U8>" : "Product";
    }
}
