package dev.tributary.conformance;

/** What a network does to wires in virtual time, whatever their server does: any driver's world has it. */
enum NetworkFault {
    /** Each wire breaks at some byte of what it carries next. */
    BREAK,
    /** Some wires die without a word, and stay dead. */
    HALF_OPEN,
    /** Everything takes longer, each thing another time. Lasts. */
    LATENCY
}
