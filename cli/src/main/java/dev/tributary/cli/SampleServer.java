package dev.tributary.cli;

import java.util.List;

/** A reference server in this process, with sample data that can be changed step by step. Not started twice. */
interface SampleServer extends AutoCloseable {

    /** The source to open. */
    String uri();

    /** What it is, for people: {@code An Electric server with a table 'items'}. */
    String about();

    /** What there is to follow; the first one is that of a demo. */
    List<String> queries();

    /** What to call to change something, as it is typed behind the source; empty where there is nothing. */
    List<String> calls();

    /** Changes something. */
    void step();

    @Override
    void close();
}
