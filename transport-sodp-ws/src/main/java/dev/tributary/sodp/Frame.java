package dev.tributary.sodp;

/**
 * The head of a frame; its body stays bytes until somebody wants it.
 *
 * @param stream 0 for control
 * @param bytes of the whole message; not changed by anybody
 * @param body where the body begins
 * @param end where the message ends
 */
record Frame(int type, long stream, byte[] bytes, int body, int end) {

    private static final int ELEMENTS = 4;

    /** Reads the head. */
    static Frame head(Decoder decoder, byte[] bytes, int start, int end) {
        decoder.reset(bytes, start, end);
        int elements = decoder.array("the frame");
        if (elements != ELEMENTS) {
            throw new dev.tributary.ProtocolException("a frame is an array of 4, this one has " + elements);
        }
        int type = (int) Math.min(decoder.unsigned("the frame's type"), Integer.MAX_VALUE);
        long stream = decoder.unsigned("the frame's stream");
        decoder.unsigned("the frame's seq");
        return new Frame(type, stream, bytes, decoder.position(), end);
    }

    /** Sets the decoder on the body. */
    void open(Decoder decoder) {
        decoder.reset(bytes, body, end);
    }

    String name() {
        return FrameType.name(type);
    }

    int size() {
        return end - body;
    }

    @Override
    public String toString() {
        return name() + " on stream " + stream + ", " + size() + " bytes";
    }
}
