package dev.tributary.conformance;

import static dev.tributary.conformance.Need.fault;
import static dev.tributary.conformance.Need.has;
import static dev.tributary.conformance.Need.hasNot;

import dev.tributary.Capability;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue of laws. Each has a stable id, one sentence, why a user cares, what makes it apply, and where to look when
 * it is broken. {@code docs/laws.md} is made of this.
 *
 * <p>The number before the dot is the chapter, as in the architecture page; chapters without a number are those of
 * capabilities (C), writes (W), sharing (S), the engine itself (E) and the driver (D).
 */
public enum Law {
    // ---- L1: what a view becomes ----
    CONVERGES(
            "L1.1",
            "after the faults stop, a view equals the server's rows",
            "a copy that differs and says nothing of it is worse than none",
            "what the protocol keeps across sessions (carry, checkpoint), and whether a commit and its checkpoint always go"
                    + " together"),
    COMES_BACK(
            "L1.2",
            "after the faults stop, a view becomes live again by itself",
            "nobody restarts a service because a cable was out",
            "that each end of a wire leads to Output.end, and that Output.upToDate is said in every session"),
    AUDIT_FINDS(
            "L1.3",
            "what a server lost without a sign is found by the audit, and the view repaired",
            "without it, one lost message is wrong for ever",
            "the timer of the audit, and that it compares all rows and not only those that changed",
            fault(Fault.LOSE)),

    // ---- L2: what a reader sees ----
    WHOLE_COMMITS(
            "L2.1",
            "every snapshot equals some committed state of the server, never half a commit",
            "half a transfer of money is no state that ever was",
            "where Output.commit is called: only where the server said that a transaction is complete"),
    SERVER_ORDER(
            "L2.2",
            "snapshots follow each other as the server's states did",
            "what was cancelled must not look open again",
            "whether anything that is older than what was committed is applied, above all after a reconnect or a refresh"),
    SETTLES_VERIFIED(
            "L2.3",
            "once all is quiet, a view says that it is verified",
            "who never says so satisfies every law about verified snapshots",
            "Draft.verified and Output.verified: whether the audit says at its end what it found"),
    VERIFIED_TRUTHFULLY(
            "L2.4",
            "a snapshot that says verified equals a committed state, whatever the server loses",
            "verified is what an application waits for before it acts",
            "Draft.verified(false): with every commit that may miss something before it",
            hasNot(Capability.LOSSLESS)),
    ONE_INSTANT(
            "L2.5",
            "what source.snapshot() shows of several live views is of one instant of the server; a view whose refresh is"
                    + " under way may be behind",
            "an order without its customer is no state that ever was",
            "Output.commit with all queries that a transaction touches, in one call",
            has(Capability.ATOMIC_ACROSS_VIEWS)),
    SNAPSHOTS_STAY(
            "L2.6",
            "a snapshot that somebody holds never changes",
            "readers work on it while the next commit comes",
            "documents: a value that was put is never changed again"),

    // ---- L3: versions, checkpoints, resuming ----
    VERSION_FORWARD(
            "L3.1",
            "the version that a reader sees never goes back",
            "caches and polling readers compare it",
            "the engine; a transport has no part in this"),
    HEARD_FORWARD(
            "L3.2",
            "each commit that a listener hears has a higher version than the one before",
            "a listener drops what it has seen by comparing versions",
            "the engine; a transport has no part in this"),
    SAVED_AS_SHOWN(
            "L3.3",
            "a restored view shows what the saved one showed, at once",
            "a restart must not lose what the screen showed",
            "ColumnType and TransportProvider.columnType: names are unique, and packed bytes are read back as they were"),
    RESTART_RESUMES(
            "L3.4",
            "a saved view goes on without loading again: it hears its rows and what happened since",
            "loading gigabytes again at each deployment is what resuming is for",
            "Subscription.resume, and that the checkpoint survives toBytes",
            has(Capability.RESUME_AFTER_RESTART)),
    RECONNECT_RESUMES(
            "L3.5",
            "a reconnect goes on from the checkpoint: no reset, and nothing twice",
            "a lift door must not cost a full load",
            "Subscription.resume: the carry of the last session, else the checkpoint of the last commit",
            has(Capability.RESUME),
            fault(Fault.DROP)),
    CHECKPOINT_NOT_AHEAD(
            "L3.6",
            "a checkpoint never runs ahead of the rows saved with it: who goes on from it misses nothing",
            "the hole would never be found",
            "Draft.checkpoint: it must name the commit that the draft holds, no later one",
            has(Capability.RESUME_AFTER_RESTART)),

