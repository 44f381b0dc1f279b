package dev.tributary.testkit.sodp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may read and write what. The first rule whose pattern fits a key decides. Keys without a rule are open on the
 * TypeScript and Go servers and closed on the Rust server.
 */
public final class SodpAccess {

    private static final String SUBJECT = "{sub}";

    private record Rule(List<String> pattern, boolean read, boolean write) {}

    private final List<Rule> rules = new ArrayList<>();

    /** Without rules yet. */
    public SodpAccess() {}

    /**
     * Adds a rule.
     *
     * @param pattern a dotted key; a last part {@code *} fits any rest, a part {@code {sub}} is reserved for the client
     *     of that name
     */
    public SodpAccess rule(String pattern, boolean read, boolean write) {
        rules.add(new Rule(List.of(pattern.split("\\.", -1)), read, write));
        return this;
    }

    boolean mayRead(SodpDialect dialect, String key, @Nullable String subject) {
        Rule rule = find(key);
        return rule == null ? dialect != SodpDialect.RUST : rule.read() && owns(rule, key, subject);
    }

    boolean mayWrite(SodpDialect dialect, String key, @Nullable String subject) {
        Rule rule = find(key);
        return rule == null ? dialect != SodpDialect.RUST : rule.write() && owns(rule, key, subject);
    }

    private @Nullable Rule find(String key) {
        List<String> parts = List.of(key.split("\\.", -1));
        for (Rule rule : rules) {
            if (fits(rule.pattern(), parts)) {
                return rule;
            }
        }
        return null;
    }

    private static boolean fits(List<String> pattern, List<String> parts) {
        for (int i = 0; i < pattern.size(); i++) {
            String expected = pattern.get(i);
            if (expected.equals("*") && i == pattern.size() - 1) {
                return true;
            }
            if (i >= parts.size() || !expected.equals(SUBJECT) && !expected.equals(parts.get(i))) {
                return false;
            }
        }
        return pattern.size() == parts.size();
    }

    private static boolean owns(Rule rule, String key, @Nullable String subject) {
        int at = rule.pattern().indexOf(SUBJECT);
        return at < 0 || key.split("\\.", -1)[at].equals(subject);
    }
}
