package dev.tributary.testkit.simulation;

import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a wire says. */
final class RecordingListener implements Wires.Listener {

    final List<String> heard = new ArrayList<>();
    private final StringBuilder content = new StringBuilder();

    @Override
    public void opened(Head head) {
        heard.add("head " + head.status());
    }

    @Override
    public void data(Protocol.DataKind kind, ByteBuffer bytes, boolean last) {
        String text = StandardCharsets.UTF_8.decode(bytes).toString();
        content.append(text);
        heard.add(kind + " " + text + (last ? " last" : ""));
    }

    @Override
    public void writable() {
        heard.add("writable");
    }

    @Override
    public void ended(WireEnd end) {
        heard.add("ended " + end.kind() + (end.code() == 0 ? "" : " " + end.code()));
    }

    String content() {
        return content.toString();
    }
}
