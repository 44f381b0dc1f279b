/**
 * WebSocket wires for every transport that runs over {@code ws} or {@code wss}. A transport needs nothing of this
 * package: it is found by {@link java.util.ServiceLoader}, and a protocol uses it through the SPI.
 *
 * <h2>How a protocol uses a socket</h2>
 *
 * <pre>{@code
 * wire = out.open(new WebSocketTarget(
 *         uri,                                  // with its query
 *         "ws://host/room/…",                   // what logs and messages may show
 *         Map.of("origin", "https://example"),  // plain headers
 *         Map.of("authorization", "Bearer …"),  // secrets: never printed
 *         List.of("v2.bsatn", "v1.bsatn"),      // in the order of preference
 *         64 << 20,                             // the largest message
 *         Duration.ofSeconds(20),               // ping after so much silence; null: no control frames at all
 *         new Deadlines(connect, head, idle)));
 * }</pre>
 *
 * <ul>
 *   <li>{@code opened} brings the head. Status 101: the socket is open, and {@code sec-websocket-protocol} is the
 *       subprotocol that the server chose among those offered; it is absent when the server chose none, which is for
 *       the protocol to judge. Any other status, redirects included: the server refused the handshake; its body follows
 *       (at most 64 KiB of it) as {@code BODY}, then a {@code COMPLETE} end.
 *   <li>{@code data} brings a message <em>in pieces</em>, cut anywhere, also within a character; {@code last} is true
 *       with the last piece, which may be empty. A message that arrives with one read is one piece, but nobody may
 *       count on that.
 *   <li>{@code send} takes a whole message. {@code false} says that it was queued and that {@code writable} will say
 *       when to go on. Whoever does not heed it meets {@link dev.tributary.websocket.WebSocketOptions#MAX_UNSENT_BYTES}.
 *   <li>{@code ended} says how it was: {@code CLOSED} with code and reason (1005 when the server gave no code),
 *       {@code BROKEN} when the connection ended without a close frame, {@code REFUSED} when there never was one,
 *       {@code MALFORMED} for bytes that are no WebSocket and for messages beyond {@code maxMessageBytes}. What arrived
 *       before the end is told before it.
 *   <li>{@code close} sends what is queued, then a close frame, and gives the server a second to end the connection.
 *       With code 0 it says nothing and ends the connection at once.
 * </ul>
 *
 * <p>The socket is always read, so pings are answered while a listener is busy. What was read and not granted yet is
 * kept up to a mebibyte; beyond that the socket is left alone until there is room, and TCP slows the server down. With
 * {@code pingAfter} null the wire sends neither pings nor pongs.
 *
 * <p>Compression is never offered: it could not be bounded before it is undone.
 *
 * <h2>Logs</h2>
 *
 * <p>Credentials never reach Java-WebSocket, so its log cannot show them. At its level {@code TRACE} that library
 * prints small messages as they are, which for some protocols hold tokens: keep {@code org.java_websocket} above it.
 */
@NullMarked
package dev.tributary.websocket;

import org.jspecify.annotations.NullMarked;
