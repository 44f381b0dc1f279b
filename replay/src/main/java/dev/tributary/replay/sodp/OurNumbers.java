package dev.tributary.replay.sodp;

/** Puts the ids and numbers that our client chose where a recorded frame has those of the recorded client. */
final class OurNumbers {

    private OurNumbers() {}

    static byte[] in(Frame frame, Topic topic, CallBook calls, OurRequests requests) {
        RecordedCall call = topic.call();
        if (call != null) {
            Frame named = Frame.read(frame.withCallId(calls.id(call)));
            // Ours are all on stream 0.
            return named == null || named.stream() == 0 ? frame.withCallId(calls.id(call)) : named.withStream(0);
        }
        String key = topic.key();
        if (key != null && frame.type() == Frame.ERROR && frame.stream() != 0) {
            return frame.withStream(requests.wish(key));
        }
        return frame.bytes();
    }
}
