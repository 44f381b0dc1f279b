package dev.tributary.spacetimedb;

/** What is waited for. */
enum Tick {
    /** The first message of the server. */
    FIRST_MESSAGE
}
