package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Checkpoint;
import dev.tributary.Credential;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.electric.ScriptedOutput.End;
import dev.tributary.electric.ScriptedOutput.FakeWire;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Resume;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.WireEnd;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A protocol, the engine that it talks to, and a server whose answers the test gives. */
final class Scene {

    final ScriptedOutput out = new ScriptedOutput();
    final ElectricTransport transport = new ElectricTransport();
    private final Object memory = transport.memory();
    private final Random random = new Random(7);
    private final Map<Option<?>, Object> options = new IdentityHashMap<>();
    private final Query query;
    private URI endpoint = URI.create("http://localhost:3000");
    private boolean authenticated;
    private boolean keepsRows = true;
    private @Nullable Protocol protocol;
    private @Nullable Subscription subscription;

    Scene(String query) {
        this.query = transport.query(query);
        set(ElectricOptions.PREFETCH, 0);
    }

    <T> Scene set(Option<T> option, T value) {
        options.put(option, value);
        return this;
    }

    Scene at(String address) {
        endpoint = URI.create(address);
        return this;
    }

    Scene authenticated() {
        authenticated = true;
        return this;
    }

    Scene withoutRows() {
        keepsRows = false;
        out.keepsRows = false;
        return this;
    }

    Scene start() {
        return start(null);
    }

    Scene start(@Nullable Resume resume) {
        SessionContext context = new SessionContext(endpoint, Options.of(options), authenticated, random, memory);
        protocol = transport.session(context);
        out.negotiated = Set.of();
        subscription = new FakeSubscription(query, resume, keepsRows);
        protocol.subscribe(subscription, out);
        return this;
    }

    private record FakeSubscription(Query query, @Nullable Resume resume, boolean keepsRows) implements Subscription {}

    Protocol protocol() {
        return protocol;
    }

    Subscription subscription() {
        return subscription;
    }

    /** The engine opens the next session after the last one has ended. */
    Scene nextSession() {
        Object carry = lastEnd().carry();
        boolean reset = lastEnd().ending().kind() == Ending.Kind.RESET;
        if (carry == null || reset) {
            out.dropDraft();
        }
        if (reset) {
            out.checkpoint = null;
        }
        boolean fresh = reset || (carry == null && out.checkpoint == null);
        return start(fresh ? null : new Resume(carry, out.checkpoint, out.schema));
    }

    /** A process that has only what was saved. */
    Scene restore(Checkpoint checkpoint, @Nullable RowSchema schema) {
        return start(new Resume(null, checkpoint, schema));
    }

    End lastEnd() {
        assertThat(out.ends).isNotEmpty();
        return out.ends.get(out.ends.size() - 1);
    }

    Ending.Kind ended() {
        return lastEnd().ending().kind();
    }

    /** How many requests were made. */
    int requests() {
        return out.wires.size();
    }

    FakeWire wire(int number) {
        assertThat(out.wires).hasSizeGreaterThan(number);
        return out.wires.get(number);
    }

    FakeWire last() {
        return wire(out.wires.size() - 1);
    }

    /** The parameters of the last request. */
    Map<String, String> asked() {
        return parameters(last().target.uri());
    }

    static Map<String, String> parameters(URI uri) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : uri.getRawQuery().split("&")) {
            int equals = pair.indexOf('=');
            parameters.put(
                    URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    /** Answers the last request. */
    Scene answer(Reply reply) {
        return answer(last(), reply);
    }

    Scene answer(FakeWire wire, Reply reply) {
        head(wire, reply);
        body(wire, reply.body());
        end(wire, WireEnd.complete());
        return this;
    }

    void head(FakeWire wire, Reply reply) {
        assertThat(wire.closed).as("the wire is closed").isFalse();
        protocol().opened(wire, reply.head(), out);
    }

    void body(FakeWire wire, byte[] bytes) {
        if (!wire.closed && bytes.length > 0) {
            protocol().data(wire, Protocol.DataKind.BODY, ByteBuffer.wrap(bytes).asReadOnlyBuffer(), false, out);
        }
    }

    void end(FakeWire wire, WireEnd end) {
        if (!wire.closed) {
            wire.closed = true;
            protocol().ended(wire, end, out);
        }
    }

    Scene breakOff(Reply reply, int bytes) {
        FakeWire wire = last();
        head(wire, reply);
        body(wire, Arrays.copyOf(reply.body(), bytes));
        end(wire, WireEnd.of(WireEnd.Kind.BROKEN, "connection reset", null));
        return this;
    }

    Scene credential(Credential credential) {
        protocol().credential(credential, out);
        return this;
    }

    Scene advance(Duration time) {
        out.nanos += time.toNanos();
        out.now = out.now.plus(time);
        return this;
    }

    /** The visible rows, by id. */
    Map<Object, String> rows() {
        Map<Object, String> rows = new LinkedHashMap<>();
        for (Row row : out.rows.values()) {
            rows.put(row.get("id"), row.getString("v"));
        }
        return rows;
    }

    /** Loads two rows and is live. */
    Scene live() {
        start();
        answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one"), Reply.row(2, "two"), Reply.SNAPSHOT_END));
        answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));
        assertThat(rows()).isEqualTo(Map.of(1, "one", 2, "two"));
        assertThat(asked()).containsEntry("live", "true");
        return this;
    }

    Call call(Object request) {
        Call call = new Call() {
            @Override
            public Object request() {
                return request;
            }

            @Override
            public Subscription subscription() {
                return subscription;
            }

            @Override
            public Duration remaining() {
                return Duration.ofSeconds(5);
            }
        };
        protocol().call(call, out);
        return call;
    }

    List<String> faults() {
        return out.faults;
    }
}
