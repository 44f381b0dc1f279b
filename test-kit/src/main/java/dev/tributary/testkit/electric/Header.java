package dev.tributary.testkit.electric;

/**
 * A response header.
 *
 * @param name lower-case name
 * @param value value; characters beyond ASCII travel as UTF-8
 */
public record Header(String name, String value) {}
