package dev.tributary.electric;

/**
 * How column names of the server become those of the application, and back. The way to the application is taken for
 * rows, the way to the server for column lists and for identifiers in filters. Safe for any thread.
 */
public interface ColumnNames {

    /** The application's name of a column of the server. */
    String decode(String column);

    /** The server's name of a column of the application. */
    String encode(String name);

    /** Names as the server has them. */
    static ColumnNames unchanged() {
        return SnakeCamel.UNCHANGED;
    }

    /**
     * {@code user_id} there is {@code userId} here. Not every name comes back: {@code a_b_c} is {@code aBC} here, and
     * that is {@code a_bc} there.
     */
    static ColumnNames snakeToCamel() {
        return SnakeCamel.INSTANCE;
    }
}
