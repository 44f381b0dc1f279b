package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tributary.ConfigurationException;
import dev.tributary.ProtocolException;
import dev.tributary.conformance.Allocated;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Messages of a server. The first byte of an input says how it is encoded: JSON if it is even, else CBOR. */
class MessageFuzz {

    private static final long FREE_BYTES = 1 << 20;

    /**
     * It is a message or a typed error. What came in JSON is the same in CBOR, and the other way round as far as JSON can
     * carry it.
     */
    @FuzzTest
    void message(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Encoding encoding = (input[0] & 1) == 0 ? Encoding.JSON : Encoding.CBOR;
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        Allocated.atMost(
                FREE_BYTES + 2_000L * bytes.length, () -> readOrRefused(() -> MessageReader.message(encoding, bytes)));
        ServerMessage message = readOrRefused(() -> MessageReader.message(encoding, bytes));
        if (message instanceof ServerMessage.Pushed pushed) {
            carried(pushed.entry().value());
        } else if (message instanceof ServerMessage.Init init) {
            init.entries().forEach(entry -> carried(entry.value()));
        }
        if (encoding == Encoding.JSON) {
            ServerMessage answer = readOrRefused(() -> MessageReader.answer(bytes));
            assertThat(answer == null).isEqualTo(message == null);
        }
    }

    private static <T> @Nullable T readOrRefused(Supplier<@Nullable T> reading) {
        try {
            return reading.get();
        } catch (ProtocolException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1_000);
            return null;
        }
    }

    private static void carried(@Nullable Object value) {
        Object checked;
        try {
            checked = Values.checked(value);
        } catch (ConfigurationException e) {
            // Deeper or larger than a client may push.
            return;
        }
        assertThat(Values.same(checked, value)).isTrue();
        byte[] cbor = MessageWriter.push(Encoding.CBOR, Push.append("k", value));
        assertThat(Values.isEcho(checked, sent(Encoding.CBOR, cbor))).isTrue();
        if (Values.fitsJson(checked)) {
            byte[] json = MessageWriter.push(Encoding.JSON, Push.append("k", value));
            assertThat(Values.isEcho(checked, sent(Encoding.JSON, json))).isTrue();
        }
    }

    /** The value of a client's push. */
    private static @Nullable Object sent(Encoding encoding, byte[] push) {
        List<Optional<Object>> values = MessageReader.read(encoding, "push", push, in -> {
            Optional<Object> value = Optional.empty();
            in.nextToken();
            while (in.nextToken() == com.fasterxml.jackson.core.JsonToken.FIELD_NAME) {
                String name = in.currentName();
                in.nextToken();
                Object member = ValueReader.read(in);
                if (name.equals("value")) {
                    value = Optional.ofNullable(member);
                }
            }
            return List.of(value);
        });
        return values.get(0).orElse(null);
    }
}
