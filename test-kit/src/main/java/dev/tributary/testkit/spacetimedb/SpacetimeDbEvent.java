package dev.tributary.testkit.spacetimedb;

/**
 * A message that is about to leave.
 *
 * @param session to which client
 * @param kind what it is
 */
public record SpacetimeDbEvent(SpacetimeDbSession session, ServerMessageKind kind) {}
