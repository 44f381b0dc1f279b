package dev.tributary.spacetimedb;

import dev.tributary.Row;
import dev.tributary.benchmarks.Applied;
import dev.tributary.benchmarks.Readings;
import dev.tributary.spacetimedb.codec.FrameReader;
import dev.tributary.spacetimedb.codec.Limits;
import dev.tributary.spacetimedb.codec.MessageKind;
import dev.tributary.spacetimedb.codec.RowPlace;
import dev.tributary.spacetimedb.codec.RowSink;
import dev.tributary.spacetimedb.codec.ServerMessage;
import dev.tributary.spacetimedb.codec.ServerMessages;
import dev.tributary.spacetimedb.codec.Subprotocol;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spacetimedb.types.RowDecoder;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.testkit.socket.HttpRequest;
import dev.tributary.testkit.spacetimedb.SpacetimeDbAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Reads first rows of one subprotocol as a connection does, in pieces as they come from a socket, and gives the rows on. */
@NullMarked
final class Received implements ServerMessages {

    /** What a socket gives at once. */
    static final int PIECE = 16_384;

    private final FrameReader reader;
    private final DataKind kind;
    private final RowTaker taker;

    Received(Subprotocol subprotocol, String table, Consumer<Row> rows) {
        reader = FrameReader.of(subprotocol, Limits.DEFAULT, this);
        kind = subprotocol == Subprotocol.V1_JSON ? DataKind.TEXT : DataKind.BINARY;
        RowDecoder decoder =
                Objects.requireNonNull(schema().table(table)).layout().decoder();
        taker = new RowTaker(decoder, rows);
    }

    /** As the server describes it. */
    static DatabaseSchema schema() {
        return DatabaseSchema.parse(schemaText());
    }

    static String schemaText() {
        StringBuilder text = new StringBuilder();
        Readings.model()
                .request(
                        HttpRequest.get("/v1/database/game/schema?version=9"),
                        answer -> text.append(
                                ((SpacetimeDbAnswer.Response) answer).response().bodyText()));
        return text.toString();
    }

    /** So many readings as v2 has them. */
    static byte[] readings(int rows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Applied.readings(rows, new byte[Applied.IDS_BYTES], out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** So many ticks as v2 has them. */
    static byte[] ticks(int rows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Applied.ticks(rows, new byte[Applied.IDS_BYTES], out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The same readings as {@code v1.json} has them. */
    static byte[] json(int rows) {
        Readings.Writer writer = new Readings.Writer();
        StringBuilder text = new StringBuilder("{\"SubscribeMultiApplied\":{\"request_id\":1,")
                .append("\"total_host_execution_duration_micros\":42,\"query_id\":{\"id\":1},\"update\":{\"tables\":[")
                .append("{\"table_id\":4096,\"table_name\":\"reading\",\"num_rows\":")
                .append(rows)
                .append(",\"updates\":[{\"deletes\":[],\"inserts\":[");
        for (int id = 0; id < rows; id++) {
            String row = Readings.json(writer.reading(id, 0));
            text.append(id == 0 ? "\"" : ",\"")
                    .append(row.replace("\"", "\\\""))
                    .append('"');
        }
        return text.append("]}]}]}}}").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A whole message. */
    void message(byte[] bytes) {
        for (int at = 0; at < bytes.length; at += PIECE) {
            int count = Math.min(PIECE, bytes.length - at);
            reader.data(kind, ByteBuffer.wrap(bytes, at, count), at + count == bytes.length);
        }
    }

    long rows() {
        return taker.rows();
    }

    @Override
    public void begin(MessageKind message) {}

    @Override
    public @Nullable RowSink rows(RowPlace place) {
        return taker;
    }

    @Override
    public void connected(ServerMessage.Connected message) {}

    @Override
    public void initialSubscription(ServerMessage.InitialSubscription message) {}

    @Override
    public void subscribeApplied(ServerMessage.SubscribeApplied message) {}

    @Override
    public void unsubscribeApplied(ServerMessage.UnsubscribeApplied message) {}

    @Override
    public void subscriptionError(ServerMessage.SubscriptionError message) {}

    @Override
    public void transactionUpdate(ServerMessage.TransactionUpdate message) {}

    @Override
    public void oneOffResult(ServerMessage.OneOffResult message) {}

    @Override
    public void reducerResult(ServerMessage.ReducerResult message) {}

    @Override
    public void procedureResult(ServerMessage.ProcedureResult message) {}

    @Override
    public void unknown(ServerMessage.Unknown message) {
        throw new IllegalStateException(message.toString());
    }
}
