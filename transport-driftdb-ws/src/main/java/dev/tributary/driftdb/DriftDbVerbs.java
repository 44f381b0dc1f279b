package dev.tributary.driftdb;

import dev.tributary.ConfigurationException;
import dev.tributary.spi.Verb;
import dev.tributary.spi.Verb.Argument;
import dev.tributary.spi.Verbs;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of {@link DriftDb} by their names, for commands and scripts. */
final class DriftDbVerbs {

    private static final Argument KEY = Argument.text("KEY");
    private static final Argument VALUE = Argument.value("VALUE");

    private DriftDbVerbs() {}

    static Verbs of(DriftDb drift) {
        return Verbs.of(
                Verb.of(
                        "replace",
                        "replaces what a key retains by one value",
                        (given, deadline) -> drift.replace(given.text(0), given.value(1), deadline)
                                .thenApply(DriftDbVerbs::plain),
                        KEY,
                        VALUE),
                Verb.of(
                        "append",
                        "puts a value behind what a key retains",
                        (given, deadline) -> drift.append(given.text(0), given.value(1), deadline)
                                .thenApply(DriftDbVerbs::plain),
                        KEY,
                        VALUE),
                Verb.of(
                        "relay",
                        "tells a value to those who follow the key now, and retains nothing",
                        // Over HTTP: on a socket it would need one that is connected already.
                        (given, deadline) -> drift.http()
                                .push(Push.relay(given.text(0), given.value(1)), deadline)
                                .thenApply(DriftDbVerbs::plain),
                        KEY,
                        VALUE),
                Verb.of(
                        "compact",
                        "replaces all up to the number UP-TO by a value that stands for it",
                        (given, deadline) -> drift.push(
                                        Push.compact(given.text(0), given.value(1), number("UP-TO", given.number(2))),
                                        deadline)
                                .thenApply(DriftDbVerbs::plain),
                        KEY,
                        VALUE,
                        Argument.number("UP-TO")),
                Verb.of(
                        "get",
                        "reads the newest entry of a key once; null when there is none",
                        (given, deadline) -> drift.http()
                                .latest(given.text(0), deadline)
                                .thenApply(
                                        entry -> entry.map(DriftDbVerbs::plain).orElse(null)),
                        KEY),
                Verb.of(
                        "read",
                        "reads the entries of a key once, those above the number ABOVE or all",
                        (given, deadline) -> drift.http()
                                .read(given.text(0), given.count() < 2 ? 0 : number("ABOVE", given.number(1)), deadline)
                                .thenApply(entries -> entries.stream()
                                        .map(DriftDbVerbs::plain)
                                        .toList()),
                        KEY,
                        Argument.number("ABOVE").orNone()),
                Verb.of(
                        "create-room",
                        "makes a room and tells its id: whoever knows it may read and write",
                        (given, deadline) -> drift.createRoom(deadline)
                                .thenApply(room -> Map.<String, Object>of("room", room.id()))),
                Verb.of(
                        "latency",
                        "measures the way to the server and back, in milliseconds",
                        (given, deadline) ->
                                drift.latency(deadline).thenApply(time -> Map.of("ms", time.toNanos() / 1e6))));
    }

    private static long number(String what, long number) {
        if (number < 0) {
            throw new ConfigurationException(what + " is the number of an entry, got " + number);
        }
        return number;
    }

    private static Map<String, @Nullable Object> plain(Pushed pushed) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        pushed.number().ifPresent(number -> members.put("seq", unsigned(number)));
        pushed.size().ifPresent(size -> members.put("size", unsigned(size)));
        return members;
    }

    private static Map<String, @Nullable Object> plain(Entry entry) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("seq", unsigned(entry.number()));
        members.put("value", entry.value());
        return members;
    }

    private static Object unsigned(long number) {
        return number >= 0 ? (Object) number : new BigInteger(Long.toUnsignedString(number));
    }
}
