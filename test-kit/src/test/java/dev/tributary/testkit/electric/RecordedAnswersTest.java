package dev.tributary.testkit.electric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Repeats requests of the recorded transcripts and compares with what the real server 1.7.12 answered. */
class RecordedAnswersTest {

    private static final String UP_TO_DATE =
            "{\"headers\":{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\"L\"}}]";
    private static final String SNAPSHOT_END =
            "{\"headers\":{\"control\":\"snapshot-end\",\"xmin\":\"X\",\"xmax\":\"X\",\"xip_list\":[]}}]";

    private final ModelClient client = new ModelClient(ModelOptions.defaults());
    private final ElectricModel model = client.model;

    @Test
    void emptyTable() {
        model.createTable(TableSpec.of(
                "t_empty",
                Column.of("id", "int4").primaryKey(0),
                Column.of("title", "text").required()));

        ModelResponse first = client.get("offset=-1&table=t_empty");
        assertEquals("[" + SNAPSHOT_END, ModelClient.plain(first));
        assertEquals("0_0", first.header("electric-offset"));
        assertNull(first.header("electric-up-to-date"));
        assertEquals("true", first.header("electric-has-data"));
        assertEquals(
                "public, max-age=604800, s-maxage=3600, stale-while-revalidate=2629746", first.header("cache-control"));
        assertEquals(
                "{\"id\":{\"type\":\"int4\",\"not_null\":true,\"pk_index\":0},"
                        + "\"title\":{\"type\":\"text\",\"not_null\":true}}",
                first.header("electric-schema"));
        assertEquals('"' + first.header("electric-handle") + ":-1:0_0\"", first.header("etag"));

        client.follow("table=t_empty");
        assertEquals("0_inf", client.offset);

        var poll = client.poll();
        client.advance(19_999);
        assertNull(poll.get());
        client.advance(1);
        ModelResponse timedOut = poll.get();
        assertNotNull(timedOut);
        assertEquals("[" + UP_TO_DATE, ModelClient.plain(timedOut));
        assertEquals("false", timedOut.header("electric-has-data"));
        assertEquals("66795080", timedOut.header("electric-cursor"));
        assertEquals("0_inf", timedOut.header("electric-offset"));
        assertNull(timedOut.header("electric-schema"));
        assertEquals("public, max-age=5, stale-while-revalidate=5", timedOut.header("cache-control"));
        assertTrue(String.valueOf(timedOut.header("etag")).matches("\".*:0_inf:0_inf:-\\d+\""));

        ModelResponse row = client.pollThrough(tx -> tx.insert("t_empty", Map.of("id", "1", "title", "first")));
        assertEquals(
                "[{\"value\":{\"id\":\"1\",\"title\":\"first\"},\"key\":\"\\\"public\\\".\\\"t_empty\\\"/\\\"1\\\"\","
                        + "\"headers\":{\"last\":true,\"relation\":[\"public\",\"t_empty\"],\"operation\":\"insert\","
                        + "\"lsn\":\"L\",\"op_position\":0,\"txids\":[T]}}," + UP_TO_DATE,
                ModelClient.plain(row));
        assertEquals(model.lsn() + "_0", client.offset);
    }

    @Test
    void everyOperationReservesTwoPositions() {
        model.createTable(TableSpec.of(
                "t_live",
                Column.of("id", "int4").primaryKey(0),
                Column.of("name", "text"),
                Column.of("n", "int4").required()));
        client.follow("table=t_live");

        ModelResponse answer =
                client.pollThrough(tx -> tx.insert("t_live", Map.of("id", "50", "name", "short-lived", "n", "0"))
                        .update("t_live", Map.of("id", "50", "n", "1"))
                        .delete("t_live", Map.of("id", "50")));

        String head = "\"headers\":{\"relation\":[\"public\",\"t_live\"],\"operation\":";
        String key = "\"key\":\"\\\"public\\\".\\\"t_live\\\"/\\\"50\\\"\",";
        assertEquals(
                "[{\"value\":{\"id\":\"50\",\"n\":\"0\",\"name\":\"short-lived\"}," + key + head
                        + "\"insert\",\"lsn\":\"L\",\"op_position\":0,\"txids\":[T]}},"
                        + "{\"value\":{\"id\":\"50\",\"n\":\"1\"}," + key + head
                        + "\"update\",\"lsn\":\"L\",\"op_position\":2,\"txids\":[T]}},"
                        + "{\"value\":{\"id\":\"50\"}," + key
                        + "\"headers\":{\"last\":true,\"relation\":[\"public\",\"t_live\"],\"operation\":"
                        + "\"delete\",\"lsn\":\"L\",\"op_position\":4,\"txids\":[T]}}," + UP_TO_DATE,
                ModelClient.plain(answer));
        assertEquals(model.lsn() + "_4", client.offset);
    }

