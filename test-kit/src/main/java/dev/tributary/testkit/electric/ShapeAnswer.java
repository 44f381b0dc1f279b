package dev.tributary.testkit.electric;

import java.util.List;

/**
 * The content of a successful answer.
 *
 * @param offset offset to go on from
 * @param body JSON array in pieces
 * @param upToDate whether the body ends with up-to-date
 * @param unchanged whether nothing happened: a poll that timed out, or {@code offset=now}
 */
record ShapeAnswer(LogOffset offset, List<byte[]> body, boolean upToDate, boolean unchanged) {

    static byte[] upToDateMessage(long lsn) {
        return new JsonBytes()
                .raw("{\"headers\":{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\"")
                .raw(Long.toUnsignedString(lsn))
                .raw("\"}}")
                .toBytes();
    }

    static ShapeAnswer unchanged(LogOffset offset, long lsn) {
        byte[] body =
                new JsonBytes().raw("[").raw(upToDateMessage(lsn)).raw("]").toBytes();
        return new ShapeAnswer(offset, List.of(body), true, true);
    }
}