    // ---- L4: listeners ----
    FIRST_IS_INITIAL(
            "L4.1",
            "the first commit that a listener hears is the whole content, marked INITIAL, and only the first",
            "who builds a copy clears it at INITIAL",
            "the engine; whether Draft.replaceAll begins each new content"),
    CHANGES_FIT(
            "L4.2",
            "each change fits what the listener made of those before: nothing twice, nothing left out",
            "counters and indexes are kept from changes alone",
            "whether changes are told twice or dropped around a commit, a reset or a resume"),
    CHANGES_COMPOSE(
            "L4.3",
            "the changes of a commit lead from the content before to the snapshot that the commit carries",
            "whoever uses both must not see two truths",
            "the engine; whether a draft is edited after Output.commit"),
    LATE_LISTENER(
            "L4.4",
            "a late listener hears the content that is there, at once, in one commit",
            "a screen that opens late must not wait for the next change",
            "the engine; a transport has no part in this"),
    MERGED_SAYS_SO(
            "L4.5",
            "what a slow listener could not keep up with is merged per key and marked so",
            "who counts commits must know that some are several",
            "the engine; a transport has no part in this"),
    HEARS_ALL(
            "L4.6",
            "once all is quiet, what a listener heard makes what the server holds",
            "a listener that misses the last change shows it until the next one",
            "Output.commit after the last change, without waiting for more"),

    // ---- L5: phases ----
    LIVE_HAS_CONTENT(
            "L5.1",
            "nothing is live before its first content",
            "an empty list and a list that is not there yet are two things",
            "when Output.upToDate is called: after the commit of the first content"),
    LOADING_IS_FIRST(
            "L5.2",
            "nothing goes back to loading once its content was live, stale or restored",
            "a screen would go back to its spinner",
            "the engine; a transport has no part in this"),
    LOADING_THEN_LIVE(
            "L5.3",
            "a view is loading until its first content, then live, and says so to its listeners",
            "the spinner ends",
            "that Output.upToDate follows the first content even when it is empty"),
    STALE_WITHOUT_CONNECTION(
            "L5.4",
            "without a connection a view is stale, and says why",
            "a price that is no longer followed must look so",
            "that the end of a wire is reported with its reason: Ending.retry(end.asException())",
            fault(Fault.DROP),
            fault(Fault.REFUSE)),
    SILENCE_IS_STALE(
            "L5.5",
            "a connection that is silent beyond its deadline makes the view stale and is replaced",
            "a cable that was pulled sends no goodbye",
            "the deadlines of the target: idle shorter than World.silenceLimit, and pings where the protocol is quiet",
            fault(Fault.SILENCE)),
    REFUSED_QUERY_FAILS(
            "L5.6",
            "a query that the server refuses fails at once, with the server's reason",
            "who waits for it must not wait for ever",
            "Ending.rejected with what the server said",
            fault(Fault.REJECT)),
    REFUSAL_HARMS_NO_OTHER(
            "L5.7",
            "a query that is refused disturbs no other, and may be asked for again",
            "one view that lost its permission must not empty the screen",
            "Output.end of the one query, not of the session, where sessions are shared",
            fault(Fault.REJECT)),
    STATUS_IS_HEARD(
            "L5.8",
            "the last phase that a listener heard is the one that the view has",
            "most screens are drawn from what listeners hear",
            "the engine; a transport has no part in this"),
    LIVE_IS_CAUGHT_UP(
            "L5.9",
            "after a reconnect a view is live only with what happened meanwhile",
            "live is the promise that nothing known is missing",
            "Output.upToDate: at the server's word in this session, not when the wire opens",
            fault(Fault.DROP),
            fault(Fault.SLOW)),

