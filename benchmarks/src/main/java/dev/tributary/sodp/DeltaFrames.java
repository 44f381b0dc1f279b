package dev.tributary.sodp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.NullMarked;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/**
 * What a TypeScript server says about one key that holds an object: its value, and then changes of one member each, of a
 * few members in turns. A change is made by writing its version and value into a frame that is there, so that making it
 * costs next to nothing beside reading it.
 */
@NullMarked
final class DeltaFrames {

    static final String KEY = "collab.document";

    private static final int DIFFERENT = 64;
    private static final int STREAM = 10;
    /** Numbers from here on are nine bytes long. */
    private static final long WIDE = 1L << 40;

    private record Template(byte[] bytes, int version, int value) {}

    private final int members;
    private final Template[] templates = new Template[DIFFERENT];
    private long count;

    /** @param members how many the object has; half of them are texts, half numbers */
    DeltaFrames(int members) {
        this.members = members;
        for (int i = 0; i < DIFFERENT; i++) {
            templates[i] = template((int) ((long) i * members / DIFFERENT));
        }
    }

    /** The words of a server at the beginning of a connection. */
    static byte[] hello() {
        return frame(FrameType.HELLO, 0, packer -> {
            packer.packMapHeader(4);
            packer.packString("protocol").packString("sodp");
            packer.packString("version").packString("1.0");
            packer.packString("server").packString("benchmark");
            packer.packString("auth").packBoolean(false);
        });
    }

    /** The whole value, which every change goes on from. */
    byte[] stateInit() {
        return frame(FrameType.STATE_INIT, STREAM, packer -> {
            packer.packMapHeader(4);
            packer.packString("state").packString(KEY);
            packer.packString("version").packLong(WIDE);
            packer.packString("initialized").packBoolean(true);
            packer.packString("value").packMapHeader(members);
            for (int i = 0; i < members; i++) {
                packer.packString(name(i));
                if (i % 2 == 0) {
                    packer.packString("the value of member " + i);
                } else {
                    packer.packLong(1_000_003L * i);
                }
            }
        });
    }

    /** The next change. The array is used again. */
    byte[] next() {
        Template next = templates[(int) (count++ % DIFFERENT)];
        ByteBuffer into = ByteBuffer.wrap(next.bytes);
        into.putLong(next.version, WIDE + count);
        into.putLong(next.value, WIDE + 31 * count);
        return next.bytes;
    }

    /** What the member holds that was changed last. */
    long lastValue() {
        return WIDE + 31 * count;
    }

    /** The member that was changed last. */
    String lastMember() {
        return name((int) ((count - 1) % DIFFERENT * members / DIFFERENT));
    }

    private static String name(int member) {
        return "member" + member;
    }

    private static Template template(int member) {
        int[] places = new int[2];
        byte[] bytes = frame(FrameType.DELTA, STREAM, packer -> {
            packer.packMapHeader(3);
            packer.packString("state").packString(KEY);
            packer.packString("version");
            places[0] = (int) packer.getTotalWrittenBytes() + 1;
            packer.packLong(WIDE);
            packer.packString("ops").packArrayHeader(1);
            packer.packMapHeader(3);
            packer.packString("op").packString("UPDATE");
            packer.packString("path").packString("/" + name(member));
            packer.packString("value");
            places[1] = (int) packer.getTotalWrittenBytes() + 1;
            packer.packLong(WIDE);
        });
        return new Template(bytes, places[0], places[1]);
    }

    private interface Body {
        void write(MessageBufferPacker packer) throws IOException;
    }

    private static byte[] frame(int type, int stream, Body body) {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packer.packArrayHeader(4).packInt(type).packInt(stream).packInt(0);
            body.write(packer);
            return packer.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
