package dev.tributary.testkit.electric;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a fault may look at.
 *
 * @param request the request
 * @param answer the true answer, null on arrival of the request
 * @param history earlier answers
 * @param alive whether a handle is in use
 * @param responder builds responses
 */
record FaultContext(
        ModelRequest request,
        @Nullable ModelResponse answer,
        AnswerHistory history,
        Predicate<String> alive,
        Responder responder) {}
