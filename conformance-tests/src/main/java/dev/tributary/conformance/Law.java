package dev.tributary.conformance;

/** The laws: a stable number, one sentence, and where to look when it is broken. */
public enum Law {
    L1(
            "after the faults stop, a view equals the server's rows",
            "what the protocol keeps across sessions (carry, checkpoint), and whether a commit and its checkpoint always"
                    + " go together"),
    L2(
            "every snapshot a reader sees equals some committed state of the server, in server order",
            "where Output.commit is called: only where the server said that a transaction is complete"),
    L3(
            "a version never goes back, and a checkpoint never runs ahead of the rows saved with it",
            "Draft.checkpoint: it must name the commit that the draft holds, no later one"),
    L4(
            "a listener hears the whole content first, then each difference exactly once",
            "whether changes are told twice or dropped around a commit, a reset or a resume"),
    L5(
            "loading, live, stale and failed are told apart truthfully",
            "when Output.upToDate is called, the deadlines of the target, and how wires that ended are reported"),
    L6(
            "every retry changes something, waits within the jittered bounds and honours the server's word",
            "the Ending that the protocol gives: RETRY waits, CONTINUE does not; the server's word is Ending.notBefore"),
    L7(
            "a reset never shows an empty view on the way, and unchanged rows fire nothing",
            "Draft.replaceAll and its commit: one commit holds the whole new content"),
    L8(
            "credentials are asked for at each attempt and appear in no log, exception or toString",
            "Output.credential at each attempt; secrets belong into the credentials of a target, never into its printable"
                    + " address or a message"),
    L9(
            "memory is bounded between the wire and the slowest listener",
            "what the protocol keeps for each message, and that drafts are committed as transactions end"),
    L10(
            "bad input ends that attempt with a typed error; rows already committed stay readable",
            "the decoder: whatever it is sent, it throws a ProtocolException that says what and where"),
    L11(
            "a listener that throws or blocks harms nobody but itself, and is reported",
            "the engine; a transport has no part in this"),
    L12(
            "close is idempotent and prompt, and leaves no wire, timer or pending future behind",
            "Protocol.unsubscribe: it answers with Output.end at once"),
    CAPABILITIES(
            "what is declared works, and what is not declared is refused",
            "TransportProvider.capabilities and Output.negotiated"),
    SHARING(
            "equal queries of one source share one subscription on the wire",
            "TransportProvider.query: equal texts make equal queries"),
    ENGINE("no task of the engine throws", "the engine; a transport has no part in this");

    private final String statement;
    private final String advice;

    Law(String statement, String advice) {
        this.statement = statement;
        this.advice = advice;
    }

    /** The law in one sentence. */
    public String statement() {
        return statement;
    }

    /** Says that this law is broken. */
    public AssertionError brokenBy(String found) {
        return new AssertionError(
                name() + " is broken: " + statement + ".\n  found: " + found + "\n  look at: " + advice);
    }

    /** Says that this law is broken unless the condition holds. */
    public void holdsIf(boolean condition, String otherwise) {
        if (!condition) {
            throw brokenBy(otherwise);
        }
    }
}
