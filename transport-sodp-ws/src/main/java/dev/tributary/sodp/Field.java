package dev.tributary.sodp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The fields of bodies and of steps, recognised by their bytes. */
enum Field {
    STATE("state"),
    KEY("key"),
    VERSION("version"),
    VALUE("value"),
    INITIALIZED("initialized"),
    PARAMS("params"),
    OPS("ops"),
    OP("op"),
    PATH("path"),
    CALL_ID("call_id"),
    SUCCESS("success"),
    DATA("data"),
    CODE("code"),
    MESSAGE("message"),
    SUB("sub"),
    PROTOCOL("protocol"),
    SERVER("server"),
    SERVER_ID("server_id"),
    AUTH("auth"),
    CAPABILITIES("capabilities"),
    /** One that this version of the protocol does not know: passed over. */
    OTHER("");

    private static final Field[] ALL = values();

    private final byte[] name;

    Field(String name) {
        this.name = name.getBytes(StandardCharsets.US_ASCII);
    }

    static Field of(byte[] bytes, int start, int length) {
        for (Field field : ALL) {
            if (field.name.length == length
                    && field != OTHER
                    && field.name[0] == bytes[start]
                    && Arrays.equals(field.name, 0, length, bytes, start, start + length)) {
                return field;
            }
        }
        return OTHER;
    }
}