    // ---- L6: trying again ----
    ANNOUNCED_WAITS(
            "L6.1",
            "an attempt never comes before the wait that was announced for it",
            "what operators see in the log must be what happens",
            "the Ending that the protocol gives: RETRY waits, CONTINUE does not"),
    WAITS_IN_BOUNDS(
            "L6.2",
            "a wait is above zero and below a bound that doubles with each failure in a row",
            "neither a storm nor an hour of nothing after a short outage",
            "Ending.notBefore: only what the server said"),
    JITTER(
            "L6.3",
            "clients that failed together wait different times",
            "a server that comes back is not to meet them all at once",
            "that the environment's randomness is used, and no timer of the protocol's own for retries",
            fault(Fault.REFUSE)),
    KEEPS_TRYING(
            "L6.4",
            "attempts go on as long as nobody connects, and failures in a row are counted",
            "an outage of a night ends in the morning",
            "that every attempt that fails leads to Output.end",
            fault(Fault.REFUSE)),
    RETRY_NOW(
            "L6.5",
            "retryNow cuts a wait short",
            "a user who presses reload knows more than a timer",
            "the engine; a transport has no part in this",
            fault(Fault.REFUSE)),
    BUDGET(
            "L6.6",
            "all sources of a process together begin at most so many attempts in a time",
            "a process with thousands of queries must not be the storm by itself",
            "that sessions are opened again by the engine alone; a protocol opens no wire because one ended",
            fault(Fault.REFUSE)),
    WAITS_FIRST(
            "L6.7",
            "a connection that broke is not opened again at the same instant",
            "a server that closes at once would be called as fast as the network allows",
            "Ending.retry for what failed; Ending.proceed only for what is a normal end",
            fault(Fault.DROP)),
    RESTS(
            "L6.8",
            "what has nothing to do comes to rest: nothing goes around in circles while time stands still",
            "a processor at 100 % is the first thing that people see",
            "inputs that send, open or arm a timer of zero again and again"),
    COMES_LATER(
            "L6.9",
            "who was told when to come again does not come before, unless the application says so",
            "a server that is short of breath asks for it, and shuts out those who do not listen",
            "Head.retryAfter of a refused request or handshake, given to Ending.retry or Ending.after",
            fault(Fault.COME_LATER),
            fault(Fault.DROP)),

    // ---- L7: resets ----
    RESET_SHOWS_ROWS(
            "L7.1",
            "a reset never shows an empty view on the way",
            "a list that blinks, or a cache that is empty for a second, is an outage",
            "Draft.replaceAll and its commit: one commit holds the whole new content"),
    UNCHANGED_IS_SILENT(
            "L7.2",
            "rows that did not change fire nothing",
            "a reset of a million equal rows must not wake anybody",
            "that values have one canonical form: ColumnType.pack of equal values gives equal bytes"),
    RESET_TELLS_DIFFERENCES(
            "L7.3",
            "after a reset, listeners hear one commit with the true differences, or nothing where there are none",
            "listeners need no code for resets",
            "Draft.replaceAll followed by the rows, in one commit",
            fault(Fault.RESET_LOG),
            fault(Fault.DROP)),

    // ---- L8: credentials ----
    ASKED_EACH_TIME(
            "L8.1",
            "credentials are asked for at every attempt, and once more when they are refused",
            "tokens expire while a connection is down",
            "Output.credential at each attempt; none are kept from one session to the next",
            fault(Fault.EXPIRE_CREDENTIALS)),
    REFUSED_ARE_DROPPED(
            "L8.2",
            "credentials that were refused make no view live, and new ones bring it back",
            "a logged-out user sees nothing new; a new login needs no restart",
            "Ending.reauthenticate when the server says that a token is no good",
            fault(Fault.EXPIRE_CREDENTIALS)),
    SECRETS_STAY_SECRET(
            "L8.3",
            "no token is in a log, an exception, a status or a toString",
            "logs are read by many and kept for years",
            "secrets belong into the credentials of a target, never into its printable address or a message",
            fault(Fault.EXPIRE_CREDENTIALS)),