    @Test
    void anUpdateThatChangesNothingDoesNotEndThePoll() {
        model.createTable(TableSpec.of("t", Column.of("id", "int4").primaryKey(0), Column.of("v", "text")));
        model.commit(tx -> tx.insert("t", Map.of("id", "1", "v", "a")));
        client.follow("table=t");
        var poll = client.poll();
        model.commit(tx -> tx.update("t", Map.of("id", "1", "v", "a")));
        assertNull(poll.get());
        client.advance(20_000);
        ModelResponse answer = poll.get();
        assertNotNull(answer);
        assertTrue(answer.bodyText().contains("\"" + model.lsn() + "\""), "the global position has moved");
    }

    @Test
    void primaryKeyChange() {
        model.createTable(TableSpec.of(
                "t_comp",
                Column.of("org", "text").primaryKey(1),
                Column.of("seq", "int4").primaryKey(0),
                Column.of("note", "text")));
        model.commit(tx -> tx.insert("t_comp", Map.of("org", "a/b", "seq", "1", "note", "n")));
        ModelResponse first = client.get("offset=-1&table=t_comp");
        assertEquals(
                "[{\"key\":\"\\\"public\\\".\\\"t_comp\\\"/\\\"1\\\"/\\\"a//b\\\"\",\"value\":{\"note\":\"n\","
                        + "\"org\":\"a/b\",\"seq\":\"1\"},\"headers\":{\"relation\":[\"public\",\"t_comp\"],"
                        + "\"operation\":\"insert\"}}," + SNAPSHOT_END,
                ModelClient.plain(first));
        client.follow("table=t_comp");

        ModelResponse answer =
                client.pollThrough(tx -> tx.update("t_comp", Map.of("org", "a/b", "seq", "1"), Map.of("seq", "10")));
        String one = "\\\"public\\\".\\\"t_comp\\\"/\\\"1\\\"/\\\"a//b\\\"";
        String ten = "\\\"public\\\".\\\"t_comp\\\"/\\\"10\\\"/\\\"a//b\\\"";
        assertEquals(
                "[{\"value\":{\"org\":\"a/b\",\"seq\":\"1\"},\"key\":\"" + one + "\",\"headers\":{\"relation\":"
                        + "[\"public\",\"t_comp\"],\"operation\":\"delete\",\"lsn\":\"L\",\"op_position\":0,"
                        + "\"txids\":[T],\"key_change_to\":\"" + ten + "\"}},"
                        + "{\"value\":{\"note\":\"n\",\"org\":\"a/b\",\"seq\":\"10\"},\"key\":\"" + ten
                        + "\",\"headers\":{\"last\":true,\"relation\":[\"public\",\"t_comp\"],\"operation\":\"insert\","
                        + "\"lsn\":\"L\",\"op_position\":1,\"txids\":[T],\"key_change_from\":\"" + one + "\"}},"
                        + UP_TO_DATE,
                ModelClient.plain(answer));
    }

    @Test
    void rowsMoveInAndOutOfAFilter() {
        model.createTable(TableSpec.of(
                "t_where",
                Column.of("id", "int4").primaryKey(0),
                Column.of("status", "text").required(),
                Column.of("prio", "int4"),
                Column.of("title", "text"),
                Column.of("secret_note", "text")));
        model.commit(tx -> {
            for (int i = 1; i <= 5; i++) {
                tx.insert(
                        "t_where", Map.of("id", "" + i, "status", "open", "prio", i < 3 ? "1" : "9", "title", "t" + i));
            }
        });
        client.follow("columns=id%2Cstatus%2Ctitle&params%5B1%5D=open&params%5B2%5D=it's&params%5B3%5D=5&table=t_where"
                + "&where=status%20IN%20(%241%2C%20%242)%20AND%20(prio%20%3E%3D%20%243%20OR%20prio%20IS%20NULL)");

        String in = ModelClient.plain(client.pollThrough(tx -> tx.update("t_where", Map.of("id", "1", "prio", "6"))));
        assertTrue(in.startsWith("[{\"value\":{\"id\":\"1\",\"status\":\"open\",\"title\":\"t1\"}"), in);
        assertTrue(in.contains("\"insert\""), in);

        String out = ModelClient.plain(
                client.pollThrough(tx -> tx.update("t_where", Map.of("id", "3", "status", "closed"))));
        assertTrue(out.startsWith("[{\"value\":{\"id\":\"3\"}"), out);
        assertTrue(out.contains("\"delete\""), out);

        var poll = client.poll();
        model.commit(tx -> tx.update("t_where", Map.of("id", "4", "secret_note", "only unselected")));
        assertNull(poll.get());
        client.advance(20_000);

        String last = ModelClient.plain(client.pollThrough(tx -> tx.update("t_where", Map.of("id", "2", "title", "x"))
                .update("t_where", Map.of("id", "5", "title", "new title"))));
        assertTrue(last.contains("\"op_position\":2"), "operations outside the shape count");
        assertTrue(last.startsWith("[{\"value\":{\"id\":\"5\",\"title\":\"new title\"}"), last);
    }

