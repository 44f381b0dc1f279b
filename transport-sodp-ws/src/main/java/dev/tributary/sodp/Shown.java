package dev.tributary.sodp;

/** Texts of a server as messages show them: not longer than a line. */
final class Shown {

    private static final int LONGEST = 120;

    private Shown() {}

    static String text(String text) {
        return "'" + (text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…") + "'";
    }
}
