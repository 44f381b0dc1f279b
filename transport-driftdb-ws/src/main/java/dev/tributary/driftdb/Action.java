package dev.tributary.driftdb;

/** What a push does to its stream. */
public enum Action {
    /** It is broadcast and not retained. */
    RELAY("relay"),
    /** It is put behind what is retained. */
    APPEND("append"),
    /** It replaces what is retained. */
    REPLACE("replace"),
    /** It replaces what is retained up to a number, and takes that number. Nobody is told. */
    COMPACT("compact");

    private final String word;

    Action(String word) {
        this.word = word;
    }

    /** As the protocol spells it. */
    String word() {
        return word;
    }
}
