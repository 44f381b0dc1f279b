package dev.tributary.electric;

import dev.tributary.Capability;
import dev.tributary.Credential;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.SyncException;
import dev.tributary.http.HttpOptions;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * One shape in one session: a chain of requests, each from the place where the answer before it ended. While catching up
 * they follow at once; when the server has said that nothing is missing, each is held by it until there is something to
 * say.
 *
 * <p>One turn: may a request be made now ({@link FastLoop}), with which credentials, for what ({@link Requests}); what
 * does the head of the answer say ({@link ShapeAnswers}, {@link Refusals}), what its body ({@link ChunkDecoder}, {@link
 * ShapeRows}); and again.
 */
final class ShapeRun {

    private static final String PAUSE = "fast loop";
    private static final long GIGABYTE = 1L << 30;

    private final ShapeQuery query;
    private final Subscription subscription;
    private final ShapeState state;
    private final ExpiredHandles expired;
    private final boolean authenticated;
    private final long maxBody;
    private final WaitingFor waiting = new WaitingFor();
    private final Requests requests;
    private final Refusals refusals;
    private final ShapeRows rows;
    private final ShapeAnswers answers;
    private final Pipeline pipeline;

    /** A credential was asked for; the request is made when it comes. */
    private boolean asking;
    /** A pause is on; the request is made when it is over. */
    private boolean pausing;
    /** The next request is no fast loop. The first of a run never is: the engine chose when to begin it. */
    private boolean paced = true;

    private boolean negotiated;
    private boolean over;

    ShapeRun(
            SessionContext context,
            ExpiredHandles expired,
            ShapeQuery query,
            Subscription subscription,
            ShapeState state) {
        LogSchema.Reading reading = new LogSchema.Reading(
                context.options().get(ElectricOptions.COLUMN_NAMES, ColumnNames.unchanged()),
                context.options().get(ElectricOptions.TYPES, Map.of()));
        boolean hooked = context.options().get(ElectricOptions.ERROR_HOOK).isPresent();
        int prefetch = context.options().get(ElectricOptions.PREFETCH, ElectricOptions.MOST_PREFETCH);
        long quarter = Runtime.getRuntime().maxMemory() / 4;
        this.query = query;
        this.subscription = subscription;
        this.state = state;
        this.expired = expired;
        this.authenticated = context.authenticated();
        this.maxBody = context.options().get(HttpOptions.MAX_BODY_BYTES, Math.min(GIGABYTE, quarter));
        this.requests = new Requests(context, query, reading.names(), expired);
        this.refusals = new Refusals(query, state, authenticated, authenticated && hooked);
        this.rows = new ShapeRows(query, subscription, state, waiting);
        this.answers = new ShapeAnswers(query, subscription, state, expired, reading, rows, refusals);
        this.pipeline = new Pipeline(Math.min(ElectricOptions.MOST_PREFETCH, prefetch));
    }

    void call(Call call, Output out) {
        waiting.call(call, state.applied, out);
    }

    void cancel(Call call) {
        waiting.cancel(call);
    }

    /** Makes the next request, or one ahead, if there is one to be made and nothing is waited for. */
    void proceed(Output out) {
        if (over || asking || pausing || !isRequestDue(out)) {
            return;
        }
        if (authenticated) {
            asking = true;
            Throwable refusal = state.refusal;
            state.refusal = null;
            out.credential(refusal);
        } else {
            ask(Credential.NONE, out);
        }
    }

    void credential(Credential credential, Output out) {
        asking = false;
        if (!over && !pausing && isRequestDue(out)) {
            ask(credential, out);
        }
    }

    private boolean isRequestDue(Output out) {
        return pipeline.isEmpty() ? mayAsk(out) : pipeline.leader() != null;
    }

    /** Whether a request may be made now. If not, this sees to it that one is made later, or none. */
    private boolean mayAsk(Output out) {
        if (state.live) {
            state.fastLoop.upToDate(out.nanos());
            return true;
        }
        if (paced) {
            return true;
        }
        String offset = state.position.offset();
        switch (state.fastLoop.request(out.nanos(), offset)) {
            case PROCEED -> paced = true;
            case RESET -> {
                String what = "requests at one offset lead nowhere";
                out.fault(subscription, what, offset);
                expired.remove(requests.shapeKey());
                state.restart(query, null);
                anew(what, out);
                paced = true;
            }
            case PAUSE -> {
                pausing = true;
                out.timer(PAUSE, Duration.ZERO, state.fastLoop.pause());
            }
            case FAIL ->
                take(
                        refusals.refuse(refusals.gaveUp(
                                "request after request at offset " + offset + " leads nowhere", requests.printable())),
                        out);
        }
        return paced;
    }

    void pauseIsOver(Output out) {
        pausing = false;
        paced = true;
        proceed(out);
    }

    private void ask(Credential credential, Output out) {
        Requests.Asked asked;
        try {
            asked = next(credential, out);
        } catch (SyncException e) {
            end(Ending.rejected(e), out);
            return;
        }
        pipeline.add(new Exchange(asked, out.open(asked.target())));
        paced = false;
        proceed(out);
    }

