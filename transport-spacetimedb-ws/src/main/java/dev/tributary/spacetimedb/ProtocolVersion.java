package dev.tributary.spacetimedb;

import dev.tributary.ConfigurationException;
import dev.tributary.spi.Nearest;
import java.util.Arrays;
import java.util.List;

/** The protocols that servers speak, the newest first: of those that are offered the server takes the first. */
public enum ProtocolVersion {
    /** Since 2.2.0: as v2, several messages together. */
    V3_BSATN("v3.bsatn.spacetimedb"),
    /** Since 2.0.0: updates say which query they are of. */
    V2_BSATN("v2.bsatn.spacetimedb"),
    /** Since 0.12, binary. */
    V1_BSATN("v1.bsatn.spacetimedb"),
    /** Since 0.12, JSON. */
    V1_JSON("v1.json.spacetimedb");

    private final String subprotocol;

    ProtocolVersion(String subprotocol) {
        this.subprotocol = subprotocol;
    }

    /** As it is named in the handshake. */
    public String subprotocol() {
        return subprotocol;
    }

    /** Whether updates say which query they are of, and event tables may be asked for. */
    boolean attributesUpdates() {
        return this == V3_BSATN || this == V2_BSATN;
    }

    /** {@code v3.bsatn}. */
    @Override
    public String toString() {
        return subprotocol.substring(0, subprotocol.lastIndexOf('.'));
    }

    /**
     * Reads a list such as {@code v3.bsatn,v2.bsatn}.
     *
     * @throws ConfigurationException when it has an unknown name or none
     */
    static List<ProtocolVersion> list(String text) {
        List<ProtocolVersion> list = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(ProtocolVersion::named)
                .distinct()
                .toList();
        return list;
    }

    private static ProtocolVersion named(String name) {
        return Arrays.stream(values())
                .filter(one -> one.toString().equals(name) || one.subprotocol.equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("option 'protocols': unknown protocol '" + name + "'"
                        + Nearest.hint(
                                name,
                                Arrays.stream(values())
                                        .map(ProtocolVersion::toString)
                                        .toList())));
    }
}
