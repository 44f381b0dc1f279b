package dev.tributary.testkit.electric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private final ModelClient client = new ModelClient(ModelOptions.defaults());
    private final Faults faults = client.model.faults();

    @BeforeEach
    void table() {
        client.model.createTable(TableSpec.of("t", Column.of("id", "int4").primaryKey(0)));
        client.model.commit(tx -> tx.insert("t", Map.of("id", "1")));
    }

    @Test
    void strikeOnceInOrder() {
        faults.next(Fault.unavailable("7")).next(Fault.html()).nth(1, Fault.mustRefetch("9-9"));
        assertEquals("7", client.get("offset=-1&table=t").header("retry-after"));
        assertEquals("text/html", client.get("offset=-1&table=t").header("content-type"));
        assertEquals("9-9", client.get("offset=-1&table=t").header("electric-handle"));
        assertEquals(200, client.get("offset=-1&table=t").status());
        assertEquals(0, faults.pending());
        assertEquals(3, faults.struck());
    }

    @Test
    void nthAndMatching() {
        faults.nth(2, Fault.status(500)).when(ModelRequest::isLive, 2, Fault.status(429));
        client.get("offset=-1&table=t");
        assertEquals(500, client.get("offset=-1&table=t").status());
        client.follow("table=t");
        assertEquals(429, client.get(client.position() + "&live=true").status());
        assertEquals(200, client.get(client.position()).status());
        assertEquals(429, client.get(client.position() + "&live=true").status());
        client.poll();
    }

    @Test
    void stripAndSpoil() {
        faults.next(Fault.withoutHeaders("electric-handle", "electric-offset"))
                .next(Fault.body("[]"))
                .next(Fault.noContent())
                .next(Fault.wire(new WireFault.Cut(3)));
        assertNull(client.get("offset=-1&table=t").header("electric-handle"));
        assertEquals("[]", client.get("offset=-1&table=t").bodyText());
        assertEquals(204, client.get("offset=-1&table=t").status());
        assertEquals(new WireFault.Cut(3), client.get("offset=-1&table=t").wireFault());
    }

    @Test
    void staleAnswersComeFromDeadHandles() {
        faults.next(Fault.stale());
        client.follow("table=t");
        assertEquals(1, faults.pending(), "nothing was stale yet");
        String dead = client.handle;
        client.model.rotate(dead);
        ModelResponse stale = client.get("offset=-1&table=t&expired_handle=" + dead + "&cache-buster=1");
        assertEquals(dead, stale.header("electric-handle"));
        assertEquals("0_0", stale.header("electric-offset"));
        client.follow("table=t");
        assertNotEquals(dead, client.handle);
    }

    @Test
    void duplicateAndSameHandle() {
        client.follow("table=t");
        faults.next(Fault.duplicate()).next(Fault.mustRefetchSameHandle());
        ModelResponse again = client.get("offset=-1&table=t");
        assertEquals("0_inf", again.header("electric-offset"));
        assertEquals(client.handle, client.get(client.position()).header("electric-handle"));
    }

    @Test
    @Tag("O1")
    void incompleteAnswerKeepsItsHeaders() {
        client.follow("table=t");
        faults.next(Fault.incomplete(1));
        var poll = client.poll();
        client.model.commit(tx -> tx.insert("t", Map.of("id", "2")).insert("t", Map.of("id", "3")));
        ModelResponse answer = poll.get();
        assertNotNull(answer);
        assertEquals(client.model.lsn() + "_2", answer.header("electric-offset"));
        assertNotNull(answer.header("electric-up-to-date"));
        assertEquals(2, MessageList.of(answer.bodyText()).size());
        assertTrue(answer.bodyText().contains("\"op_position\":0"));
    }
}
