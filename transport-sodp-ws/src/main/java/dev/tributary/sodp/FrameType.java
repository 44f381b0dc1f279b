package dev.tributary.sodp;

/** The numbers of the frames. */
final class FrameType {

    static final int HELLO = 0x01;
    static final int WATCH = 0x02;
    static final int STATE_INIT = 0x03;
    static final int DELTA = 0x04;
    static final int CALL = 0x05;
    static final int RESULT = 0x06;
    static final int ERROR = 0x07;
    static final int HEARTBEAT = 0x09;
    static final int RESUME = 0x0a;
    static final int AUTH = 0x0b;
    static final int AUTH_OK = 0x0c;
    static final int UNWATCH = 0x0d;

    private FrameType() {}

    static String name(int type) {
        return switch (type) {
            case HELLO -> "HELLO";
            case STATE_INIT -> "STATE_INIT";
            case DELTA -> "DELTA";
            case RESULT -> "RESULT";
            case ERROR -> "ERROR";
            case HEARTBEAT -> "HEARTBEAT";
            case AUTH_OK -> "AUTH_OK";
            default -> "frame of type " + type;
        };
    }
}
