/** WebSocket wires. */
@NullMarked
package dev.tributary.websocket;

import org.jspecify.annotations.NullMarked;
