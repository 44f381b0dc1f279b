package dev.tributary.spacetimedb.codec;

import java.math.BigInteger;
import java.util.List;

/** What a server writes with: once as BSATN, once as JSON. Names are those of the specification's section 2. */
interface Script {

    boolean isJson();

    void open(String name);

    void close();

    void list(String name, int count);

    void endList();

    /** One of several, with its payload up to {@link #endVariant}. */
    void variant(String name, int tag, String variant);

    void endVariant();

    void unit();

    void whole(String name, int bytes, BigInteger value);

    /** 16 bytes. */
    void wide(String name, BigInteger value);

    /** 32 bytes. */
    void hex(String name, BigInteger value);

    void text(String name, String value);

    void bytes(String name, byte[] value);

    void embedded(String name, String value);

    void rows(String name, List<String> rows, boolean fixed);

    /** How the update that follows, up to {@link #endSqueezed}, is compressed. */
    void squeezed(int compression);

    void endSqueezed();

    default void u32(String name, long value) {
        whole(name, 4, BigInteger.valueOf(value));
    }

    default void i64(String name, long value) {
        whole(name, 8, BigInteger.valueOf(value));
    }
}
