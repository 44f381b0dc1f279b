package dev.tributary.sodp;

import dev.tributary.ConfigurationException;
import dev.tributary.spi.Verb;
import dev.tributary.spi.Verb.Argument;
import dev.tributary.spi.Verbs;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of {@link Sodp} by their names, for commands and scripts. */
final class SodpVerbs {

    private static final Argument KEY = Argument.text("KEY");
    private static final Argument PATH = Argument.text("PATH");
    private static final Argument VALUE = Argument.value("VALUE");

    private SodpVerbs() {}

    static Verbs of(Sodp sodp) {
        return Verbs.of(
                Verb.of(
                        "set",
                        "replaces the whole value of a key",
                        (given, deadline) -> sodp.set(given.text(0), given.value(1), deadline)
                                .thenApply(SodpVerbs::plain),
                        KEY,
                        VALUE),
                Verb.of(
                        "patch",
                        "sets some members of the object that a key holds",
                        (given, deadline) -> sodp.patch(given.text(0), object("MEMBERS", given.value(1)), deadline)
                                .thenApply(SodpVerbs::plain),
                        KEY,
                        Argument.value("MEMBERS")),
                Verb.of(
                        "set-in",
                        "sets one place in a value, such as /position/x",
                        (given, deadline) -> sodp.setIn(given.text(0), given.text(1), given.value(2), deadline)
                                .thenApply(SodpVerbs::plain),
                        KEY,
                        PATH,
                        VALUE),
                Verb.of(
                        "append",
                        "puts an element behind an array; MOST remain (Go's server)",
                        (given, deadline) -> (given.count() < 3
                                        ? sodp.append(given.text(0), given.value(1), deadline)
                                        : sodp.append(given.text(0), given.value(1), most(given.number(2)), deadline))
                                .thenApply(SodpVerbs::plain),
                        KEY,
                        Argument.value("ELEMENT"),
                        Argument.number("MOST").orNone()),
                Verb.of(
                        "delete",
                        "removes a key",
                        (given, deadline) ->
                                sodp.delete(given.text(0), deadline).thenApply(SodpVerbs::plain),
                        KEY),
                Verb.of(
                                "presence",
                                "sets one place as long as it is connected (not Go's server)",
                                (given, deadline) -> sodp.presence(
                                                given.text(0), SodpPath.parse(given.text(1)), given.value(2), deadline)
                                        .thenApply(hold -> null),
                                KEY,
                                PATH,
                                VALUE)
                        .lasting(),
                Verb.of(
                        "call",
                        "calls a method by its name",
                        (given, deadline) -> sodp.call(
                                        given.text(0),
                                        given.count() < 2 ? Map.of() : object("ARGUMENTS", given.value(1)),
                                        deadline)
                                .thenApply(SodpVerbs::plain),
                        Argument.text("METHOD"),
                        Argument.value("ARGUMENTS").orNone()),
                Verb.of(
                        "get",
                        "reads a key once",
                        (given, deadline) -> sodp.get(given.text(0), deadline).thenApply(SodpVerbs::plain),
                        KEY),
                Verb.of(
                        "server",
                        "tells what the server says of itself",
                        (given, deadline) -> sodp.server(deadline).thenApply(SodpVerbs::plain)));
    }

    private static Object object(String what, @Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return members;
        }
        throw new ConfigurationException(what + " must be an object such as {\"health\":90}");
    }

    private static int most(long number) {
        if (number < 1 || number > Integer.MAX_VALUE) {
            throw new ConfigurationException("MOST is out of range: " + number);
        }
        return (int) number;
    }

    private static Map<String, @Nullable Object> plain(SodpResult result) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (result.data() instanceof Map<?, ?> data) {
            data.forEach((name, value) -> members.put(String.valueOf(name), value));
        } else if (result.data() != null) {
            members.put("data", result.data());
        }
        result.version().ifPresent(version -> members.putIfAbsent("version", version));
        return members;
    }

    private static Map<String, @Nullable Object> plain(KeyState state) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("key", state.key());
        members.put("exists", state.initialized());
        members.put("value", state.value());
        members.put("version", state.version());
        return members;
    }

    private static Map<String, @Nullable Object> plain(SodpServer server) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("name", server.name());
        members.put("version", server.version());
        members.put("dialect", server.dialect().name().toLowerCase(Locale.ROOT));
        server.writesPerSecond().ifPresent(limit -> members.put("writesPerSecond", (long) limit));
        server.watchesPerSecond().ifPresent(limit -> members.put("watchesPerSecond", (long) limit));
        members.put("capabilities", server.capabilities());
        if (server.subject() != null) {
            members.put("subject", server.subject());
        }
        return members;
    }
}
