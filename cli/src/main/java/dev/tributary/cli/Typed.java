package dev.tributary.cli;

/** Commands as people type them into a shell. */
final class Typed {

    private Typed() {}

    /** To follow a query. */
    static String tail(String uri, String query) {
        return "./tributary tail " + word(uri) + " " + word(query);
    }

    /**
     * To call something.
     *
     * @param call the verb and its arguments, in quotes where they need them
     */
    static String call(String uri, String call) {
        return "./tributary call " + word(uri) + " " + call;
    }

    /** One word for a shell, in quotes where it has other characters than names have. */
    private static String word(String text) {
        return text.matches("[A-Za-z0-9._:/+@%-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
