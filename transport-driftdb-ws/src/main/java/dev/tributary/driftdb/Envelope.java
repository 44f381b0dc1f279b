package dev.tributary.driftdb;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tributary.ProtocolException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The members of a message as they come, in any order. What a member must be is known only with the type, so a wrong one is
 * remembered and told only when it is needed.
 */
final class Envelope {

    private @Nullable String type;
    private final Text key = new Text("key");
    private final Text message = new Text("message");
    private final Number seq = new Number("seq");
    private final Number size = new Number("size");
    private final Number nonce = new Number("nonce");
    private boolean hasValue;
    private @Nullable Object value;
    private @Nullable List<Entry> data;
    private @Nullable String dataProblem;

    void member(String name, JsonParser in) throws IOException {
        switch (name) {
            case "type" -> type = in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : skipped(in);
            case "key" -> key.read(in);
            case "message" -> message.read(in);
            case "seq" -> seq.read(in);
            case "size" -> size.read(in);
            case "nonce" -> nonce.read(in);
            case "value" -> {
                hasValue = true;
                value = ValueReader.read(in);
            }
            case "data" -> data(in);
            default -> in.skipChildren();
        }
    }

    private static @Nullable String skipped(JsonParser in) throws IOException {
        in.skipChildren();
        return null;
    }

    private void data(JsonParser in) throws IOException {
        data = null;
        dataProblem = null;
        if (in.currentToken() != JsonToken.START_ARRAY) {
            dataProblem = "data: expected an array, got " + in.currentToken();
            in.skipChildren();
            return;
        }
        List<Entry> entries = new ArrayList<>();
        int index = 0;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            Envelope element = new Envelope();
            if (in.currentToken() == null) {
                throw new ProtocolException("data: it ends in its middle");
            }
            if (in.currentToken() != JsonToken.START_OBJECT) {
                problem(index, "expected an object, got " + in.currentToken());
                in.skipChildren();
            } else {
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    String name = in.currentName();
                    in.nextToken();
                    if (name.equals("value") || name.equals("seq")) {
                        element.member(name, in);
                    } else {
                        in.skipChildren();
                    }
                }
                String wrong = element.hasValue ? element.seq.problem() : "there is no value";
                if (wrong == null) {
                    entries.add(new Entry(element.seq.number, element.value));
                } else {
                    problem(index, wrong);
                }
            }
            index++;
        }
        data = entries;
    }

    private void problem(int index, String what) {
        if (dataProblem == null) {
            dataProblem = "data[" + index + "]: " + what;
        }
    }

    ServerMessage message() {
        if (type == null) {
            throw new ProtocolException("message: it has no type");
        }
        return switch (type) {
            case "push" -> {
                if (!hasValue) {
                    throw wrong("there is no value");
                }
                yield new ServerMessage.Pushed(text(key), new Entry(number(seq), value));
            }
            case "init" -> {
                if (dataProblem != null || data == null) {
                    throw wrong(dataProblem == null ? "there is no data" : dataProblem);
                }
                yield new ServerMessage.Init(text(key), data);
            }
            case "stream_size" -> new ServerMessage.Size(text(key), number(size));
            case "pong" -> new ServerMessage.Pong(nonce.isAbsent() ? null : number(nonce));
            case "error" -> new ServerMessage.Refusal(text(message));
            default -> new ServerMessage.Unknown(type.length() > 80 ? type.substring(0, 80) + "…" : type);
        };
    }

    private ProtocolException wrong(String what) {
        return new ProtocolException("message " + type + ": " + what);
    }

    private String text(Text member) {
        if (member.text == null) {
            throw wrong(member.problem());
        }
        return member.text;
    }

    private long number(Number member) {
        String problem = member.problem();
        if (problem != null) {
            throw wrong(problem);
        }
        return member.number;
    }

    /** A member that should be a text. */
    private static final class Text {

        private final String name;
        private @Nullable String text;
        private @Nullable JsonToken found;

        Text(String name) {
            this.name = name;
        }

        void read(JsonParser in) throws IOException {
            found = in.currentToken();
            text = null;
            if (found == JsonToken.VALUE_STRING) {
                text = in.getText();
            } else {
                in.skipChildren();
            }
        }

        String problem() {
            return found == null ? "there is no " + name : name + ": expected a text, got " + found;
        }
    }

    /** A member that should be an unsigned integer of 64 bits. */
    private static final class Number {

        private final String name;
        private long number;
        private boolean fits;
        private @Nullable JsonToken found;

        Number(String name) {
            this.name = name;
        }

        void read(JsonParser in) throws IOException {
            found = in.currentToken();
            fits = false;
            if (found != JsonToken.VALUE_NUMBER_INT) {
                in.skipChildren();
            } else if (in.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                java.math.BigInteger big = in.getBigIntegerValue();
                fits = big.signum() >= 0 && big.bitLength() <= Long.SIZE;
                number = big.longValue();
            } else {
                number = in.getLongValue();
                fits = number >= 0;
            }
        }

        /** Absent and null are one. */
        boolean isAbsent() {
            return found == null || found == JsonToken.VALUE_NULL;
        }

        @Nullable
        String problem() {
            if (fits) {
                return null;
            }
            return found == null
                    ? "there is no " + name
                    : name + ": expected an integer from 0 to 2^64-1, got " + found;
        }
    }
}
