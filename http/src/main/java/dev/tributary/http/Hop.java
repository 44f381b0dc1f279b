package dev.tributary.http;

import java.net.URI;

/**
 * One request of an exchange: the first, or one that a redirect asked for.
 *
 * @param redirects how many redirects led here
 * @param trusted whether no hop before left the origin: only then credentials are sent
 */
record Hop(URI uri, int redirects, boolean trusted) {

    static Hop first(URI uri) {
        return new Hop(uri, 0, true);
    }

    Hop to(URI next) {
        // Credentials do not come back after a detour: the other origin chose this address.
        boolean same = Origin.of(uri).equals(Origin.of(next));
        return new Hop(next, redirects + 1, trusted && same);
    }
}
