package dev.tributary.replay.driftdb;

import dev.tributary.driftdb.Push;

/** Makes the pushes of a recording as our API takes them. */
final class Pushes {

    private Pushes() {}

    /** @throws dev.tributary.ConfigurationException when our API refuses it */
    static Push of(Message push) {
        return switch (push.action()) {
            case "relay" -> Push.relay(push.key(), push.value());
            case "append" -> Push.append(push.key(), push.value());
            case "replace" -> Push.replace(push.key(), push.value());
            case "compact" -> Push.compact(push.key(), push.value(), push.foldedTo());
            default -> throw new dev.tributary.ConfigurationException("a push does not '" + push.action() + "'");
        };
    }

    /** Whether our API can say it at all. */
    static boolean isPush(Message message) {
        boolean isAction = switch (message.action()) {
            case "relay", "append", "replace", "compact" -> true;
            default -> false;
        };
        return message.is("push")
                && isAction
                && message.members().containsKey("value")
                && message.members().get("key") instanceof String;
    }
}
