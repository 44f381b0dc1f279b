package dev.tributary.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StateCellTest {

    private final StateCell cell = new StateCell();

    private static ViewState state(long version) {
        return new ViewState(version, null, RowTrie.EMPTY, null, true);
    }

    @Test
    @Tag("L2")
    void allSlotsChangeAtOneInstant() {
        int a = cell.newSlot("a");
        int b = cell.newSlot("b");
        assertThat(cell.get(a).state()).isEqualTo(ViewState.NOTHING);
        cell.set(a, state(1));
        StateCell.Held[] before = cell.all();
        cell.set(Map.of(a, state(2), b, state(3)));
        assertThat(before[a].state()).isEqualTo(state(1));
        assertThat(before[b].state()).isEqualTo(ViewState.NOTHING);
        assertThat(cell.all()[a].state()).isEqualTo(state(2));
        assertThat(cell.all()[b].state()).isEqualTo(state(3));
        assertThat(cell.get(b).owner()).isEqualTo("b");
    }

    @Test
    @Tag("L9")
    void aSlotThatWasGivenUpIsGivenOutAgainEmpty() {
        int first = cell.newSlot("first");
        int second = cell.newSlot("second");
        int third = cell.newSlot("third");
        assertThat(new int[] {first, second, third}).containsExactly(0, 1, 2);
        for (int slot : new int[] {first, third, second}) {
            cell.set(slot, state(7));
            cell.free(slot);
            assertThat(cell.newSlot("next")).isEqualTo(slot);
            assertThat(cell.get(slot).owner()).isEqualTo("next");
            assertThat(cell.get(slot).state()).isEqualTo(ViewState.NOTHING);
        }
        assertThat(cell.all()).hasSize(3);
        assertThat(cell.newSlot("fourth")).isEqualTo(3);
    }
}