    // ---- L9: bounds ----
    MAILBOX_IS_BOUNDED(
            "L9.1",
            "commits that wait for a slow listener are bounded in number",
            "one slow screen must not eat the heap",
            "the engine; a transport has no part in this"),
    ONE_TASK(
            "L9.2",
            "a slow listener keeps no queue of tasks in its executor",
            "that queue is the same memory under another name",
            "the engine; a transport has no part in this"),
    DEMAND_DELAYS_THE_WIRE(
            "L9.3",
            "a slow subscriber of changes() delays the wire, and misses nothing",
            "that is what it asked for with BACKPRESSURE",
            "whether content that was not granted is asked for by other means",
            has(Capability.BACKPRESSURE)),
    SLOW_SUBSCRIBER_LAGS(
            "L9.4",
            "a slow subscriber of changes() ends as lagged where the wire cannot wait",
            "it must know that it missed something",
            "the engine; or BACKPRESSURE is had and not declared",
            hasNot(Capability.BACKPRESSURE)),
    TRANSACTION_BOUND(
            "L9.5",
            "an open transaction has a bound; beyond it the query fails with a typed error",
            "one transaction must not take the process down",
            "what the protocol gathers outside the draft, where the bound does not see it"),

    // ---- L10: bad input ----
    BAD_INPUT_IS_TYPED(
            "L10.1",
            "bad input ends the attempt with a typed reason",
            "a reason that says what and where is found in an hour, a NullPointerException in a day",
            "the decoder: whatever it is sent, it throws a ProtocolException that says what and where",
            fault(Fault.GARBAGE)),
    BAD_INPUT_KEEPS_ROWS(
            "L10.2",
            "rows that were committed stay readable through bad input, and the view recovers",
            "old rows with a reason are better than none",
            "that a message is applied only when it is whole and checked",
            fault(Fault.GARBAGE)),
    BAD_INPUT_IS_TOLD(
            "L10.3",
            "bad input is told: counted as a fault, or as the reason of an end",
            "silence about it hides a broken proxy for months",
            "input that is skipped: Output.fault says so",
            fault(Fault.GARBAGE)),

    // ---- L11: bad listeners ----
    THROWING_LISTENER_GOES_ON(
            "L11.1",
            "a listener that throws hears what comes next, and so do the others",
            "one bug must not stop the rest",
            "the engine; a transport has no part in this"),
    THROWING_IS_REPORTED(
            "L11.2",
            "what a listener throws is reported and logged, each time",
            "an exception that nobody sees is a bug that nobody fixes",
            "the engine; a transport has no part in this"),
    BLOCKING_HARMS_NOBODY(
            "L11.3",
            "a listener that blocks delays nobody but itself",
            "one slow disk must not stop every view",
            "the engine; a transport has no part in this"),
    REFUSING_EXECUTOR_ENDS(
            "L11.4",
            "a listener whose executor refuses ends, and that is reported once",
            "executors are shut down before sources are",
            "the engine; a transport has no part in this"),

    // ---- L12: closing ----
    CLOSE_ENDS_WIRES(
            "L12.1",
            "after the close no wire is open",
            "servers count connections",
            "Protocol.unsubscribe: it answers with Output.end at once; wires that it opened are closed with the session"),
    CLOSE_LEAVES_NOTHING(
            "L12.2",
            "after the close no timer, task or hold is left",
            "what is left keeps a process alive, or leaks with each redeployment",
            "what tasks threw, and timers that are set again after their end"),
    CLOSED_IS_SILENT(
            "L12.3",
            "who was closed hears nothing more but its end",
            "listeners free what they use when they close",
            "the engine; a transport has no part in this"),
    CLOSE_IN_LISTENER(
            "L12.4",
            "close works from inside a listener, of the view and of the source",
            "that is where people call it",
            "the engine; a transport has no part in this"),
    FUTURES_END(
            "L12.5",
            "close ends every future that waits, whatever state the source was in",
            "a thread that waits for one would wait for ever",
            "the engine; or calls that are never answered"),
    CLOSED_REFUSES(
            "L12.6",
            "a closed source gives no view",
            "a view that never becomes anything hides the mistake",
            "the engine; a transport has no part in this"),
    LAST_VIEW_RELEASES(
            "L12.7",
            "the close of the last view of a query ends its subscription and, with the last query, the wire",
            "what nobody looks at costs nothing",
            "Protocol.unsubscribe: release what is held for the query, then Output.end"),
    NO_THREAD_IS_LEFT(
            "L12.8",
            "after the close no thread is left that this source began",
            "threads leak class loaders",
            "threads that a transport, a wire or the driver begins: they end with the close"),
    CLOSE_TWICE(
            "L12.9",
            "close may be called again",
            "try-with-resources and a shutdown hook both do",
            "the engine; a transport has no part in this"),

