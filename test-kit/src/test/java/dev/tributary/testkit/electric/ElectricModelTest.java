package dev.tributary.testkit.electric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ElectricModelTest {

    private static final TableSpec ITEMS =
            TableSpec.of("t", Column.of("id", "int4").primaryKey(0), Column.of("v", "text"));

    private ModelClient client = new ModelClient(ModelOptions.defaults().withChunkBytes(400));

    @Test
    void snapshotChunksEndAfterTheRowThatCrossesTheThreshold() {
        client.model.createTable(ITEMS);
        insert(1, 20);
        List<Integer> rows = new ArrayList<>();
        ModelResponse answer = client.get("offset=-1&table=t");
        String handle = answer.header("electric-handle");
        for (int chunk = 0; ; chunk++) {
            assertEquals("0_" + chunk, answer.header("electric-offset"));
            List<String> messages = MessageList.of(answer.bodyText());
            rows.add(messages.size());
            int bytes = messages.stream().mapToInt(String::length).sum();
            int withoutLast = bytes - messages.get(messages.size() - 1).length();
            assertTrue(withoutLast < 400, "a chunk never grows after crossing the threshold");
            if (answer.bodyText().contains("snapshot-end")) {
                break;
            }
            assertTrue(bytes >= 400);
            answer = client.get("table=t&handle=" + handle + "&offset=0_" + chunk);
        }
        assertEquals(21, rows.stream().mapToInt(Integer::intValue).sum());
        assertEquals(
                "0_inf",
                client.get("table=t&handle=" + handle + "&offset=0_" + (rows.size() - 1))
                        .header("electric-offset"));
    }

    @Test
    void aTransactionLargerThanAChunkComesInSeveralAnswers() {
        client.model.createTable(ITEMS);
        client.follow("table=t");
        var poll = client.poll();
        insert(1, 10);
        ModelResponse first = poll.get();
        assertNotNull(first);
        assertNull(first.header("electric-up-to-date"));
        assertFalse(first.bodyText().contains("\"last\""));
        String from = "&handle=" + client.handle + "&offset=";
        ModelResponse rest = first;
        int operations = 0;
        while (true) {
            List<String> messages = MessageList.of(rest.bodyText());
            operations += messages.size();
            if (rest.header("electric-up-to-date") != null) {
                break;
            }
            String last = messages.get(messages.size() - 1);
            String[] offset = String.valueOf(rest.header("electric-offset")).split("_");
            assertTrue(last.contains("\"lsn\":\"" + offset[0] + "\",\"op_position\":" + offset[1]));
            rest = client.get("table=t&live=true" + from + rest.header("electric-offset"));
        }
        assertEquals(11, operations);
        assertTrue(rest.bodyText().contains("\"last\":true"));

        String again = client.get("table=t" + from + "0_0").bodyText();
        assertEquals(first.bodyText(), again, "chunk borders do not depend on who reads");
    }

    @Test
    @Tag("O2")
    void booleansAreSpelledDifferentlyInSnapshotAndStream() {
        client.model.createTable(TableSpec.of("flags", Column.of("b", "bool"), Column.of("n", "int4")));
        client.model.commit(tx -> tx.insert("flags", Map.of("b", "true", "n", "1")));
        String snapshot = client.get("offset=-1&table=flags").bodyText();
        assertTrue(snapshot.contains("/\\\"true\\\"/\\\"1\\\"\",\"value\":{\"b\":\"true\",\"n\":\"1\"}"), snapshot);
        client.follow("table=flags");
        String stream = client.pollThrough(tx -> tx.update("flags", Map.of("n", "1"), Map.of("n", "2")))
                .bodyText();
        List<String> messages = MessageList.of(stream);
        assertTrue(messages.get(0).startsWith("{\"value\":{\"b\":\"t\",\"n\":\"1\"},\"key\":"), stream);
        assertTrue(messages.get(0).contains("\"delete\"") && messages.get(0).contains("key_change_to"), stream);
        assertTrue(messages.get(1).contains("/\\\"t\\\"/\\\"2\\\""), stream);
    }

    @Test
    @Tag("O3")
    @Tag("O4")
    void exoticNamesAndEqualRows() {
        TableName name = new TableName("app.x", "Od\"d/ü.t");
        client.model.createTable(new TableSpec(name, List.of(Column.of("näme", "text"))));
        client.model.commit(tx -> tx.insert(name.sql(), Map.of("näme", "a")).insert(name.sql(), Map.of("näme", "a")));
        String query = "table=" + URLEncoder.encode(name.sql(), StandardCharsets.UTF_8);
        ModelResponse first = client.get(query + "&offset=-1");
        assertEquals("{\"näme\":{\"type\":\"text\"}}", first.header("electric-schema"));
        List<String> rows = MessageList.of(first.bodyText());
        assertEquals(rows.get(0), rows.get(1));
        assertTrue(rows.get(0).startsWith("{\"key\":\"\\\"app.x\\\".\\\"Od\\\"\\\"d/ü.t\\\"/\\\"a\\\"\""), rows.get(0));
        client.follow(query);
        String deleted = client.pollThrough(tx -> tx.delete(name.sql(), Map.of("näme", "a")))
                .bodyText();
        assertTrue(deleted.contains("\"key\":\"\\\"app..x\\\".\\\"Od\\\"d//ü..t\\\"/\\\"a\\\"\""), deleted);
        assertEquals(1, client.model.truth(name.sql()).size());
    }

    @Test
    @Tag("O5")
    void rotationEndsThePollWithoutAHandleAndThenNamesTheNewOne() {
        client.model.createTable(ITEMS);
        client.follow("table=t");
        var poll = client.poll();
        client.model.commit(tx -> tx.truncate("t"));
        ModelResponse ended = poll.get();
        assertNotNull(ended);
        assertEquals(409, ended.status());
        assertEquals("[{\"headers\":{\"control\":\"must-refetch\"}}]", ended.bodyText());
        assertNull(ended.header("electric-handle"));
        assertEquals("public, max-age=1, must-revalidate", ended.header("cache-control"));
        ModelResponse next = client.get(client.position());
        assertEquals(409, next.status());
        assertEquals("public, max-age=60, must-revalidate", next.header("cache-control"));
        String fresh = String.valueOf(next.header("electric-handle"));
        assertNotEquals(client.handle, fresh);
        assertEquals('"' + fresh + "::\"", next.header("etag"));
        assertEquals(fresh, client.get("offset=-1&table=t").header("electric-handle"));
    }

    @Test
    void schemaChangeRotates() {
        client.model.createTable(ITEMS);
        insert(1, 1);
        client.follow("table=t");
        var poll = client.poll();
        client.model.alterTable(client.model.spec("t").add(Column.of("extra", "int4")), Map.of("extra", "7"));
        ModelResponse ended = poll.get();
        assertNotNull(ended);
        assertEquals(409, ended.status());
        ModelResponse first = client.get("offset=-1&table=t");
        assertTrue(String.valueOf(first.header("electric-schema")).startsWith("{\"extra\":{\"type\":\"int4\"}"));
        assertTrue(first.bodyText().contains("\"extra\":\"7\""));
        client.model.dropTable("t");
        assertEquals(400, client.get("offset=-1&table=t").status());
    }

    @Test
    @Tag("O10")
    void offsetBeyondTheLogIsHeldHalfThePollTime() {
        client.model.createTable(ITEMS);
        client.follow("table=t");
        var beyond = client.hold("table=t&handle=" + client.handle + "&offset=999999999999_0");
        assertEquals(OptionalLong.of(client.now + 10_000), client.model.nextDeadline());
        client.advance(10_000);
        ModelResponse answer = beyond.get();
        assertNotNull(answer);
        assertEquals(400, answer.status());
        assertTrue(answer.bodyText().contains("\"offset\":[\"out of bounds for this shape\"]"));
    }

    @Test
    void restartsAndOutages() {
        client.model.createTable(ITEMS);
        client.follow("table=t");
        var poll = client.poll();
        client.model.restart(true);
        ModelResponse broken = poll.get();
        assertNotNull(broken);
        assertEquals(new WireFault.ResetBeforeHeaders(), broken.wireFault());
        assertEquals(200, client.get(client.position()).status());
        client.model.restart(false);
        assertEquals(409, client.get(client.position()).status());

        client.model.setReady(false);
        assertEquals(202, client.send("GET", "/v1/health", Map.of(), "").status());
        var early = client.hold("offset=-1&table=t");
        client.advance(5_000);
        ModelResponse unavailable = early.get();
        assertNotNull(unavailable);
        assertEquals(503, unavailable.status());
        assertEquals("5", unavailable.header("retry-after"));
        var late = client.hold("offset=-1&table=t");
        client.model.setReady(true);
        ModelResponse served = late.get();
        assertNotNull(served);
        assertEquals(200, served.status());
        assertEquals(0, client.model.heldRequests());
    }

    @Test
    void numbersBeyondSigned64BitsAndWrappingTransactionIds() {
        client = new ModelClient(
                ModelOptions.defaults().withFirstLsn(Long.MIN_VALUE).withFirstXid(0xFFFF_FFFFL));
        client.model.createTable(ITEMS);
        client.follow("table=t");
        String before =
                client.pollThrough(tx -> tx.insert("t", Map.of("id", "1"))).bodyText();
        assertTrue(before.contains("\"txids\":[4294967295]"), before);
        assertTrue(client.offset.startsWith("92233720368547"), client.offset);
        String after =
                client.pollThrough(tx -> tx.insert("t", Map.of("id", "2"))).bodyText();
        assertTrue(after.contains("\"txids\":[3]"), after);
    }

    @Test
    void changesOnly() {
        client.model.createTable(ITEMS);
        insert(1, 5);
        ModelResponse first = client.get("log=changes_only&offset=-1&table=t");
        assertEquals(1, MessageList.of(first.bodyText()).size());
        client.follow("log=changes_only&table=t");
        assertEquals("0_inf", client.offset);
        assertEquals(
                2,
                MessageList.of(client.pollThrough(tx -> tx.delete("t", Map.of("id", "1")))
                                .bodyText())
                        .size());
    }

    @Test
    void shapesAreSharedByDefinitionOnly() {
        client.model.createTable(ITEMS);
        String handle = client.get("offset=-1&table=t").header("electric-handle");
        assertEquals(
                handle,
                client.get("columns=v,id&log=full&offset=-1&table=public.T&cache-buster=x&replica=default")
                        .header("electric-handle"));
        assertNotEquals(handle, client.get("offset=-1&replica=full&table=t").header("electric-handle"));
        assertEquals(
                409,
                client.get("table=t&where=id=1&offset=0_0&handle=" + handle).status());
    }

    @Test
    void deleteOverHttp() {
        client.model.createTable(ITEMS);
        client.follow("table=t");
        assertEquals(
                400,
                client.send("DELETE", "/v1/shape?table=t&handle=1-1", Map.of(), "")
                        .status());
        assertEquals(
                404, client.send("DELETE", "/v1/shape?handle=1-1", Map.of(), "").status());
        var poll = client.poll();
        assertEquals(
                202,
                client.send("DELETE", "/v1/shape?handle=" + client.handle, Map.of(), "")
                        .status());
        ModelResponse ended = poll.get();
        assertNotNull(ended);
        assertEquals(409, ended.status());
    }

    @Test
    void cancelledPollIsForgotten() {
        client.model.createTable(ITEMS);
        client.follow("table=t");
        List<ModelResponse> replies = new ArrayList<>();
        Exchange exchange =
                client.model.request(ModelRequest.get("/v1/shape?" + client.position() + "&live=true"), replies::add);
        exchange.cancel();
        assertTrue(exchange.isDone());
        assertEquals(0, client.model.heldRequests());
        insert(1, 1);
        assertEquals(List.of(), replies);
    }

    @Test
    void aFailedTransactionLeavesNoTrace() {
        client.model.createTable(ITEMS);
        insert(1, 2);
        String lsn = client.model.lsn();
        assertThrows(
                IllegalArgumentException.class,
                () -> client.model.commit(tx -> tx.delete("t", Map.of("id", "1"))
                        .update("t", Map.of("id", "2", "v", "changed"))
                        .insert("t", Map.of("id", "2"))));
        assertEquals(lsn, client.model.lsn());
        assertEquals(2, client.model.truth("t").size());
        assertEquals(List.of(Map.of("id", "2", "v", "row 2")), client.model.truth("t", "id > $1", List.of("1"), null));
    }

    @Test
    void commitListenersRunBeforeTheAnswers() {
        client.model.createTable(ITEMS);
        client.follow("table=t");
        var poll = client.poll();
        List<Long> seen = new ArrayList<>();
        client.model.onCommit(commit -> {
            assertNull(poll.get());
            assertEquals(1, client.model.truth("t").size());
            seen.add(commit.number());
        });
        insert(1, 1);
        assertEquals(List.of(1L), seen);
        assertNotNull(poll.get());
    }

    private void insert(int first, int last) {
        client.model.commit(tx -> {
            for (int i = first; i <= last; i++) {
                tx.insert("t", Map.of("id", "" + i, "v", "row " + i));
            }
        });
    }
}
