package dev.tributary.engine;

import java.util.Arrays;
import java.util.Map;

/**
 * Where readers find the states of views that commit together: one volatile reference to an immutable array. Views that
 * share a cell change at one instant. A slot is given out again once its owner has left.
 */
final class StateCell {

    /** A slot's content says whose it is, so that a late reader does not take another view's rows for its own. */
    record Held(Object owner, ViewState state) {}

    private static final Held FREE = new Held("free", ViewState.NOTHING);

    private volatile Held[] slots = {};

    /** A slot for this owner; it holds nothing. */
    synchronized int newSlot(Object owner) {
        int slot = Arrays.asList(slots).indexOf(FREE);
        Held[] next = Arrays.copyOf(slots, slot < 0 ? slots.length + 1 : slots.length);
        slot = slot < 0 ? next.length - 1 : slot;
        next[slot] = new Held(owner, ViewState.NOTHING);
        slots = next;
        return slot;
    }

    synchronized void free(int slot) {
        Held[] next = slots.clone();
        next[slot] = FREE;
        slots = next;
    }

    Held get(int slot) {
        return slots[slot];
    }

    /** All slots at one instant. The caller does not change the array. */
    Held[] all() {
        return slots;
    }

    void set(int slot, ViewState state) {
        set(Map.of(slot, state));
    }

    synchronized void set(Map<Integer, ViewState> bySlot) {
        Held[] next = slots.clone();
        bySlot.forEach((slot, state) -> next[slot] = new Held(next[slot].owner(), state));
        slots = next;
    }
}