    // ---- C: capabilities ----
    DECLARED_CAN_BE_REQUIRED(
            "C.1",
            "what is declared can be required",
            "the application says what it needs and is not refused without a reason",
            "TransportProvider.capabilities and the driver's: they are the same"),
    UNDECLARED_IS_REFUSED(
            "C.2",
            "what is not declared is refused by name when it is required",
            "better at the start than in the night",
            "TransportProvider.capabilities and the driver's: they are the same"),
    LOSSLESS_HAS_NO_LOSS(
            "C.3",
            "a driver has the fault LOSE exactly where its transport is not LOSSLESS, and a LOSSLESS view is always"
                    + " verified",
            "LOSSLESS is what lets an application skip the audit",
            "TransportDriver.faults; Draft.verified(false) in a transport that is LOSSLESS"),
    EVENTS_PASS(
            "C.4",
            "events reach the listeners",
            "they are stored nowhere: who misses one misses it for good",
            "Draft.event, with the commit that it came with",
            has(Capability.EVENTS)),
    NO_EVENTS(
            "C.5",
            "who does not declare EVENTS tells none",
            "a declaration is what applications choose by",
            "TransportProvider.capabilities: declare EVENTS",
            hasNot(Capability.EVENTS)),
    PRESENCE_IS_SEEN(
            "C.6",
            "who is present is seen by others, and seen to go",
            "a list of people that never shrinks is wrong by noon",
            "the driver's World.isPresenceSeen, and what the transport sends again in a new session",
            has(Capability.PRESENCE)),
    NO_RESUME(
            "C.7",
            "who does not declare RESUME begins anew after a reconnect",
            "a capability that is had and hidden is refused to those who require it",
            "TransportProvider.capabilities: declare RESUME",
            hasNot(Capability.RESUME),
            fault(Fault.DROP)),
    NO_RESTART_RESUME(
            "C.8",
            "who does not declare RESUME_AFTER_RESTART begins a restored view anew",
            "a capability that is had and hidden is refused to those who require it",
            "TransportProvider.capabilities: declare RESUME_AFTER_RESTART",
            hasNot(Capability.RESUME_AFTER_RESTART)),
    OLD_VALUES_COME(
            "C.9",
            "an update that changes() tells carries the value before",
            "without rows there is no other place for it",
            "Draft.patch with the row before, Draft.remove with the whole row",
            has(Capability.OLD_VALUES)),
    NO_OLD_VALUES(
            "C.10",
            "who does not declare OLD_VALUES tells none in changes() that keeps no rows",
            "a capability that is had and hidden is refused to those who require it",
            "TransportProvider.capabilities: declare OLD_VALUES",
            hasNot(Capability.OLD_VALUES)),
    NO_WRITES(
            "C.11",
            "who does not declare WRITES does none",
            "a capability that is had and hidden is refused to those who require it",
            "TransportProvider.capabilities: declare WRITES",
            hasNot(Capability.WRITES)),
    NO_PRESENCE(
            "C.12",
            "who does not declare PRESENCE shows nobody",
            "a capability that is had and hidden is refused to those who require it",
            "TransportProvider.capabilities: declare PRESENCE",
            hasNot(Capability.PRESENCE)),
    NO_TRANSACTIONS(
            "C.13",
            "who does not declare TRANSACTIONS shows parts of one as a commit, or several of them, now and then",
            "a capability that is had and hidden is refused to those who require it",
            "TransportProvider.capabilities: declare TRANSACTIONS; or ModelWorld.write, which makes several commits of"
                    + " several writes where the server has no transactions",
            hasNot(Capability.TRANSACTIONS),
            fault(Fault.DROP)),
    NO_ONE_INSTANT(
            "C.14",
            "who does not declare ATOMIC_ACROSS_VIEWS shows one view of what was committed together before the other, now"
                    + " and then",
            "a capability that is had and hidden is refused to those who require it",
            "TransportProvider.capabilities: declare ATOMIC_ACROSS_VIEWS",
            hasNot(Capability.ATOMIC_ACROSS_VIEWS),
            has(Capability.LOSSLESS)),
    PARTIAL_UPDATES_COME(
            "C.15",
            "an update that changes() tells has the key and the columns that changed, and no others; merged into the row"
                    + " before, it is the row of a view",
            "who is told only what changed acts on that alone, and merges it into rows of its own",
            "Draft.patch, with the key and the columns that came; TransportProvider.changesNeedRows, by which the engine"
                    + " tells whole rows",
            has(Capability.PARTIAL_UPDATES)),
    NO_PARTIAL_UPDATES(
            "C.16",
            "who does not declare PARTIAL_UPDATES tells whole rows in changes()",
            "a column that is not there reads as null: who stores each row as it comes loses what was there",
            "TransportProvider.capabilities: declare PARTIAL_UPDATES; or Draft.put with the whole row",
            hasNot(Capability.PARTIAL_UPDATES)),

