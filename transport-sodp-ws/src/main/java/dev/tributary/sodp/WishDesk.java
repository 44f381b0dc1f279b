package dev.tributary.sodp;

import dev.tributary.ConfigurationException;
import dev.tributary.spi.Call;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Takes what an application asks for to those who can do it, and brings it their answers. */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class WishDesk {

    private static final SodpResult NOTHING_TO_DO = new SodpResult(OptionalLong.empty(), null);

    private final Copies copies;
    private final CallDesk calls;
    private final Presences presences;
    private final WriteBarrier barrier;
    private final Counters counters;

    /** Who wants to know the server. */
    private final List<Call> curious = new ArrayList<>();

    /** Null before the connection can be used. */
    private @Nullable SodpServer server;

    private @Nullable Watches watches;

    WishDesk(Copies copies, CallDesk calls, Presences presences, WriteBarrier barrier, Counters counters) {
        this.copies = copies;
        this.calls = calls;
        this.presences = presences;
        this.barrier = barrier;
        this.counters = counters;
    }

    void connected(SodpServer spoken, Watches asking, Output out) {
        server = spoken;
        watches = asking;
        curious.forEach(call -> out.reply(call, spoken));
        curious.clear();
    }

    void call(Call call, Output out) {
        if (call.request() instanceof Wish.Invoke invoke) {
            invoke(invoke.invocation(), call, out);
        } else if (call.request() instanceof Wish.Presence presence) {
            presences.hold(call, presence, out);
        } else if (call.request() instanceof Wish.Withdraw withdraw) {
            withdraw(withdraw, call, out);
        } else if (call.request() instanceof Wish.Read read) {
            copies.read(read.key(), call, out);
        } else if (call.request() instanceof Wish.Await await) {
            await(call, await.version(), out);
        } else if (call.request() instanceof Wish.IsWatching asked) {
            Replica replica = copies.find(asked.key());
            out.reply(call, replica != null && !replica.followers().isEmpty());
        } else if (call.request() instanceof Wish.Unwatch unwatch) {
            copies.unwatch(unwatch.key(), out);
            out.reply(call, null);
        } else if (call.request() instanceof Wish.AskStatistics) {
            out.reply(call, statistics());
        } else if (call.request() instanceof Wish.AskServer) {
            askServer(call, out);
        } else {
            out.refuse(call, new ConfigurationException("this transport takes no such call"));
        }
    }

    private void invoke(Invocation invocation, Call call, Output out) {
        calls.add(new Outgoing(invocation, call, new UserAnswer(invocation, call)), out);
    }

    /** No server can remove a place, but each removes it with the connection that it was registered on. */
    private void withdraw(Wish.Withdraw wish, Call call, Output out) {
        if (presences.withdraw(wish)) {
            invoke(Invocation.setIn(wish.key(), wish.path(), null), call, out);
        } else {
            out.reply(call, NOTHING_TO_DO);
        }
    }

    private SodpStatistics statistics() {
        return counters.snapshot(
                watches == null ? copies.all().size() : watches.waiting(),
                calls.waiting(),
                calls.unanswered().size());
    }

    private void askServer(Call call, Output out) {
        if (server != null) {
            out.reply(call, server);
        } else {
            curious.add(call);
        }
    }

    private void await(Call call, long version, Output out) {
        Subscription subscription = call.subscription();
        Replica replica = subscription == null ? null : copies.of(subscription);
        if (replica == null) {
            out.refuse(call, new ConfigurationException("there is no view of this source to wait for"));
        } else if (replica.isLive() && replica.confirmed() >= version) {
            out.reply(call, null);
        } else {
            replica.waits().add(new VersionWait(call, version, false, then -> then.reply(call, null)));
        }
    }

    void cancel(Call call, Output out) {
        calls.cancel(call);
        presences.release(call);
        copies.forgetReader(call, out);
        curious.remove(call);
        copies.all().forEach(replica -> replica.waits().removeIf(wait -> wait.what() == call));
    }

    /** Tells an application what became of its call. */
    private final class UserAnswer implements Outgoing.Answer {

        private final Invocation invocation;
        private final Call call;

        UserAnswer(Invocation invocation, Call call) {
            this.invocation = invocation;
            this.call = call;
        }

        @Override
        public void result(CallResult result, Output out) {
            if (invocation.isPresence()) {
                presences.registered(invocation);
            }
            SodpDialect dialect = server == null ? SodpDialect.STANDARD : server.dialect();
            barrier.reply(invocation, result, dialect, call, out);
        }

        @Override
        public void refused(Throwable reason, Output out) {
            out.refuse(call, reason);
        }
    }
}
