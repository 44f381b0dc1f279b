package dev.tributary.testkit.driftdb;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Keeps what a connection is told: texts as they are, binary messages in hexadecimal, and {@code end}. */
final class RecordingOutlet implements DriftDbOutlet {

    final List<String> heard = new ArrayList<>();
    boolean full;

    @Override
    public void text(String message) {
        heard.add(message);
    }

    @Override
    public void binary(byte[] message) {
        heard.add(HexFormat.of().formatHex(message));
    }

    @Override
    public void end() {
        heard.add("end");
    }

    @Override
    public boolean isFull() {
        return full;
    }

    /** What was heard since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(heard);
        heard.clear();
        return taken;
    }
}
