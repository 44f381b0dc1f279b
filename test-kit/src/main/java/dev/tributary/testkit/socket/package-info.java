/**
 * The front end of the reference servers: one port of 127.0.0.1 that speaks HTTP/1.1 and WebSocket, on one thread, with
 * everything a test may want to go wrong on the way. Start with {@link dev.tributary.testkit.socket.SocketServer}.
 */
@NullMarked
package dev.tributary.testkit.socket;

import org.jspecify.annotations.NullMarked;