    @Test
    void fullReplica() {
        model.createTable(TableSpec.of(
                "t_full", Column.of("id", "int4").primaryKey(0), Column.of("a", "text"), Column.of("n", "int4")));
        model.commit(tx -> tx.insert("t_full", Map.of("id", "1", "n", "4", "a", "x")));
        client.follow("replica=full&table=t_full");
        assertEquals(
                "[{\"value\":{\"a\":\"x\",\"id\":\"1\",\"n\":\"5\"},\"key\":\"\\\"public\\\".\\\"t_full\\\"/\\\"1\\\"\","
                        + "\"headers\":{\"last\":true,\"relation\":[\"public\",\"t_full\"],\"operation\":\"update\","
                        + "\"lsn\":\"L\",\"op_position\":0,\"txids\":[T]},\"old_value\":{\"n\":\"4\"}}," + UP_TO_DATE,
                ModelClient.plain(client.pollThrough(tx -> tx.update("t_full", Map.of("id", "1", "n", "5")))));
        String deleted =
                client.pollThrough(tx -> tx.delete("t_full", Map.of("id", "1"))).bodyText();
        assertTrue(deleted.startsWith("[{\"value\":{\"a\":\"x\",\"id\":\"1\",\"n\":\"5\"}"), deleted);
    }

    @Test
    void refusals() {
        model.createTable(TableSpec.of("t_err", Column.of("id", "int4").primaryKey(0), Column.of("v", "text")));
        Map<String, String> expected = Map.ofEntries(
                Map.entry(
                        "offset=-1&table=no_such_table",
                        "\"table\":[\"Table \\\"public\\\".\\\"no_such_table\\\" does not exist. If the table name"
                                + " contains capitals or special characters you must quote it.\"]"),
                Map.entry("offset=-1", "\"table\":[\"can't be blank\"]"),
                Map.entry("table=t_err", "\"offset\":[\"can't be blank\"]"),
                Map.entry("offset=1_2_3&table=t_err", "\"offset\":[\"has invalid format\"]"),
                Map.entry("offset=0_0&table=t_err", "\"handle\":[\"can't be blank when offset != -1\"]"),
                Map.entry("live=true&offset=-1&table=t_err", "\"live\":[\"can't be true when offset == -1\"]"),
                Map.entry("live=&offset=now&table=t_err", "\"live\":[\"can't be true when offset is 'now'\"]"),
                Map.entry(
                        "offset=-1&table=t_err&where=nope%20%3D%201",
                        "\"where\":[\"At location 0: unknown reference nope\"]"),
                Map.entry(
                        "offset=-1&table=t_err&where=id%20%3D%20",
                        "\"where\":[\"At location 20: syntax error at end of input\"]"),
                Map.entry(
                        "offset=-1&table=t_err&where=v%20%3E%205",
                        "\"where\":[\"At location 2: Could not select an operator overload\"]"),
                Map.entry(
                        "offset=-1&table=t_err&where=id%20%3D%20%241",
                        "\"where\":[\"At location 5: parameter $1 was not provided\"]"),
                Map.entry(
                        "offset=-1&params%5B1%5D=x&table=t_err&where=id%20%3D%20%241",
                        "\"where\":[\"At location 5: invalid syntax for type int4: x\"]"),
                Map.entry(
                        "offset=-1&table=t_err&where=random()%20%3C%201",
                        "\"where\":[\"At location 0: unknown or unsupported function random/0\"]"),
                Map.entry(
                        "columns=id%2Czzz&offset=-1&table=t_err",
                        "\"columns\":[\"The following columns are not found on the table: zzz\"]"),
                Map.entry(
                        "columns=v&offset=-1&table=t_err",
                        "\"columns\":[\"The list of columns must include all primary key columns, missing: id\"]"),
                Map.entry("offset=-1&replica=half&table=t_err", "\"replica\":[\"is invalid\"]"),
                Map.entry("log=some&offset=-1&table=t_err", "\"log\":[\"is invalid\"]"),
                Map.entry(
                        "handle=1-1&live_sse=true&offset=0_inf&table=t_err",
                        "\"live_sse\":[\"can't be true unless live is also true\"]"),
                Map.entry(
                        "offset=-1&table=Bad%20Table%22",
                        "\"table\":[\"Invalid unquoted identifier contains special characters: Bad Table\\\"\"]"),
                Map.entry(
                        "offset=-1&params%5B2%5D=x&table=t_err",
                        "\"params\":[\"Parameters must be numbered sequentially, starting from 1\"]"));
        expected.forEach((query, error) -> {
            ModelResponse answer = client.get(query);
            assertEquals(400, answer.status(), query);
            assertEquals("{\"message\":\"Invalid request\",\"errors\":{" + error + "}}", answer.bodyText(), query);
            assertEquals("no-store", answer.header("cache-control"));
            assertEquals("no-store", answer.header("surrogate-control"));
        });
        assertEquals(200, client.get("columns=&offset=-1&table=t_err").status());
        assertEquals(500, client.get("offset=-1&table=pg_catalog.pg_class").status());
    }

