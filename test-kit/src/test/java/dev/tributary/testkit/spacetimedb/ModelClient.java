package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.socket.HttpRequest;
import dev.tributary.testkit.socket.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of the model: what it was sent, as bytes and in words. */
final class ModelClient implements SpacetimeDbPeer {

    static final String V3 = "v3.bsatn.spacetimedb";
    static final String V2 = "v2.bsatn.spacetimedb";
    static final String V1 = "v1.bsatn.spacetimedb";
    static final String JSON = "v1.json.spacetimedb";

    final List<byte[]> frames = new ArrayList<>();
    /** Messages, closes and ends, in words. */
    final List<String> heard = new ArrayList<>();

    int pings;
    boolean answersPings = true;
    boolean writable = true;
    final SpacetimeDbSession session;

    private final ServerFrames words;

    private ModelClient(SpacetimeDbSession session) {
        this.session = session;
        words = new ServerFrames(session.identity());
    }

    static ModelClient connect(SpacetimeDbModel model, String subprotocol) {
        return connect(model, subprotocol, "compression=None", null);
    }

    static ModelClient connect(SpacetimeDbModel model, String subprotocol, String parameters, @Nullable String token) {
        SpacetimeDbAnswer answer = ask(model, upgrade(parameters, subprotocol, token));
        if (!(answer instanceof SpacetimeDbAnswer.Open open)) {
            throw new AssertionError("refused: " + answer);
        }
        ModelClient client = new ModelClient(open.session());
        open.session().attach(client);
        return client;
    }

    static HttpRequest upgrade(String parameters, String subprotocol, @Nullable String token) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("connection", "Upgrade");
        headers.put("upgrade", "websocket");
        headers.put("sec-websocket-version", "13");
        headers.put("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        headers.put("sec-websocket-protocol", subprotocol);
        if (token != null) {
            headers.put("authorization", "Bearer " + token);
        }
        return new HttpRequest("GET", "/v1/database/game/subscribe?" + parameters, headers, new byte[0]);
    }

    static SpacetimeDbAnswer ask(SpacetimeDbModel model, HttpRequest request) {
        List<SpacetimeDbAnswer> answers = new ArrayList<>();
        model.request(request, answers::add);
        return answers.get(0);
    }

    static HttpResponse response(SpacetimeDbModel model, HttpRequest request) {
        return ((SpacetimeDbAnswer.Response) ask(model, request)).response();
    }

    // ---- what it says ----

    void json(String message) {
        session.text(message.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    void subscribe(long request, long set, String... queries) {
        session.binary(subscribeBytes(request, set, queries));
    }

    static byte[] subscribeBytes(long request, long set, String... queries) {
        BsatnWriter out = new BsatnWriter().u8(0).u32(request).u32(set).u32(queries.length);
        for (String query : queries) {
            out.string(query);
        }
        return out.toBytes();
    }

    /** Subscribes in the first version's binary form. */
    void subscribeMulti(long request, long set, String... queries) {
        BsatnWriter out = new BsatnWriter().u8(4).u32(queries.length);
        for (String query : queries) {
            out.string(query);
        }
        session.binary(out.u32(request).u32(set).toBytes());
    }

    void unsubscribe(long request, long set, boolean withRows) {
        session.binary(new BsatnWriter()
                .u8(1)
                .u32(request)
                .u32(set)
                .u8(withRows ? 1 : 0)
                .toBytes());
    }

    static byte[] callBytes(long request, String reducer, byte[] arguments) {
        return new BsatnWriter()
                .u8(3)
                .u32(request)
                .u8(0)
                .string(reducer)
                .bytes(arguments)
                .toBytes();
    }

    void call(long request, String reducer, byte[] arguments) {
        session.binary(callBytes(request, reducer, arguments));
    }

    String last() {
        return heard.get(heard.size() - 1);
    }

    byte[] lastFrame() {
        return frames.get(frames.size() - 1);
    }

    // ---- what it hears ----

    @Override
    public void text(byte[] utf8) {
        frames.add(utf8);
        heard.add(words.json(new String(utf8, StandardCharsets.UTF_8)));
    }

    @Override
    public void binary(byte[] message) {
        frames.add(message);
        try {
            heard.addAll(words.binary(session.subprotocol().isVersion1() ? ServerFrames.V1 : ServerFrames.V2, message));
        } catch (RuntimeException | AssertionError e) {
            heard.add("unreadable");
        }
    }

    @Override
    public void cut(byte[] message, int bytes, boolean text) {
        heard.add("cut " + bytes + " of " + message.length);
    }

    @Override
    public void ping() {
        pings++;
        if (answersPings) {
            session.pong();
        }
    }

    @Override
    public void close(int code, String reason) {
        heard.add("close " + code + " " + reason);
    }

    @Override
    public void end() {
        heard.add("end");
    }

    @Override
    public void reset() {
        heard.add("reset");
    }

    @Override
    public boolean isWritable() {
        return writable;
    }
}
