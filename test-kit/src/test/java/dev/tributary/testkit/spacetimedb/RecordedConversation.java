package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.model.RustJson;
import dev.tributary.testkit.socket.HttpRequest;
import dev.tributary.testkit.spacetimedb.JsonNode.Obj;
import dev.tributary.testkit.spacetimedb.JsonNode.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One transcript, its client's side played into a model. */
final class RecordedConversation {

    private static final long BASE = 1_795_246_000_000L;
    private static final Pattern IDENTITY = Pattern.compile("c200[0-9a-f]{60}");
    private static final Pattern NEW_PERSON = Pattern.compile("\\[(50\\d\\d),\\[");

    /** What was received, and what the model sends. */
    static final class Side {
        final List<String> expected = new ArrayList<>();
        final List<String> actual = new ArrayList<>();
        /** Whether another client asked at the same time. */
        boolean raced;
    }

    private final List<Obj> events = new ArrayList<>();
    private final Map<String, Side> sides = new LinkedHashMap<>();
    private final Map<String, SpacetimeDbSession> sessions = new LinkedHashMap<>();
    private final Map<String, Subprotocol> subprotocols = new LinkedHashMap<>();
    private final SpacetimeDbModel model;
    private final RecordedTokens tokens;
    private final BigInteger client;
    private final BigInteger other;
    private final ServerFrames frames;
    private long now = BASE;

    RecordedConversation(String file) {
        List<String> lines = lines(file);
        String schema = "";
        for (String line : lines.subList(1, lines.size())) {
            Obj event = object(line);
            events.add(event);
            if (event.get("body") instanceof Text body && body.value().startsWith("{\"typespace\"")) {
                schema = body.value();
            }
        }
        client = clientIdentity();
        other = otherIdentity(lines.get(0));
        frames = new ServerFrames(client);
        model = new SpacetimeDbModel(
                RecordedModule.of(schema, lines.get(1).contains("old-module")),
                SpacetimeDbOptions.current().withDatabase("recmod"),
                () -> now,
                new SplittableRandom(1),
                () -> {});
        tokens = new RecordedTokens(model);
        seed();
        Matcher person = NEW_PERSON.matcher(String.join("\n", lines.subList(1, lines.size())));
        if (file.startsWith("16")) {
            // The database had been used by the conversation before.
            model.transact(context -> context.startSequenceAt("tick", "id", 2));
        }
        if (model.module().reducers().containsKey("person_add")) {
            // In binary it cannot be found so easily.
            long first = person.find() ? Long.parseLong(person.group(1)) : file.startsWith("14") ? 5_040 : 1;
            model.transact(context -> context.startSequenceAt("person", "id", first));
        }
    }

