package dev.tributary.conformance;

import java.util.List;

/** What is done to the server's rows, each a pair of a key and a value. What cannot be done is left out. */
public sealed interface Operation {

    /** Inserts or updates a row. */
    record Put(int table, int key, int value) implements Operation {}

    /** Deletes a row. */
    record Remove(int table, int key) implements Operation {}

    /** Gives a row another key, in place of what was there. */
    record Rekey(int table, int from, int to) implements Operation {}

    /** Deletes all rows of a table, in the server's own way where it has one. */
    record Truncate(int table) implements Operation {}

    /** Several of them as one transaction. */
    record Transaction(List<Operation> operations) implements Operation {}
}
