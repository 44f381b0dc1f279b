package dev.tributary.websocket;

import java.util.function.IntUnaryOperator;

/** The clients that may carry a wire, and what each can do. */
enum TestedClient {
    /** It has a thread that reads and one that writes for each socket, and the four that all share. */
    JAVA_WEBSOCKET("java-websocket", true, true, sockets -> 2 * sockets + 4),
    /** Four shared threads and the client's selector. See {@link WebSocketOptions#CLIENT} for the ends that it misses. */
    JDK("jdk", Runtime.version().feature() >= 25, false, sockets -> 5);

    /** As the option names it. */
    final String word;
    /** Whether the body of a refusal is told by this client on this Java. */
    final boolean tellsBodies;
    /** Whether it never misses an end without a close frame that comes right behind content. */
    final boolean noticesEveryEnd;

    private final IntUnaryOperator mostThreads;

    TestedClient(String word, boolean tellsBodies, boolean noticesEveryEnd, IntUnaryOperator mostThreads) {
        this.word = word;
        this.tellsBodies = tellsBodies;
        this.noticesEveryEnd = noticesEveryEnd;
        this.mostThreads = mostThreads;
    }

    /** How many threads so many idle sockets may have. */
    int mostThreads(int sockets) {
        return mostThreads.applyAsInt(sockets);
    }
}
