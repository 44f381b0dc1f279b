package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.socket.HttpResponse;

/** What goes wrong with a request, upgrades included. */
public sealed interface AnswerFault {

    /** This response instead of an answer; the request has no effect. */
    record Respond(HttpResponse response) implements AnswerFault {}

    /**
     * The connection ends without an answer.
     *
     * @param applied whether the request had its effect before
     */
    record Cut(boolean applied) implements AnswerFault {}

    /**
     * No answer ever comes.
     *
     * @param applied whether the request has its effect
     */
    record Silence(boolean applied) implements AnswerFault {}

    /** The request has its effect at once, the answer comes later. */
    record Delay(long millis) implements AnswerFault {}

    /** A response without a body. */
    static AnswerFault status(int status) {
        return new Respond(HttpResponse.of(status));
    }
}
