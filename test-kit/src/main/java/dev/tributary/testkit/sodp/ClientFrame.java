package dev.tributary.testkit.sodp;

import java.util.Set;

/**
 * A frame of a client.
 *
 * @param frame what it says
 * @param wide names of the fields whose number came in an 8-byte form
 */
record ClientFrame(SodpFrame frame, Set<String> wide) {}
