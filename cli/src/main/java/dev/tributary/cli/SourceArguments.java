package dev.tributary.cli;

import dev.tributary.Query;
import dev.tributary.SourceBuilder;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which source, with which options and whose token. */
final class SourceArguments {

    private static final String UNRESERVED = "-._~";

    @Parameters(
            index = "0",
            paramLabel = "URI",
            description = "The source, for example electric+http://localhost:3000 or sodp+ws://localhost:7777.")
    private String uri = "";

    @Option(
            names = "-o",
            paramLabel = "NAME=VALUE",
            description = "An option of the source, as in its URI; 'tributary transports' lists them.")
    private List<String> options = new ArrayList<>();

    @Option(
            names = "--token-env",
            paramLabel = "VARIABLE",
            description = "The environment variable that holds the token; read at each attempt.")
    private @Nullable String tokenVariable;

    /** Whether a source was named at all; a help may do without. */
    boolean isGiven() {
        return !uri.isEmpty();
    }

    SyncSource open(Shell shell, SourceListener listener) {
        SourceBuilder builder = SyncSource.builder(withOptions()).listener(listener);
        String variable = tokenVariable;
        if (variable != null) {
            token(shell, variable);
            builder.token(() -> token(shell, variable));
        }
        return builder.open();
    }

    private static String token(Shell shell, String variable) {
        String token = shell.environment().apply(variable);
        if (token == null || token.isEmpty()) {
            throw CommandException.usage("the environment variable " + variable + " for the token is not set");
        }
        return token;
    }

    private String withOptions() {
        StringBuilder whole = new StringBuilder(uri);
        char separator = uri.indexOf('?') < 0 ? '?' : '&';
        for (String option : options) {
            int equals = option.indexOf('=');
            if (equals <= 0) {
                throw CommandException.usage("-o needs NAME=VALUE, got '" + option + "'");
            }
            whole.append(separator);
            encode(option.substring(0, equals), whole);
            whole.append('=');
            encode(option.substring(equals + 1), whole);
            separator = '&';
        }
        return whole.toString();
    }

    /** As {@link Query#parse} decodes it, where a plus is a plus. */
    private static void encode(String text, StringBuilder target) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
                target.append(c);
            } else {
                target.append(String.format("%%%02X", (int) c));
            }
        }
    }
}