    // ---- W: writes ----
    WRITES_SUCCEED(
            "W.1",
            "a write that the server takes ends as done",
            "the application goes on when it is",
            "Output.reply for each call, and Output.sent before it",
            has(Capability.WRITES)),
    WRITES_ARE_SEEN(
            "W.2",
            "what was written is in the view when all is quiet",
            "people look for what they just typed",
            "that a write of this client comes back as a change, like any other",
            has(Capability.WRITES)),
    WRITES_END(
            "W.3",
            "a write into silence ends with a typed reason, by its deadline",
            "sent, and then nothing: the worst answer is none",
            "the deadline given to Calls.call",
            has(Capability.WRITES),
            fault(Fault.SILENCE)),
    CLOSE_ENDS_WRITES(
            "W.4",
            "a write that is under way when the source closes ends, with a typed reason",
            "a future that never ends keeps its thread",
            "the future that the typed interface gives: it must be that of Calls.call, or depend on it",
            has(Capability.WRITES),
            fault(Fault.SILENCE)),
    DONE_IS_DONE(
            "W.5",
            "a write that ended as done was done, once",
            "what the application ticked off is lost, and nobody looks again; done twice, it undoes what others did between",
            "Output.reply: only when the server has said so; and calls that are sent again in a new session",
            has(Capability.WRITES)),
    FAILED_IS_NOT_DONE(
            "W.6",
            "a write that failed was not done, unless it says that its outcome is unknown",
            "who is told that it failed does it again",
            "Output.refuse: only for what the server refused, or what was not sent; Output.sent before it leaves",
            has(Capability.WRITES)),
    UNKNOWN_IS_DONE_ONCE(
            "W.7",
            "a write whose outcome is unknown was done once at most, unless its caller said that it may be repeated",
            "who is told that it is unknown looks at the row and decides; a second doing comes after that, and undoes it",
            "what a session sent is not sent by the next one; Delivery.ONCE for what does harm when it is done twice",
            has(Capability.WRITES)),

