package dev.tributary.conformance;

import java.time.Duration;

/** One step of a {@link Program}: something that the server, the network or the application does. */
sealed interface Step {

    /** The server commits. */
    record Apply(Operation operation) implements Step {}

    /** Something goes wrong. */
    record Break(Fault fault) implements Step {}

    /** Lasting faults end. */
    record Heal() implements Step {}

    /** Time goes by. */
    record Advance(Duration time) implements Step {}

    /** The application opens one more view of a query. */
    record Open(int table) implements Step {}

    /** The application closes the view of that place among those that are open, counted around. */
    record Close(int view) implements Step {}

    /** The application listens; a slow listener hears nothing before {@link Release}. */
    record Listen(int view, boolean slow) implements Step {}

    /** Slow listeners hear what waits for them. */
    record Release() implements Step {}

    /** The application saves a view and opens what it saved in another source. */
    record SaveAndRestore(int view) implements Step {}

    /** The application listens with code that throws at each commit. */
    record ListenBadly(int view) implements Step {}

    /** The application reads the changes of a query; a slow one asks for a few of them only. */
    record ReadChanges(int table, boolean slow) implements Step {}

    /** The application closes its source and starts again, with the views that it saved or with new ones. */
    record StartAgain(boolean saved) implements Step {}

    /** The network does something, whatever the server does. */
    record Weather(NetworkFault fault) implements Step {}

    /** Somebody sets the clock of the client's machine. */
    record SetClock(Duration by) implements Step {}

    /** The application writes a row that only clients write, by the transport's own interface. */
    record WriteRow(int table, int key) implements Step {}

    record Refresh(int view) implements Step {}

    record RetryNow() implements Step {}

    record Pause() implements Step {}

    record Resume() implements Step {}
}
