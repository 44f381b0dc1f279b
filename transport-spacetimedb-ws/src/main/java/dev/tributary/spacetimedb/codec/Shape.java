package dev.tributary.spacetimedb.codec;

import java.util.List;

/** How a part of a message is built, for BSATN and JSON alike. Immutable. */
sealed interface Shape {

    /** A whole number of up to eight bytes. */
    record Whole(int bytes, boolean signed, Slot slot) implements Shape {}

    /** An unsigned number of 16 or 32 bytes: in JSON a number or a text of hexadecimal digits. */
    record Wide(int bytes, Slot slot) implements Shape {}

    /** A text. */
    record Text(Slot slot) implements Shape {}

    /** A string of bytes: in JSON hexadecimal digits. */
    record Bytes(Slot slot) implements Shape {}

    /** A value in the form of the subprotocol: in BSATN a string of bytes, in JSON a text that holds JSON. */
    record Embedded(Slot slot) implements Shape {}

    /** Fields one after another; in JSON an object, or anything empty where there are none. */
    record Product(List<Field> fields) implements Shape {

        /** Which field has this name; -1 for none. */
        int indexOf(String name) {
            for (int i = 0; i < fields.size(); i++) {
                if (fields.get(i).name().equals(name)) {
                    return i;
                }
            }
            return -1;
        }

        /** Whether the rows inside belong to the table that it names. */
        boolean namesTable() {
            for (Field field : fields) {
                if (field.shape() instanceof Text text && text.slot() == Slot.TABLE) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Some or none; the slot is set when there is some. */
    record Optional(Slot slot, Field some) implements Shape {}

    /** Any number of elements. */
    record Repeated(Field element) implements Shape {}

    /** One of several; the slot is set to its index. */
    record Choice(Slot slot, List<Field> variants) implements Shape {}

    /** The rows of one list. */
    record RowList(RowPlace.Effect effect) implements Shape {}

    /** A part that BSATN may compress by itself (specification 3.3). */
    record Squeezed(Field plain) implements Shape {}

    /** A part with its name. */
    record Field(String name, Shape shape) {}
}