    // ---- S: sharing, pausing, refreshing ----
    ONE_SUBSCRIPTION(
            "S.1",
            "equal queries of one source share one subscription",
            "ten widgets over one table are one load",
            "TransportProvider.query: equal texts make equal queries"),
    HANDLES_ARE_APART(
            "S.2",
            "each handle of a shared query closes alone",
            "the widget that goes must not stop the one that stays",
            "the engine; a transport has no part in this"),
    PAUSE_ENDS_WIRES(
            "S.3",
            "during a pause no wire is open, and views are stale",
            "a phone in a pocket must not hold a connection",
            "Protocol.unsubscribe: wires are closed with the last query"),
    PAUSE_GOES_ON(
            "S.4",
            "after the last of several pauses views go on with what they had: one commit tells what happened meanwhile",
            "a pause costs nothing but time",
            "the carry of Protocol.unsubscribe, else the checkpoint of the last commit"),
    REFRESH_IS_VISIBLE(
            "S.5",
            "a refresh completes when the server's answer is visible, not before",
            "people who pull to refresh look at the list the moment it ends",
            "Output.upToDate after the subscription that follows a refresh"),

    // ---- E: the engine ----
    ENGINE_IS_QUIET(
            "E.1",
            "no task of the engine throws",
            "what is thrown there nobody can catch",
            "the engine; or calls of Output after the input that it came with"),
    NOTHING_IS_THROWN(
            "E.2",
            "what an application calls throws nothing but what is documented",
            "code that reads a view does not expect to catch anything",
            "the engine; or code of the transport that runs when a source is opened or a query is read"),

    // ---- D: the driver ----
    DRIVER_THROWS_NOTHING(
            "D.1",
            "no method of the driver or its worlds throws",
            "a law that is stopped by its driver has shown nothing",
            "the driver: the method and the exception are named above"),
    DRIVER_RETURNS(
            "D.2",
            "every method of the driver returns; none blocks",
            "the suite must end, whatever it is given",
            "the driver, at the place named above: it waits for something that only time in the simulation brings"),
    DRIVER_IS_COMPLETE(
            "D.3",
            "a driver has two queries or more, and gives no null",
            "laws about several queries would hold without having been tried",
            "World.queries and what the driver gives"),
    DRIVER_TELLS_THE_TRUTH(
            "D.4",
            "what a world says that the server holds is the last of the states that it says were committed, and an"
                    + " operation changes it",
            "laws are judged by it",
            "World.truth, World.history and World.apply; ModelWorld keeps them right by itself");

    private final String id;
    private final String statement;
    private final String why;
    private final String advice;
    private final List<Need> needs;

    Law(String id, String statement, String why, String advice, Need... needs) {
        this.id = id;
        this.statement = statement;
        this.why = why;
        this.advice = advice;
        this.needs = List.of(needs);
    }

    /** The stable id, for example {@code L3.4}. */
    public String id() {
        return id;
    }

    /** What stands before the dot: {@code L3}. Tests are marked with it. */
    public String chapter() {
        return id.substring(0, id.indexOf('.'));
    }

    /** The law in one sentence. */
    public String statement() {
        return statement;
    }

    /** Why a user of the library cares. */
    public String why() {
        return why;
    }

    /** Where to look when it is broken. */
    public String advice() {
        return advice;
    }

    /** What must be had, or not had, for it to apply; empty when it always does. */
    public List<Need> needs() {
        return needs;
    }

    /** The law of this id. */
    public static Law of(String id) {
        return Arrays.stream(values())
                .filter(law -> law.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no law has the id " + id));
    }

    /** Why it does not apply to this transport, with the declaration; empty when it does. */
    public Optional<String> notApplicable(TransportDriver driver) {
        return needs.stream()
                .map(need -> need.unmetBy(driver))
                .filter(Objects::nonNull)
                .findFirst()
                .map(unmet -> id + " does not apply: " + unmet + ". The law: " + statement);
    }

    boolean appliesTo(TransportDriver driver) {
        return notApplicable(driver).isEmpty();
    }

    /** Says that this law is broken. */
    public BrokenLaw brokenBy(String found) {
        return brokenBy(found, null);
    }

    /** Says that this law is broken, and what else is known of it. */
    BrokenLaw brokenBy(String found, @Nullable Throwable cause) {
        return new BrokenLaw(
                this, id + " is broken: " + statement + ".\n  found: " + found + "\n  look at: " + advice, cause);
    }

    /** Says that this law is broken unless the condition holds. */
    public void holdsIf(boolean condition, String otherwise) {
        if (!condition) {
            throw brokenBy(otherwise);
        }
    }
}
