package dev.tributary.testkit.sodp;

/**
 * One subscription.
 *
 * @param session whose
 * @param key to what
 * @param stream under which number
 */
record Watch(SodpSession session, String key, long stream) {}