    @Test
    void otherPathsAndMethods() {
        model.createTable(TableSpec.of("t", Column.of("id", "int4").primaryKey(0)));
        assertEquals(
                "{\"status\":\"active\"}",
                client.send("GET", "/v1/health", Map.of(), "").bodyText());
        assertEquals(200, client.send("GET", "/", Map.of(), "").status());
        ModelResponse unknown = client.send("PUT", "/v1/shape?offset=-1&table=t", Map.of(), "");
        assertEquals(404, unknown.status());
        assertEquals("Not found", unknown.bodyText());
        assertNull(unknown.header("content-type"));
        ModelResponse preflight = client.send("OPTIONS", "/v1/shape", Map.of(), "");
        assertEquals(204, preflight.status());
        assertEquals("86400", preflight.header("access-control-max-age"));
        assertEquals(
                "{\"error\":\"Invalid JSON in request body\",\"details\":"
                        + "\"unexpected byte at position 1: 0x62 (\\\"b\\\")\"}",
                client.send("POST", "/v1/shape?offset=-1&table=t", Map.of(), "{bad")
                        .bodyText());
        assertEquals(
                "{\"error\":\"Request body must be a JSON object\"}",
                client.send("POST", "/v1/shape?offset=-1&table=t", Map.of(), "[]")
                        .bodyText());
        ModelResponse posted = client.send("POST", "/v1/shape?offset=-1&table=t", Map.of(), "");
        assertEquals(200, posted.status());
        assertEquals("no-cache", posted.header("cache-control"));
        assertEquals(
                400,
                client.send("POST", "/v1/shape?offset=-1&table=t", Map.of(), "{\"where\":\"id = 1\"}")
                        .status());
    }

    @Test
    void entityTagsAndHead() {
        model.createTable(TableSpec.of("t", Column.of("id", "int4").primaryKey(0)));
        ModelResponse first = client.get("offset=-1&table=t");
        String etag = String.valueOf(first.header("etag"));
        ModelResponse same =
                client.send("GET", "/v1/shape?offset=-1&table=t", Map.of("If-None-Match", "\"x\", " + etag), "");
        assertEquals(304, same.status());
        assertEquals(List.of(), same.body());
        assertEquals(first.header("electric-offset"), same.header("electric-offset"));
        assertNull(same.header("electric-schema"));
        ModelResponse head = client.send("HEAD", "/v1/shape?offset=-1&table=t", Map.of(), "");
        assertEquals(200, head.status());
        assertEquals(0, head.bodyLength());
        assertEquals(first.header("electric-schema"), head.header("electric-schema"));
    }

    @Test
    void secret() {
        ModelClient locked =
                new ModelClient(ModelOptions.defaults().withSecret("s3cret").withDeleteAllowed(false));
        locked.model.createTable(TableSpec.of("t", Column.of("id", "int4").primaryKey(0)));
        ModelResponse refused = locked.get("offset=-1&table=nope");
        assertEquals(401, refused.status());
        assertEquals("{\"message\":\"Unauthorized - Invalid API secret\"}", refused.bodyText());
        assertNull(refused.header("access-control-allow-origin"));
        assertNull(refused.header("content-type"));
        assertEquals(200, locked.get("offset=-1&secret=s3cret&table=t").status());
        assertEquals(200, locked.get("api_secret=s3cret&offset=-1&table=t").status());
        ModelResponse delete = locked.send("DELETE", "/v1/shape?secret=s3cret&table=t", Map.of(), "");
        assertEquals(405, delete.status());
        assertEquals("{\"message\":\"DELETE not allowed\"}", delete.bodyText());
    }

    @Test
    void offsetNow() {
        model.createTable(TableSpec.of("t", Column.of("id", "int4").primaryKey(0)));
        model.commit(tx -> tx.insert("t", Map.of("id", "1")));
        ModelResponse now = client.get("offset=now&table=t");
        assertEquals("[" + UP_TO_DATE, ModelClient.plain(now));
        assertEquals("0_inf", now.header("electric-offset"));
        assertEquals("false", now.header("electric-has-data"));
        assertNotNull(now.header("electric-schema"));
        model.commit(tx -> tx.insert("t", Map.of("id", "2")));
        assertEquals(model.lsn() + "_0", client.get("offset=now&table=t").header("electric-offset"));
    }
}
