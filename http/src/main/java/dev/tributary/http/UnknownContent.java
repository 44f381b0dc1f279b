package dev.tributary.http;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Content in a coding that we do not know: fails at the first byte, so that an answer without a body still passes. */
final class UnknownContent implements ContentDecoder {

    private static final int LONGEST_NAME = 60;

    private final ContentInput input = new ContentInput();
    private final String coding;

    UnknownContent(String coding) {
        this.coding = coding.length() > LONGEST_NAME ? coding.substring(0, LONGEST_NAME) + "…" : coding;
    }

    @Override
    public void feed(List<ByteBuffer> more) {
        input.feed(more);
    }

    @Override
    public @Nullable ByteBuffer next() throws WireFault {
        if (input.current() != null) {
            throw WireFault.malformed("the content-encoding '" + coding + "' is not gzip or deflate");
        }
        return null;
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
}