    private Requests.Asked next(Credential credential, Output out) {
        String buster = state.bust || state.rereads ? requests.buster(out.now()) : null;
        Exchange leader = pipeline.leader();
        if (leader != null) {
            ShapePosition ahead = leader.asked().position().after(leader.head());
            return requests.ask(ahead, false, buster, credential);
        }
        return requests.ask(state.position, state.live, buster, credential);
    }

    void opened(Wire wire, Head head, Output out) {
        Exchange exchange = pipeline.find(wire);
        if (over || exchange == null) {
            return;
        }
        exchange.opened(head, ResponseHead.of(head));
        if (exchange == pipeline.first()) {
            open(exchange, out);
        } else if (answers.isUsable(exchange)) {
            decode(exchange);
        } else {
            pipeline.abandon(exchange, out);
        }
        proceed(out);
    }

    /** The answer whose turn it is. */
    private void open(Exchange exchange, Output out) {
        Step step;
        try {
            step = answers.answered(exchange, out);
        } catch (SyncException e) {
            step = failure(e);
        }
        boolean taken = step.kind() == Step.Kind.BODY || step.kind() == Step.Kind.DONE;
        if (taken && exchange.head().isGood()) {
            negotiate(out);
        }
        if (step.kind() == Step.Kind.BODY && exchange.head().isGood()) {
            decode(exchange);
        }
        take(step, out);
    }

    /** The first good answer shows that there is a server that serves this shape. */
    private void negotiate(Output out) {
        if (!negotiated) {
            negotiated = true;
            Set<Capability> capabilities = EnumSet.copyOf(ElectricTransport.CAPABILITIES);
            capabilities.remove(query.isFull() ? Capability.PARTIAL_UPDATES : Capability.OLD_VALUES);
            out.negotiated(capabilities);
        }
    }

    private void decode(Exchange exchange) {
        LogSchema schema = state.schema;
        if (schema == null) {
            throw new ProtocolException(query.shown() + ": an answer came before the schema");
        }
        boolean streamed = !exchange.asked().position().isStart();
        String where = query.shown() + " from " + exchange.printable();
        exchange.decodeWith(
                new ChunkDecoder(schema, streamed, where, exchange.asked().secrets()::mask, maxBody));
    }

    /** An answer that cannot be read ends this attempt; one that is not for us ends all of them. */
    private static Step failure(SyncException e) {
        return Step.end(e instanceof RejectedException ? Ending.rejected(e) : Ending.retry(e));
    }

    void data(Wire wire, ByteBuffer bytes, Output out) {
        Exchange exchange = pipeline.find(wire);
        if (over || exchange == null) {
            return;
        }
        try {
            exchange.data(bytes);
        } catch (SyncException e) {
            broken(exchange, failure(e), out);
            return;
        }
        if (exchange.hasEnoughOfError()) {
            finish(exchange, out);
        } else if (exchange == pipeline.first() && !state.live) {
            progress(exchange, out);
        }
    }

    private void progress(Exchange exchange, Output out) {
        ChunkDecoder decoder = exchange.decoder();
        if (decoder != null) {
            long count = state.loadedRows + decoder.changes();
            out.progress(subscription, count, state.loadedBytes + decoder.bytes(), Double.NaN);
        }
    }

    void ended(Wire wire, WireEnd end, Output out) {
        Exchange exchange = pipeline.find(wire);
        if (over || exchange == null) {
            return;
        }
        exchange.over();
        boolean whole = end.kind() == WireEnd.Kind.COMPLETE;
        if (exchange.isAnswered() && (whole || exchange.decoder() == null)) {
            finish(exchange, out);
        } else {
            broken(exchange, Step.end(Ending.retry(end.asException())), out);
        }
    }

    /** A body is complete: its turn may come now, or when those before it are done with. */
    private void finish(Exchange exchange, Output out) {
        try {
            exchange.complete();
        } catch (SyncException e) {
            broken(exchange, failure(e), out);
            return;
        }
        Exchange first = pipeline.first();
        while (first != null && first.isComplete()) {
            take(turn(first, out), out);
            first = pipeline.first();
        }
        proceed(out);
    }

    private Step turn(Exchange exchange, Output out) {
        Chunk chunk = exchange.chunk();
        if (chunk == null) {
            return refusals.error(exchange, out);
        }
        return chunk.isMustRefetch() ? answers.rotated(exchange, null) : rows.received(exchange, chunk, out);
    }

    /** The answer will not come whole. If it was asked for ahead, it is asked for again when its turn comes. */
    private void broken(Exchange exchange, Step step, Output out) {
        if (exchange == pipeline.first()) {
            take(step, out);
        } else {
            pipeline.abandon(exchange, out);
            proceed(out);
        }
    }

    private void take(Step step, Output out) {
        switch (step.kind()) {
            case BODY -> {}
            case DONE -> pipeline.removeFirst(out);
            case ANEW -> anew(step.reason(), out);
            case END -> end(step.requiredEnding(), out);
        }
    }

    /** What is on its way is of no use; and what was shown may be behind, until the server says otherwise. */
    private void anew(String reason, Output out) {
        pipeline.clear(out);
        if (state.current) {
            state.current = false;
            out.behind(subscription, new SyncException(reason));
        }
    }

    /** The run is over; the next one goes on from the same state. */
    void end(Ending ending, Output out) {
        if (!over) {
            over = true;
            pipeline.clear(out);
            out.cancelTimer(PAUSE);
            out.end(subscription, ending, state);
        }
    }
}