    private static List<String> lines(String file) {
        try (InputStream in = Objects.requireNonNull(
                RecordedConversation.class.getResourceAsStream("/transcripts/spacetimedb/" + file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first binary frame that a client of a recording received. */
    static byte[] firstFrame(String file) {
        for (String line : lines(file).subList(1, lines(file).size())) {
            Obj event = object(line);
            if (text(event, "kind").equals("ws-recv")) {
                return Base64.getDecoder().decode(text(event, "binary64"));
            }
        }
        throw new AssertionError("no frame in " + file);
    }

    private static Obj object(String json) {
        try {
            return (Obj) JsonText.parse(json);
        } catch (JsonException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private static String text(Obj event, String name) {
        return event.get(name) instanceof Text text ? text.value() : "";
    }

    private BigInteger clientIdentity() {
        for (Obj event : events) {
            if (text(event, "kind").equals("ws-open")) {
                return new BigInteger(text((Obj) need(event, "response_headers"), "spacetime-identity"), 16);
            }
        }
        throw new AssertionError("no connection");
    }

    private static JsonNode need(Obj object, String name) {
        return Objects.requireNonNull(object.get(name), name);
    }

    /** The identity of whoever else wrote a row. */
    private BigInteger otherIdentity(String header) {
        Matcher matcher = IDENTITY.matcher(header);
        while (matcher.find()) {
            BigInteger identity = new BigInteger(matcher.group(), 16);
            if (!identity.equals(client)) {
                return identity;
            }
        }
        return BigInteger.TEN;
    }

    // ---- what was there before ----

    /** Rows that came, or went, without having come as a change before. */
    private void seed() {
        Map<String, Set<String>> changed = new LinkedHashMap<>();
        boolean cut = false;
        for (Obj event : events) {
            // What a later connection finds was written by others meanwhile.
            cut |= text(event, "by").equals("drop");
            if (cut || !text(event, "kind").equals("ws-recv")) {
                continue;
            }
            if (event.get("text") instanceof Text text) {
                Obj message = object(text.value());
                seedJson(
                        message.members().get(0).name(),
                        message.members().get(0).value(),
                        "",
                        changed);
            } else {
                byte[] frame = Base64.getDecoder().decode(text(event, "binary64"));
                seedBinary(subprotocolOf(text(event, "id")), frame, changed);
            }
        }
    }

    private Subprotocol subprotocolOf(String id) {
        for (Obj event : events) {
            if (text(event, "kind").equals("ws-open") && text(event, "id").equals(id)) {
                String name = text((Obj) need(event, "response_headers"), "sec-websocket-protocol");
                return Objects.requireNonNull(Subprotocol.best(List.of(name), SpacetimeDbOptions.current()));
            }
        }
        throw new AssertionError("no connection " + id);
    }

    private void seedJson(String kind, JsonNode node, String table, Map<String, Set<String>> changed) {
        if (node instanceof Obj object) {
            String name = text(object, "table_name");
            for (JsonNode.Member member : object.members()) {
                boolean rows = List.of("inserts", "deletes", "rows").contains(member.name());
                if (rows && member.value() instanceof JsonNode.Arr list) {
                    for (JsonNode row : list.items()) {
                        seedLost(kind, (Text) row);
                        seedRow(
                                kind,
                                table.isEmpty() ? name : table,
                                jsonRow(table.isEmpty() ? name : table, row),
                                member.name(),
                                changed);
                    }
                } else {
                    seedJson(kind, member.value(), name.isEmpty() ? table : name, changed);
                }
            }
        } else if (node instanceof JsonNode.Arr list) {
            list.items().forEach(item -> seedJson(kind, item, table, changed));
        }
    }

    /** The two sample rows with floats that JSON has no numbers for. */
    private void seedLost(String kind, Text row) {
        for (int id = 3; id <= 4; id++) {
            if (kind.equals("SubscribeApplied") && row.value().startsWith("{\"id\":" + id + ",\"flag\"")) {
                model.call("item_sample", id, id);
            }
        }
    }

    private byte @Nullable [] jsonRow(String table, JsonNode row) {
        try {
            return JsonValues.value(model.module().types(), model.module().rowType(table), ((Text) row).value());
        } catch (JsonException e) {
            // A row with NaN or an infinity, which JSON has lost.
            return null;
        }
    }

    private void seedRow(
            String kind, String table, byte @Nullable [] row, String role, Map<String, Set<String>> changed) {
        if (row == null || !model.module().tables().containsKey(table)) {
            return;
        }
        boolean update = kind.startsWith("Transaction") || kind.startsWith("Reducer");
        String key = java.util.HexFormat.of().formatHex(row);
        Set<String> known = changed.computeIfAbsent(table, t -> new LinkedHashSet<>());
        boolean before = update ? role.equals("deletes") : true;
        if (before && !known.contains(key)) {
            TableSpec spec = model.module().tables().get(table);
            if (spec != null && !spec.event()) {
                model.transact(context ->
                        context.insertRow(table, ValueReader.row(model.module().types(), spec.rowType(), row)));
            }
        }
        known.add(key);
    }

    private void seedBinary(Subprotocol subprotocol, byte[] frame, Map<String, Set<String>> changed) {
        SpacetimeType type = subprotocol.isVersion1() ? ServerFrames.V1 : ServerFrames.V2;
        for (String message : frames.binary(type, frame)) {
            String kind = message.substring(0, message.indexOf(' '));
            Matcher rows = Pattern.compile(
                            "(?:table_name|table)=(\\w+)|(deletes|inserts|rows)=(?:fixed|offsets) \\[([0-9a-f, ]*)\\]")
                    .matcher(message);
            String table = "";
            while (rows.find()) {
                if (rows.group(1) != null) {
                    table = rows.group(1);
                    continue;
                }
                for (String hex : rows.group(3).split(", ", -1)) {
                    if (!hex.isEmpty()) {
                        seedRow(kind, table, java.util.HexFormat.of().parseHex(hex), rows.group(2), changed);
                    }
                }
            }
        }
    }

    // ---- playing ----

    Map<String, Side> play() {
        for (Obj event : events) {
            JsonNode.Num t = (JsonNode.Num) need(event, "t");
            now = Math.max(now, BASE + (long) Double.parseDouble(t.text()));
            model.tick();
            event(event, text(event, "kind"), text(event, "id"));
        }
        return sides;
    }

    private void event(Obj event, String kind, String id) {
        switch (kind) {
            case "http-request" -> requested(event, id);
            case "http-response" -> responded(event, id);
            case "ws-open" -> open(event, id);
            case "ws-send" -> {
                SpacetimeDbSession session = Objects.requireNonNull(sessions.get(id));
                if (event.get("text") instanceof Text text) {
                    session.text(text.value().getBytes(StandardCharsets.UTF_8));
                } else {
                    session.binary(Base64.getDecoder().decode(text(event, "binary64")));
                }
            }
            case "ws-recv" -> received(event, id);
            case "ws-close" -> closed(event, id);
            case "truth" -> truth(event);
            default -> {}
        }
    }

    private Side side(String id) {
        return sides.computeIfAbsent(id, each -> new Side());
    }

    private void open(Obj event, String id) {
        Subprotocol subprotocol = subprotocolOf(id);
        subprotocols.put(id, subprotocol);
        String target = text(event, "target");
        SpacetimeDbSession session = model.session(new ConnectionRequest(
                client,
                "TOKEN",
                subprotocol,
                compression(target),
                target.contains("light=true"),
                false,
                connectionOf(id)));
        sessions.put(id, session);
        session.attach(new Peer(id, side(id).actual));
    }

    private static Compression compression(String target) {
        if (target.contains("compression=Gzip")) {
            return Compression.GZIP;
        }
        return target.contains("compression=None") ? Compression.NONE : Compression.BROTLI;
    }

    /** A handshake that was refused, or a call over HTTP. The schema is not asked of the model: it was given to it. */
    private void requested(Obj event, String id) {
        if (text(event, "target").contains("/schema?")) {
            return;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        ((Obj) need(event, "headers")).members().forEach(member -> {
            String value = ((Text) member.value()).value();
            headers.put(member.name(), member.name().equals("authorization") ? tokens.of(value) : value);
        });
        headers.putIfAbsent("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        headers.put("host", "127.0.0.1");
        byte[] body = text(event, "body").getBytes(StandardCharsets.UTF_8);
        model.request(
                new HttpRequest(text(event, "method"), text(event, "target"), headers, body),
                answer -> side(id).actual.add(said(answer)));
    }

    private static String said(SpacetimeDbAnswer answer) {
        return answer instanceof SpacetimeDbAnswer.Response response
                ? response.response().status() + " "
                        + new String(response.response().body(), StandardCharsets.UTF_8)
                : answer.toString();
    }

    private void responded(Obj event, String id) {
        if (!text(event, "body").startsWith("{\"typespace\"")) {
            side(id).expected.add(((JsonNode.Num) need(event, "status")).text() + " " + text(event, "body"));
        }
    }

    private BigInteger connectionOf(String id) {
        for (Obj event : events) {
            if (text(event, "kind").equals("ws-recv") && text(event, "id").equals(id)) {
                if (event.get("text") instanceof Text text) {
                    Matcher number =
                            Pattern.compile("__connection_id__\":(\\d+)").matcher(text.value());
                    return number.find() ? new BigInteger(number.group(1)) : BigInteger.ONE;
                }
                byte[] frame = Base64.getDecoder().decode(text(event, "binary64"));
                int at = subprotocolOf(id).isVersion1() ? frame.length - 16 : 34;
                try {
                    return new BsatnReader(frame, at, 16).integer(16, false, "id");
                } catch (BsatnException e) {
                    throw new AssertionError(e.getMessage(), e);
                }
            }
        }
        return BigInteger.ONE;
    }

    private void received(Obj event, String id) {
        if (event.get("text") instanceof Text text) {
            side(id).expected.add(frames.json(text.value()));
        } else {
            SpacetimeType type = subprotocolOf(id).isVersion1() ? ServerFrames.V1 : ServerFrames.V2;
            side(id).expected.addAll(frames.binary(type, Base64.getDecoder().decode(text(event, "binary64"))));
        }
    }

    private void closed(Obj event, String id) {
        String by = text(event, "by");
        SpacetimeDbSession session = Objects.requireNonNull(sessions.get(id));
        if (by.equals("server")) {
            side(id).expected.add("close " + ((JsonNode.Num) need(event, "code")).text() + " " + text(event, "reason"));
        } else if (session.isOpen()) {
            session.gone();
        } else {
            side(id).expected.add("end");
        }
    }

    private void truth(Obj event) {
        if (event.get("sql") instanceof Text sql) {
            model.sql(sql.value());
        } else if (event.get("procedure") instanceof Text procedure) {
            model.procedureCalls()
                    .call(
                            procedure.value(),
                            arguments(event).getBytes(StandardCharsets.UTF_8),
                            true,
                            other,
                            BigInteger.TWO,
                            new ProcedureCalls.Listener() {
                                @Override
                                public void returned(SpacetimeType type, byte[] value, long micros) {}

                                @Override
                                public void failed(String error) {
                                    throw new AssertionError(error);
                                }
                            });
            model.clients().enter(() -> {});
        } else if (event.get("reducer") instanceof Text reducer) {
            call(reducer.value(), arguments(event), event.get("request_id"));
        } else if (text(event, "note").contains("30 times")) {
            for (int i = 100; i < 130; i++) {
                model.callAs(other, BigInteger.TWO, i, "nokey_add", i, "other");
            }
        } else if (text(event, "note").contains("publishes the module again")) {
            model.replace(model.module());
        }
    }

    private static String arguments(Obj event) {
        StringBuilder out = new StringBuilder();
        write(need(event, "args"), out);
        return out.toString().replace("[\"n\"]", "\"n\"");
    }

    private static void write(JsonNode node, StringBuilder out) {
        if (node instanceof JsonNode.Arr array) {
            String comma = "[";
            for (JsonNode item : array.items()) {
                out.append(comma);
                comma = ", ";
                write(item, out);
            }
            out.append(array.items().isEmpty() ? "[]" : "]");
        } else if (node instanceof Obj object) {
            String comma = "{";
            for (JsonNode.Member member : object.members()) {
                out.append(comma).append(RustJson.quoted(member.name())).append(": ");
                comma = ", ";
                write(member.value(), out);
            }
            out.append('}');
        } else if (node instanceof Text text) {
            out.append(RustJson.quoted(text.value()));
        } else if (node instanceof JsonNode.Num number) {
            out.append(number.text());
        } else if (node instanceof JsonNode.Bool bool) {
            out.append(bool.value());
        }
    }

    private void call(String name, String arguments, @Nullable JsonNode request) {
        sides.values().forEach(side -> side.raced |= request != null);
        FunctionSpec reducer = Objects.requireNonNull(model.module().reducers().get(name));
        long id = request instanceof JsonNode.Num number ? Long.parseLong(number.text()) : 0;
        byte[] bytes;
        try {
            // Recorded arguments are those that a client sends: an option may be a bare text there.
            String sent = name.equals("person_add")
                    ? arguments.replaceFirst("\\[\"(\\w+)\"", "[{\"some\":\"$1\"}")
                    : arguments;
            bytes = JsonValues.arguments(model.module().types(), name, reducer.parameters(), sent);
        } catch (JsonException e) {
            throw new AssertionError(e.getMessage(), e);
        }
        CallCause cause = model.transactions().cause(reducer, other, BigInteger.TWO, bytes, id, null, false);
        // The other client on a WebSocket spoke binary, whose arguments the server writes by position.
        CallCause said = request != null
                ? cause
                : new CallCause(
                        cause.identity(),
                        cause.connection(),
                        name,
                        cause.reducerId(),
                        arguments,
                        bytes,
                        id,
                        null,
                        false);
        model.clients().enter(() -> model.transactions().run(reducer, bytes, said));
    }

    /** Writes down what the model sends. */
    private final class Peer implements SpacetimeDbPeer {

        private final String id;
        private final List<String> actual;

        Peer(String id, List<String> actual) {
            this.id = id;
            this.actual = actual;
        }

        @Override
        public void text(byte[] utf8) {
            actual.add(frames.json(new String(utf8, StandardCharsets.UTF_8)));
        }

        @Override
        public void binary(byte[] message) {
            SpacetimeType type =
                    Objects.requireNonNull(subprotocols.get(id)).isVersion1() ? ServerFrames.V1 : ServerFrames.V2;
            actual.addAll(frames.binary(type, message));
        }

        @Override
        public void cut(byte[] message, int bytes, boolean text) {
            actual.add("cut");
        }

        @Override
        public void ping() {
            Objects.requireNonNull(sessions.get(id)).pong();
        }

        @Override
        public void close(int code, String reason) {
            actual.add("close " + code + " " + reason);
        }

        @Override
        public void end() {
            actual.add("end");
        }

        @Override
        public void reset() {
            actual.add("reset");
        }
    }
}
