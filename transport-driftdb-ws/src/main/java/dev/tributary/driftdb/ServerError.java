package dev.tributary.driftdb;

import java.util.List;

/**
 * A notice: the server could not use a message of ours. It does not say which; the connection may end or not.
 *
 * @param text of the server, shortened
 * @param underWay the pushes that were not confirmed yet; their outcomes are unknown
 */
public record ServerError(String text, List<String> underWay) {

    public ServerError {
        underWay = List.copyOf(underWay);
    }
}
