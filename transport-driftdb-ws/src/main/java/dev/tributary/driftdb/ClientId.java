package dev.tributary.driftdb;

import java.util.UUID;

/** Ids by which clients tell each other apart. */
public final class ClientId {

    private ClientId() {}

    /** A new one, of 122 random bits. */
    public static String random() {
        return UUID.randomUUID().toString();
    }
}
