package dev.tributary.driftdb;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server says. */
sealed interface ServerMessage {

    /** A relay, an append or a replace by anybody. */
    record Pushed(String key, Entry entry) implements ServerMessage {}

    /** The answer to a get: the retained entries in their order. */
    record Init(String key, List<Entry> entries) implements ServerMessage {}

    /** After a push whose key retains two or more entries. */
    record Size(String key, long size) implements ServerMessage {}

    /** The answer to a ping. */
    record Pong(@Nullable Long nonce) implements ServerMessage {}

    /** A message of ours was unusable. */
    record Refusal(String text) implements ServerMessage {}

    /** Of a later protocol. */
    record Unknown(String type) implements ServerMessage {}
}
