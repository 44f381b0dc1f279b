package dev.tributary.sodp;

/** ERROR: a code and a text; what it is about is not said. */
record ServerError(long code, String message) {

    static final long BAD_REQUEST = 400;
    static final long UNAUTHORIZED = 401;
    static final long FORBIDDEN = 403;
    static final long TOO_MANY = 429;
    static final long BROKEN = 500;

    static ServerError read(Frame frame, Decoder decoder) {
        frame.open(decoder);
        int fields = decoder.map("ERROR");
        long code = 0;
        String message = "";
        for (int i = 0; i < fields; i++) {
            switch (decoder.field("a field of ERROR")) {
                case CODE -> code = decoder.unsigned("code of ERROR");
                case MESSAGE -> message = decoder.text("message of ERROR");
                default -> decoder.skip("a field of ERROR");
            }
        }
        return new ServerError(code, message);
    }

    /** A rate, which is over soon; not a total. */
    boolean isRate() {
        return code == TOO_MANY && !message.startsWith("watch limit");
    }

    SodpException asException(String what) {
        return new SodpException(code, message, what);
    }

    /** Whether the text is about this key. */
    boolean names(String key) {
        return message.endsWith(": " + key);
    }

    @Override
    public String toString() {
        return code + " " + Shown.text(message);
    }
}
