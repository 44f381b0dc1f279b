package dev.tributary.spacetimedb.codec;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;

/** A server's JSON (specification 2.1), written without the code under test. */
final class JsonScript implements Script {

    private final StringBuilder out = new StringBuilder();

    @Override
    public String toString() {
        return out.toString();
    }

    private StringBuilder name(String name) {
        int length = out.length();
        if (length > 0 && "{[:".indexOf(out.charAt(length - 1)) < 0) {
            out.append(',');
        }
        if (!name.isEmpty()) {
            out.append('"').append(name).append("\":");
        }
        return out;
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    @Override
    public boolean isJson() {
        return true;
    }

    @Override
    public void open(String name) {
        name(name).append('{');
    }

    @Override
    public void close() {
        out.append('}');
    }

    @Override
    public void list(String name, int count) {
        name(name).append('[');
    }

    @Override
    public void endList() {
        out.append(']');
    }

    @Override
    public void variant(String name, int tag, String variant) {
        open(name);
        name(variant);
    }

    @Override
    public void endVariant() {
        close();
    }

    @Override
    public void unit() {
        out.append("[]");
    }

    @Override
    public void whole(String name, int bytes, BigInteger value) {
        name(name).append(value);
    }

    @Override
    public void wide(String name, BigInteger value) {
        name(name).append(value);
    }

    @Override
    public void hex(String name, BigInteger value) {
        name(name).append("\"0x").append(value.toString(16)).append('"');
    }

    @Override
    public void text(String name, String value) {
        name(name).append(quoted(value));
    }

    @Override
    public void bytes(String name, byte[] value) {
        text(name, HexFormat.of().formatHex(value));
    }

    @Override
    public void embedded(String name, String value) {
        text(name, value);
    }

    @Override
    public void rows(String name, List<String> rows, boolean fixed) {
        list(name, rows.size());
        rows.forEach(row -> text("", row));
        endList();
    }

    @Override
    public void squeezed(int compression) {}

    @Override
    public void endSqueezed() {}
}
