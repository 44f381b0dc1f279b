package dev.tributary.sodp;

import org.jspecify.annotations.Nullable;

/** What an application asks of the protocol. */
sealed interface Wish {

    /** A method of the server. */
    record Invoke(Invocation invocation) implements Wish {}

    /** A key, once. */
    record Read(String key) implements Wish {}

    /** The version of a key that a view must show. */
    record Await(long version) implements Wish {}

    /** Whether the server is asked to tell of a key. */
    record IsWatching(String key) implements Wish {}

    /** That nobody follows a key any more. */
    record Unwatch(String key) implements Wish {}

    /** What the server said of itself. */
    record AskServer() implements Wish {}

    /** What was counted. */
    record AskStatistics() implements Wish {}

    /**
     * A place that is to hold a value as long as somebody is here: never answered, handed to each session.
     *
     * @param number of the wish: a later one for the same place takes its turn
     */
    record Presence(String key, SodpPath path, @Nullable Object value, long number) implements Wish {}

    /**
     * A place that is not held any more.
     *
     * @param number of the wish that held it
     */
    record Withdraw(String key, SodpPath path, long number) implements Wish {}
}
