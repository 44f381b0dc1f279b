package dev.tributary.testkit.electric;

import java.util.ArrayList;
import java.util.List;

/** Splits the JSON array of a response body into the texts of its messages. */
final class MessageList {

    private MessageList() {}

    static List<String> of(String array) {
        List<String> messages = new ArrayList<>();
        int depth = 0;
        int start = -1;
        boolean inString = false;
        for (int i = 0; i < array.length(); i++) {
            char c = array.charAt(i);
            if (inString) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    inString = false;
                }
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                depth++;
                if (depth == 2) {
                    start = i;
                }
            } else if (c == '}' || c == ']') {
                depth--;
                if (depth == 1) {
                    messages.add(array.substring(start, i + 1));
                }
            }
        }
        return messages;
    }
}
